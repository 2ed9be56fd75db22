#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "mid/base/json.hpp"
#include "mid/report/sweep_runs.hpp"

/// What the commands that run many experiments share: a folder that holds one list of runs, and threads that work it off.
namespace mid::cli {

/// Writes OUT/NAME, or compares with what stands there: one folder holds one list. Of several programs that claim it at once one
/// wins, and the others are told. Throws Error naming --out.
void claim_folder(const std::filesystem::path& out, const std::string& name, const Json& description);

/// "3/8": this process' share of the list.
struct Shard {
  std::size_t index = 1, of = 1;
  bool has(std::size_t position) const { return position % of == index - 1; }
};
/// Reads I/N; empty text: the whole list. Throws Error naming --shard.
Shard read_shard(const std::string& text);

struct RunListOptions {
  std::filesystem::path out, cache;  ///< cache empty: nothing is kept but the results
  int jobs = 0;                      ///< runs at a time; 0: as many as cores
  std::string device = "cpu";
};

/// Runs what has not ended yet of the list, each experiment once, several at a time, and writes each result into OUT/runs. `mine`
/// says whether a place in the list is this process' to run. Shows progress on a terminal. False at Ctrl-C, which has been
/// said then; throws what stopped the work as a whole (a full disk).
bool work_off(const RunListOptions& options, const SweepRuns& list, const std::function<bool(std::size_t)>& mine);

/// Reads from OUT/runs what has ended of this run; false: it has not.
bool read_run(const std::filesystem::path& out, SweepRun& run);

}  // namespace mid::cli
