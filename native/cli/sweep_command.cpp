#include <algorithm>
#include <cstdio>
#include <set>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/report/chart_png.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/sweep_table.hpp"
#include "mid/report/trade_off.hpp"
#include "mid/sweep/sweep.hpp"
#include "run_folder.hpp"
#include "run_list.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kRunFailed = 1;

/// The tables and the chart of a whole sweep. Returns the table as text.
std::string write_summary(const fs::path& out, const SweepRuns& sweep) {
  write_file(out / "results.jsonl", sweep_lines(sweep));
  write_file(out / "timing.jsonl", sweep_timing(sweep));
  write_file(out / "table.csv", sweep_csv(sweep));
  const std::string text = sweep_text(sweep);
  write_file(out / "table.txt", text);
  return text;
}

void write_chart(const SweepOptions& options, const SweepRuns& sweep) {
  const fs::path svg = options.out / "trade-off.svg", png = options.out / "trade-off.png";
  const TradeOffMeasures measures = trade_off_measures(sweep, options.utility, options.privacy);
  if (measures.utility.empty() || measures.privacy.empty()) {
    std::fprintf(stderr, "mid: no trade-off is drawn: the runs have no measure of %s\n", measures.utility.empty() ? "utility" : "privacy");
    return;
  }
  const Figure figure = trade_off(sweep, measures);
  write_file(svg, chart_svg(figure));
  write_file(png, chart_png(figure, inter()));
}

}  // namespace

int show_sweep(const fs::path& folder, bool json) {
  const SweepRuns sweep = sweep_of_folder(folder);
  const auto ended = std::count_if(sweep.runs.begin(), sweep.runs.end(), [](const SweepRun& r) { return r.ended(); });
  if (ended < static_cast<std::ptrdiff_t>(sweep.runs.size()))
    std::fprintf(stderr, "mid: %td of %zu runs have ended; the same mid sweep again goes on\n", ended, sweep.runs.size());
  print(json ? sweep_json(sweep).dump(2) + "\n" : sweep_text(sweep));
  return 0;
}

int sweep(const SweepOptions& options) {
  const Shard shard = read_shard(options.shard);
  std::vector<Vary> vary;
  for (const std::string& text : options.vary) vary.push_back(read_vary(text));
  const Json spec = read_spec(options.spec, options.set);
  if (spec.contains("seed") && spec["seed"].is_number_unsigned()) check_seeds(spec["seed"].get<std::uint64_t>(), options.seeds);
  SweepPlan plan = plan_sweep(spec, vary, options.seeds);
  SweepRuns& sweep = plan.runs;
  std::vector<Json> specs;
  for (const SweepRun& run : sweep.runs)
    if (run.refused.empty()) specs.push_back(run.spec);
  check_figure_name(specs, options.utility, false, "--utility");
  check_figure_name(specs, options.privacy, true, "--privacy");
  if (!options.no_cache) check_cache(options.cache);
  make_folder("--out", options.out);
  claim_folder(options.out, "sweep.json", plan.description);

  if (!work_off({options.out, options.no_cache ? fs::path() : options.cache, options.jobs, options.device}, sweep,
                [&](std::size_t i) { return shard.has(i); }))
    return kInterrupted;

  std::size_t missing = 0, failed = 0, refused = 0;
  for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
    SweepRun& run = sweep.runs[i];
    if (!read_run(options.out, run))
      ++missing;
    else if (!run.refused.empty())
      ++refused;
    else if (run.result->failed && shard.has(i))
      ++failed;
  }
  if (missing > 0) {
    std::fprintf(stderr,
                 "mid: %zu of %zu runs are there; when the other shards have ended, the last of them or the same command without --shard "
                 "writes the tables\n",
                 sweep.runs.size() - missing, sweep.runs.size());
    if (options.json) print(sweep_json(sweep).dump(2) + "\n");
    return failed > 0 ? kRunFailed : 0;
  }
  if (refused == sweep.runs.size()) throw Error("", "every combination is refused, the first because " + sweep.runs[0].refused);
  const std::string text = write_summary(options.out, sweep);
  write_chart(options, sweep);
  if (options.json)
    print(sweep_json(sweep).dump(2) + "\n");
  else
    print(text);
  if (failed > 0)
    tell(std::to_string(failed) + " of " + std::to_string(sweep.runs.size()) + " runs failed; " + (options.out / "table.txt").string() +
         " says why");
  return failed > 0 ? kRunFailed : 0;
}

}  // namespace mid::cli
