#pragma once
#include <string>
#include <vector>

#include "mid/report/comparison.hpp"
#include "mid/sweep/sweep.hpp"

namespace mid {

// Every defence with as many settings as every other, under every attacker, over the same seeds: whole fronts of utility and leak.
// method.md section 7.

/// What is compared with what.
struct CompareSpec {
  Json base;            ///< complete; the others are compared with its defence
  int settings = 24;    ///< of each defence
  int seeds = 8;        ///< from the specification's on
  bool quick = false;   ///< shorter attacks, and no attacker asks more than once but the specification's own: an overview
  std::string utility;  ///< the figure upward (FigureKind::compared)
  std::string judged;   ///< the figure of the attackers
};
/// Checks and completes. Throws Error for a specification without an attack or a defence, or of data for which nothing can be compared.
CompareSpec read_compare(const Json& spec, int settings, int seeds, bool quick);

/// Each setting under each attacker that finds the same as the specification's own does, black-box ones with 1 answer and, where answers
/// carry noise, with 10. Combinations: setting_paths() and "attack".
SweepPlan plan_compare(const CompareSpec& spec);

/// The fronts of the finished list.
Comparison compared(const CompareSpec& spec, const SweepRuns& runs);

}  // namespace mid
