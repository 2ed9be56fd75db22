#pragma once
#include <filesystem>
#include <functional>

#include "mid/sweep/sweep.hpp"

/// DIR/results.sqlite: all results of a sweep in one SQLite file, for its tables and for other programs. It is made anew each time and put
/// in place whole, and nobody ever writes into one that is there: so it needs no locks, which shared disks lack.
///
///     runs          place in the list, combination, seed, id, refused, failed, failed_stage, device, train_s, attack_s, warnings, notes
///     combinations  combination, and a column for each varied field
///     names         figure (a number), group, name, unit
///     figures       place, figure, value, baseline, low, high, n
///     results       a view of all four: a line a run and figure
///     sweep         description: sweep.json
namespace mid::cli {

inline constexpr const char* kResultsFile = "results.sqlite";

/// Whether this build has SQLite.
bool has_sqlite();
/// Throws Error that says how to get a build that has, naming `field`.
[[noreturn]] void lack_sqlite(const std::string& field);

/// Shows every run that has ended, in the order of the list.
using EachRun = std::function<void(const std::function<void(std::size_t place, const SweepRun& run)>& see)>;
/// Writes the file. Throws Failure when the disk refuses.
void write_results_file(const std::filesystem::path& file, const SweepPlan& plan, const EachRun& each);

/// How many runs have ended how.
struct Counts {
  std::size_t ended = 0, failed = 0, refused = 0;
};
/// Lets `plan`'s runs be read from the file (SweepRuns::walk). Throws Error for a file that is none, or of another sweep.
Counts read_results_file(const std::filesystem::path& file, SweepPlan& plan);

}  // namespace mid::cli
