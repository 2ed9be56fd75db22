#include "run_folder.hpp"

#include <algorithm>
#include <utility>

#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/sweep/compare.hpp"
#include "mid/sweep/sweep.hpp"
#include "results_file.hpp"
#include "run_store.hpp"

namespace mid::cli {

namespace fs = std::filesystem;

namespace {
constexpr const char* kBudgetFile = "budget.json";
constexpr const char* kNameFolder = "; name a folder that mid run, mid sweep or mid compare wrote (--out)";
}  // namespace

Json json_of_run(const fs::path& file) {
  return parse_json(read_file(file, kLargestJson), file.string(), kLargestJson, Message("refusal.part.hint_run"));
}

void check_results_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  throw Error(shown_path(folder), std::string(fs::exists(folder, error) ? "is no folder" : "is not there") + kNameFolder);
}

void refuse_other_results(const fs::path& folder, const std::vector<std::string>& own) {
  constexpr std::pair<const char*, const char*> kResults[] = {
      {"sweep.json", "a sweep"}, {"compare.json", "a comparison"}, {"result.json", "a run"}, {"summary.json", "runs of several seeds"}};
  std::error_code error;
  for (const auto& [file, what] : kResults)
    if (std::find(own.begin(), own.end(), file) == own.end() && fs::exists(folder / file, error))
      throw Error("--out", shown_path(folder) + " holds " + what + " (" + file + "); choose another folder");
}

Result result_of_folder(const fs::path& folder) {
  const auto file = folder / "result.json";
  std::error_code error;
  if (!fs::exists(file, error)) throw Error(shown_path(folder), std::string("holds no result.json: no run has ended there") + kNameFolder);
  const Json saved = json_of_run(file);
  try {
    return Result::from_json(saved);
  } catch (const Error& e) {
    throw Error(file.string(), std::string("is no result that midlab wrote: ") + e.what());
  }
}

SweepPlan plan_of_folder(const fs::path& folder) {
  const std::string file = (folder / "sweep.json").string();
  const Json description = parse_json(read_file(file, kLargestJson), file, kLargestJson, Message("refusal.part.hint_sweep"));
  try {
    return plan_of(description);
  } catch (const Error& e) {
    throw Error(file, std::string("describes no sweep that this midlab knows: ") + e.what() + "; name a folder that mid sweep --out wrote");
  }
}

std::optional<BudgetRound> budget_of_folder(const fs::path& folder, const SweepPlan& plan) {
  const fs::path file = folder / kBudgetFile;
  std::error_code error;
  if (!plan.is_held() || !fs::exists(file, error)) return {};
  const Json j = json_or_discarded(read_file(file, kLargestJson), kLargestJson);
  try {
    BudgetRound out{j.at("budget").get<std::int64_t>(), j.at("round").get<std::size_t>(), j.at("rounds").get<std::size_t>(),
                    j.at("runs").get<std::vector<std::size_t>>()};
    const auto beyond = [&](std::size_t place) { return place >= plan.size(); };
    if (!std::is_sorted(out.places.begin(), out.places.end()) || std::any_of(out.places.begin(), out.places.end(), beyond))
      throw Error("", "");
    return out;
  } catch (const std::exception&) {  // of the library or ours: the file is what it should not be
    throw Error(shown_path(file), "is no round of a budget that mid sweep --budget wrote; the same command writes it again");
  }
}

void write_budget(const fs::path& folder, const BudgetRound& budget) {
  const Json j = {{"budget", budget.budget}, {"round", budget.round}, {"rounds", budget.rounds}, {"runs", budget.places}};
  write_file(folder / kBudgetFile, j.dump() + "\n");
}

void forget_budget(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / kBudgetFile, error);
}

SweepRuns runs_at(const SweepRuns& runs, const std::vector<std::size_t>& places) {
  SweepRuns out = runs;
  out.runs.clear();
  for (const std::size_t place : places) out.runs.push_back(runs.runs[place]);
  return out;
}

FoundSweep sweep_of_folder(const fs::path& folder) {
  SweepPlan plan = plan_of_folder(folder);
  if (!plan.is_held()) {
    const Counts counts = read_results_file(folder / kResultsFile, plan);
    const std::size_t planned = plan.size();
    return {std::move(plan.runs), planned, counts.ended, false};
  }
  RunStore(folder, plan).read_into(plan.runs);
  std::optional<BudgetRound> budget = budget_of_folder(folder, plan);
  FoundSweep found{budget ? runs_at(plan.runs, budget->places) : std::move(plan.runs)};
  found.budget = std::move(budget);
  found.planned = found.runs.runs.size();
  for (const SweepRun& run : found.runs.runs) found.ended += run.ended();
  return found;
}

Comparison comparison_of_folder(const fs::path& folder) {
  const auto file = folder / "comparison.json";
  std::error_code error;
  if (!fs::exists(file, error))
    throw Error(shown_path(folder), "holds a comparison that has not ended; the same mid compare again goes on");
  return comparison_from_json(json_or_discarded(read_file(file, kLargestJson), kLargestJson), shown_path(file));
}

}  // namespace mid::cli
