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
constexpr const char* kNameFolder = "; name a folder that mid run, mid sweep or mid compare wrote (--out)";
}

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

FoundSweep sweep_of_folder(const fs::path& folder) {
  SweepPlan plan = plan_of_folder(folder);
  if (!plan.is_held()) {
    const Counts counts = read_results_file(folder / kResultsFile, plan);
    const std::size_t planned = plan.size();
    return {std::move(plan.runs), planned, counts.ended, false};
  }
  RunStore(folder, plan).read_into(plan.runs);
  FoundSweep found{std::move(plan.runs)};
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
