#pragma once
#include <string>
#include <vector>

#include "mid/measure/spread.hpp"
#include "mid/report/comparison.hpp"
#include "mid/sweep/sweep.hpp"

namespace mid {

// Every defence at equal utility, under every attacker. Two sweeps one after the other: one of strengths without an attack,
// which finds for each defence the strongest setting that keeps the utility; one of the settings found, under every attacker.

/// What is compared with what.
struct CompareSpec {
  Json base;                ///< complete; its defence and strength say which utility the others must keep
  std::string utility;      ///< the figure that is held equal (FigureKind::compared)
  double tolerance = .015;  ///< how much worse than the base a setting may be and still count as equal, in units of the utility
  int seeds = 5;
  bool quick = false;  ///< fewer strengths and repeats, shorter attacks: an overview
};
/// Checks and completes. Throws Error for a specification without an attack, or of data for which nothing can be compared.
CompareSpec read_compare(const Json& spec, double tolerance, int seeds, bool quick);

/// The varied fields of both sweeps, in this order; the second has "attack" besides.
std::vector<std::string> compare_paths();

/// The first sweep: for each defence (and what happens to answers, and a narrow layer without noise) each strength worth
/// trying. The base's own setting is the first combination, the plain model the second.
SweepPlan plan_strengths(const CompareSpec& spec);

/// A defence at the strength that was chosen for it.
struct Tuned {
  std::string name;      ///< "mid", "none + round": what the strengths of one family have in common
  std::vector<Json> at;  ///< values of compare_paths()
  Spread utility;
  bool equal = true;  ///< false: no strength keeps the utility, and this is the weakest
};
/// For each family of the finished first sweep the strongest setting whose mean utility is within the tolerance of the base's.
/// Families of which no run ended are left out.
std::vector<Tuned> tune(const CompareSpec& spec, const SweepRuns& strengths);

/// The second sweep: each tuned setting under each attacker that finds the same as the base's attack does, black-box ones
/// with 1 and 10 answers.
SweepPlan plan_attackers(const CompareSpec& spec, const std::vector<Tuned>& tuned);

/// The table of the finished second sweep.
Comparison compared(const CompareSpec& spec, const std::vector<Tuned>& tuned, const SweepRuns& attackers);

/// The figure that an attacker of this kind is judged by (FigureKind::compared).
std::string judged_by(const CompareSpec& spec);

}  // namespace mid
