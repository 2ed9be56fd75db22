#include <cstdio>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/report/chart_png.hpp"
#include "mid/report/svg.hpp"
#include "mid/sweep/compare.hpp"
#include "run_folder.hpp"
#include "run_list.hpp"

namespace mid::cli {
int compare(const CompareOptions& options) {
  const Json spec = read_spec(options.spec, options.set);
  if (spec.contains("seed") && spec["seed"].is_number_unsigned()) check_seeds(spec["seed"].get<std::uint64_t>(), options.seeds);
  const CompareSpec what = read_compare(spec, options.settings, options.seeds, options.quick);
  const Shard shard = read_shard(options.shard);
  if (!options.no_cache) check_cache(options.cache);
  make_folder("--out", options.out);

  SweepPlan plan = plan_compare(what);
  claim_folder(options.out, "compare.json", plan.description);
  std::vector<SweepRun>& runs = plan.runs.runs;
  if (!options.json)
    std::fprintf(stderr, "mid: %zu settings under their attackers, %zu runs\n", plan.runs.combinations.size(), runs.size());
  if (!work_off({options.out, options.no_cache ? std::filesystem::path() : options.cache, options.jobs, options.device}, plan.runs,
                [&](std::size_t i) { return shard.has(i); }))
    return kInterrupted;
  std::size_t there = 0;
  for (SweepRun& run : runs) there += !run.refused.empty() || read_run(options.out, run);
  if (there < runs.size()) {
    if (options.shard.empty()) throw Failure("results have gone from " + options.out.string() + "; run the same command again");
    std::fprintf(stderr,
                 "mid: %zu of %zu runs are there; when the other shards have ended, the same command without --shard draws the fronts\n",
                 there, runs.size());
    return 0;
  }

  const Comparison comparison = compared(what, plan.runs);
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
  const Comparison comparison = comparison_of_folder(folder);
  print(json ? comparison_json(comparison).dump(2) + "\n" : comparison_text(comparison));
  return 0;
}

}  // namespace mid::cli
