#pragma once
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// Attribute inference from answers alone. The attacker asks the model about each record once for every value v the secret
/// may have, and holds the record's true class y. Matrices are records x values; `prior` has a row for each record, or one
/// for all. Scores are ln of the belief in each value, not normalised, -inf for none (measure/classification, `guesses`).

/// pi(y|y') = (n(true = y, predicted = y') + 1) / (n(predicted = y') + classes): classes x classes, a row for each y; columns
/// sum to 1. From the training rows. method.md section 3, "Black-box".
MatrixD confusion(const VectorXi& truth, const VectorXi& predicted, int classes);
/// p(v) pi(y | y'): the model's labels `predicted` for each record and value.
/// Source: Fredrikson et al., CCS 2015; method.md section 3, "Black-box".
MatrixD confusion_score(const Eigen::MatrixXi& predicted, const VectorXi& label, const MatrixD& pi, const MatrixD& prior);
/// p(v) conf_y(v, x_K): `confidence` is that of the record's true class y. No smoothing.
MatrixD confidence_score(const MatrixD& confidence, const MatrixD& prior);

/// What CSMIA guesses, and why.
struct CsmiaGuess {
  VectorXi guess;    ///< of each record
  VectorXi matches;  ///< how many values made the model answer y: LOMIA trusts the records with exactly one
};
/// Of the values for which the model answers y: the only one, or of several the one with the highest confidence; where there is
/// none the value with the lowest. Ties within 1e-12 to the larger prior, then the lower value. `confidence` is that of the
/// predicted label.
/// Source: Mehnaz et al., USENIX Security 2022; method.md section 3, "CSMIA/LOMIA".
CsmiaGuess csmia(const Eigen::MatrixXi& predicted, const MatrixD& confidence, const VectorXi& label, const MatrixD& prior);

/// LOMIA, which needs labels only: records with exactly one match keep CSMIA's guess; a tree (depth 6, min_leaf 5, lambda 0) on
/// the known columns and y learns from them and answers the others. Where they are of one value that is the answer; where
/// there are none, the largest prior. `known`: the records without the secret's column, their true classes and the classes'
/// names. `values`: names of the secret's values. Throws Error naming data.target for more than 200 classes, and as
/// grow_tree does.
/// Source: Mehnaz et al., USENIX Security 2022; method.md section 3, "CSMIA/LOMIA".
Task lomia(Context& context, TreeData known, std::vector<std::string> values, CsmiaGuess direct, MatrixD prior, VectorXi& guess);

}  // namespace mid
