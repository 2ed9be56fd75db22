#pragma once
#include "mid/attack/attack.hpp"

namespace mid {

/// What a model answers about each victim if the secret had each value: the attacker's own questions.
struct AskedValues {
  MatrixD prior;              ///< ln P(v), rows x values
  Eigen::MatrixXi predicted;  ///< the answered class, rows x values
  MatrixD top;                ///< its confidence; 1 where only labels are answered
  MatrixD of_outcome;         ///< the confidence of the victim's true class; of a label 1 or 0
  bool labels_only = false;
  std::vector<Matrix> answer;  ///< of each value: the whole answers
};

/// Asks once for each value of the secret about the records `known` (Knowledge::known, nothing else missing). Of models that
/// tell classes apart by confidences (trees).
Task ask_values(Context& context, Oracle& oracle, const Knowledge& knowledge, Matrix known, AskedValues& out);

/// ln of the belief of someone who overhears the victims' answers instead of holding their outcomes: the values whose answer is
/// the very same stay possible.
Task seen(const AskedValues& asked, const Oracle& oracle, Answers overheard, MatrixD& score);

/// The score of an attacker who names a value and no more: certain of it.
MatrixD certain_score(const VectorXi& guess, const MatrixD& prior);

}  // namespace mid
