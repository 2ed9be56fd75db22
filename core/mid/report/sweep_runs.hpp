#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mid/report/result.hpp"

namespace mid {

/// One run of a sweep: a combination of the varied values, with a seed.
struct SweepRun {
  std::size_t combination = 0;  ///< its place in SweepRuns::combinations
  std::uint64_t seed = 1;
  std::string id;                     ///< of its specification; empty where that was refused at once
  Json spec;                          ///< complete; null where it was refused at once, and of a run that SweepRuns::walk brings
  std::string refused = {};           ///< why it is no experiment: one sentence; empty if it is one
  std::optional<Result> result = {};  ///< what came out, failed or not; nothing: refused, or not there yet
  bool ended() const { return result || !refused.empty(); }
};

/// A figure that some run of a sweep gave.
struct SweepFigure {
  bool has_value = false;  ///< in any run
  std::string unit;        ///< of the first run with a value
};
/// By the names of the groups ("utility", "privacy", "information") and of the figures.
using SweepFigures = std::map<std::string, std::map<std::string, SweepFigure>>;

/// A sweep as its tables and its chart see it.
struct SweepRuns {
  std::vector<std::string> paths;               ///< the varied fields, "defense.beta"
  std::vector<std::vector<Json>> combinations;  ///< their values; the last field changes fastest
  std::vector<SweepRun> runs;                   ///< combination by combination, seed by seed; none where `walk` brings them

  /// Of a list that is too long to be held: brings each run that has ended, in the order of the list. Who is called may move it away.
  std::function<void(const std::function<void(SweepRun&)>&)> walk = {};
  std::size_t seeds = 0;      ///< of each combination, where there is `walk`
  SweepFigures figures = {};  ///< all that its runs gave, where there is `walk`
  /// Makes the specification of a run that `walk` brought.
  std::function<Json(const SweepRun&)> make_spec = {};

  /// Shows the runs one by one, in the order of the list.
  void each(const std::function<void(const SweepRun&)>& see) const;
  /// Shows the runs of one combination after the other, of all combinations.
  void each_combination(const std::function<void(std::size_t combination, const std::vector<const SweepRun*>&)>& see) const;
  /// Of how many seeds there are runs.
  std::size_t seed_count() const;
  /// What the runs gave: `figures`, or looked up in `runs`.
  SweepFigures given() const;
  /// Complete; null where it was refused at once.
  Json spec_of(const SweepRun& run) const { return run.spec.is_null() && make_spec ? make_spec(run) : run.spec; }
};

}  // namespace mid
