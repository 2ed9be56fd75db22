#pragma once
#include <string>
#include <vector>

#include "mid/experiment/spec.hpp"

namespace mid {

/// What decides which figures of measure/figure.hpp a run has: the bits (FigureKind::Of) of its kinds of model and attack.
unsigned run_bits(const Json& spec);

/// The figures that a run of some specification gives, as far as they are known before it runs.
struct FigureNames {
  std::vector<std::string> utility, privacy, information;
  /// "attack_accuracy_", ...: figures of attackers whom the attack itself names begin with one of these.
  std::vector<std::string> privacy_beginnings;
};

/// Of a run by its kinds of model and attack. A figure on the list may be missing (mcc of a secret with three values); none
/// that is not on it, or begins otherwise, ever comes.
FigureNames figure_names(const Json& spec);

/// Throws Error naming `option` unless one of the specifications may give the figure `name`; `privacy` looks at figures of
/// privacy and of information, else at those of utility.
void check_figure_name(const std::vector<Json>& specs, const std::string& name, bool privacy, const std::string& option);

}  // namespace mid
