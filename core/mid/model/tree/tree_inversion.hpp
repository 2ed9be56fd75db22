#pragma once
#include <map>
#include <vector>

#include "mid/base/task.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// What an attacker who sees the whole tree brings along to ask for a secret column.
struct TreePriors {
  int secret = 0;                     ///< the secret's column
  VectorXd secret_value;              ///< what the column holds for each value v: a category's index or a number
  VectorXd prior;                     ///< p(v)
  std::vector<VectorXd> share;        ///< of each column but the secret, the prior mass of each of its codes
  std::map<int, VectorXd> also = {};  ///< further columns that the secret alone determines, as secret_value (0/1 for each category)
};

/// The share of each code among `values` (rows x columns), column by column: marginals for TreePriors.
std::vector<VectorXd> code_shares(const Tree& tree, const MatrixD& values);
Task code_shares(const Tree& tree, const MatrixD& values, std::vector<VectorXd>& out);

/// Both scores, with ticks where they take an `out` (what they are given outlives them): ln of the belief in each value, records x values,
/// not normalised; -inf where no leaf with training rows is consistent. `known` is records x columns; its secret column is not looked at.
/// `label` is each record's true class, where the attacker holds it (then n_{l,y} stands for n_l); empty: he does not.

/// p(v) sum of q_l / pi_l over the leaves consistent with v and the known columns, pi_l the prior mass the leaf allows: exact
/// when the columns are independent. Mass of a column below 1e-12 counts as that much. method.md section 3, "White-box
/// attack" (derived).
MatrixD density_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label);
Task density_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label, MatrixD& out);

/// p(v) q(C(v) and K) / q(C(v)), C(v) the leaves consistent with v, K those consistent with the known columns.
/// Source: after Fredrikson et al., CCS 2015; method.md section 3, "White-box attack".
MatrixD ratio_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label);
Task ratio_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label, MatrixD& out);

}  // namespace mid
