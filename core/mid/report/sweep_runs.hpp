#pragma once
#include <cstdint>
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
  Json spec;                          ///< complete; null where it was refused at once
  std::string refused = {};           ///< why it is no experiment: one sentence; empty if it is one
  std::optional<Result> result = {};  ///< what came out, failed or not; nothing: refused, or not there yet
  bool ended() const { return result || !refused.empty(); }
};

/// A sweep as its tables and its chart see it.
struct SweepRuns {
  std::vector<std::string> paths;               ///< the varied fields, "defense.beta"
  std::vector<std::vector<Json>> combinations;  ///< their values; the last field changes fastest
  std::vector<SweepRun> runs;                   ///< combination by combination, seed by seed
};

}  // namespace mid
