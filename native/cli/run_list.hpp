#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "mid/sweep/segments.hpp"
#include "mid/sweep/sweep.hpp"
#include "ranks.hpp"
#include "run_store.hpp"

/// What the commands that run many experiments share: a folder that holds one list of runs, and threads that work it off.
namespace mid::cli {

/// Writes OUT/NAME, or compares with what stands there: one folder holds one list. Of several programs that claim it at once one
/// wins, and the others are told. Throws Error naming --out.
void claim_folder(const std::filesystem::path& out, const std::string& name, const Json& description);

/// Reads I/N: this process' share of the list; empty text: the whole list. Throws Error naming --shard.
Share read_shard(const std::string& text);

struct RunListOptions {
  std::filesystem::path cache;  ///< empty: nothing is kept but the results
  int jobs = 0;                 ///< runs at a time; 0: as many as cores
  std::string device = "cpu";
  const std::vector<bool>* only = nullptr;  ///< the places that are run; null: all
  Ranks* ranks = nullptr;                   ///< the other processes of this program, of which one hands the runs out; then jobs 0 is 1
};

/// Runs what has not ended yet of this process' share of the list, several at a time, and writes each result into the store. Of a list
/// that is held each experiment runs once. Shows progress on a terminal. False at Ctrl-C, which has been said then; throws what stopped
/// the work as a whole (a full disk).
bool work_off(const RunListOptions& options, const SweepPlan& plan, RunStore& store, Share share);

}  // namespace mid::cli
