#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "mid/base/matrix.hpp"
#include "mid/measure/figure.hpp"

namespace mid {

/// A figure in a file of its own: one file in measure/figure, which defines `const FigureEntry NAME` in namespace mid::figure. It says
/// what the table of figures says about the others, and computes itself from what users or attackers get, by one of the functions
/// below. To runs of other models and attacks than `kind` names nobody applies it.
struct FigureEntry {
  FigureKind kind;
  std::string_view after;  ///< key of the figure that it is listed behind; empty: the last of its group
  /// What it is without the answer, where that is a constant; empty: what the function gives for the guess without the answer.
  std::optional<double> baseline{};
  /// Of utility: one number for the released answers on rows nobody learnt from (log-probabilities, rows x classes) and their classes;
  /// a mean over the draws of a noisy model. The guess without the answer is the classes' shares.
  double (*of_answers)(const MatrixD& log_probability, const VectorXi& label) = nullptr;
  /// Of privacy: a number for each record, of what an attacker believes about its secret or class (probabilities, rows x values) and
  /// what that is; a mean with a bootstrap interval. The guess without the answer is the attacker's own prior.
  VectorXd (*of_beliefs)(const MatrixD& belief, const VectorXi& truth) = nullptr;
  /// Of privacy: a number for each picture drawn, beside the true one (rows x pixels in [0, 1]); the same. The guess is the average
  /// picture.
  VectorXd (*of_pictures)(MatrixRef guess, MatrixRef truth) = nullptr;
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const FigureEntry* const> figure_entries();

}  // namespace mid
