#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mid/report/comparison.hpp"
#include "mid/report/result.hpp"
#include "mid/report/sweep_runs.hpp"
#include "mid/sweep/sweep.hpp"

/// What mid run, mid sweep and mid compare wrote, read back. Each throws Error naming the file that is missing or is not what it should be.
namespace mid::cli {

/// Throws Error naming what is no folder, or not there.
void check_results_folder(const std::filesystem::path& folder);
/// Throws Error naming --out where `folder` holds results of another kind than those whose files are `own`: whoever shows the
/// folder later would see one of the two.
void refuse_other_results(const std::filesystem::path& folder, const std::vector<std::string>& own);
/// A JSON file of such a folder.
Json json_of_run(const std::filesystem::path& file);
/// Of mid run --out.
Result result_of_folder(const std::filesystem::path& folder);
/// How far a sweep with --budget has come.
struct BudgetRound {
  std::int64_t budget = 0;
  std::size_t round = 1, rounds = 1;  ///< from 1: under way, of so many
  std::vector<std::size_t> places;    ///< of the runs that it has chosen so far, and those that are refused
  bool is_last() const { return round == rounds; }
};
/// Nothing: `folder` holds a sweep without a budget.
std::optional<BudgetRound> budget_of_folder(const std::filesystem::path& folder, const SweepPlan& plan);
void write_budget(const std::filesystem::path& folder, const BudgetRound& budget);
/// The whole list is wanted again.
void forget_budget(const std::filesystem::path& folder);
/// A sweep of some places of a list alone.
SweepRuns runs_at(const SweepRuns& runs, const std::vector<std::size_t>& places);

/// A sweep with the results of those of its runs that have ended; of those that its budget chose alone.
struct FoundSweep {
  SweepRuns runs;
  std::size_t planned = 0, ended = 0;
  bool is_held = true;  ///< or read from results.sqlite run by run
  std::optional<BudgetRound> budget = std::nullopt;
};
/// Of mid sweep --out, once mid collect has been there if it is a long list.
FoundSweep sweep_of_folder(const std::filesystem::path& folder);
/// What mid sweep --out planned. Nothing is read of what it did.
SweepPlan plan_of_folder(const std::filesystem::path& folder);
/// Of mid compare --out, once it has ended.
Comparison comparison_of_folder(const std::filesystem::path& folder);

}  // namespace mid::cli
