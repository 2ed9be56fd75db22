#include <cstdio>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/report/chart_png.hpp"
#include "mid/report/svg.hpp"
#include "mid/sweep/compare.hpp"
#include "run_list.hpp"

namespace mid::cli {
namespace {

/// Works a plan off and reads what came out. False at Ctrl-C.
bool finished(const CompareOptions& options, SweepRuns& list) {
  if (!work_off({options.out, options.no_cache ? std::filesystem::path() : options.cache, options.jobs, options.device}, list,
                [](std::size_t) { return true; }))
    return false;
  for (SweepRun& run : list.runs)
    if (!read_run(options.out, run))
      throw Failure("the result of run " + run.id + " has gone from " + options.out.string() + "; run the same command again");
  return true;
}

}  // namespace

int compare(const CompareOptions& options) {
  const Json spec = read_spec(options.spec, options.set);
  if (spec.contains("seed") && spec["seed"].is_number_unsigned()) check_seeds(spec["seed"].get<std::uint64_t>(), options.seeds);
  const CompareSpec what = read_compare(spec, options.tolerance, options.seeds, options.quick);
  if (!options.no_cache) check_cache(options.cache);
  make_folder("--out", options.out);

  SweepPlan strengths = plan_strengths(what);
  Json description = strengths.description;
  description["compare"] = {{"tolerance", options.tolerance}, {"quick", options.quick}};
  claim_folder(options.out, "compare.json", description);
  if (!options.json) std::fprintf(stderr, "mid: 1 of 2, the strength of each defence: %zu runs\n", strengths.runs.runs.size());
  if (!finished(options, strengths.runs)) return kInterrupted;
  const std::vector<Tuned> tuned = tune(what, strengths.runs);

  SweepPlan attackers = plan_attackers(what, tuned);
  if (!options.json) std::fprintf(stderr, "mid: 2 of 2, every attacker against every defence: %zu runs\n", attackers.runs.runs.size());
  if (!finished(options, attackers.runs)) return kInterrupted;

  const Comparison comparison = compared(what, tuned, attackers.runs);
  const std::string text = comparison_text(comparison);
  const Figure figure = comparison_figure(comparison);
  write_file(options.out / "comparison.json", comparison_json(comparison).dump(2) + "\n");
  write_file(options.out / "comparison.txt", text);
  write_file(options.out / "comparison.md", comparison_markdown(comparison));
  write_file(options.out / "comparison.svg", chart_svg(figure));
  write_file(options.out / "comparison.png", chart_png(figure, inter()));
  if (options.json)
    print(comparison_json(comparison).dump(2) + "\n");
  else
    print(text);
  return 0;
}

int show_comparison(const std::filesystem::path& folder, bool json) {
  const auto file = folder / "comparison.json";
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw Error(shown_path(folder), "holds a comparison that has not ended; the same mid compare again goes on");
  const Comparison comparison = comparison_from_json(json_or_discarded(read_file(file, kLargestJson), kLargestJson), shown_path(file));
  print(json ? comparison_json(comparison).dump(2) + "\n" : comparison_text(comparison));
  return 0;
}

}  // namespace mid::cli
