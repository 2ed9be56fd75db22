#include <algorithm>
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
#include "slurm.hpp"

namespace mid::cli {
namespace {

/// The fronts of a comparison of which every run has ended.
int write_fronts(const std::filesystem::path& out, const CompareSpec& what, const SweepPlan& plan, bool json) {
  const Comparison comparison = compared(what, plan.runs);
  const std::string text = comparison_text(comparison);
  const Figure figure = comparison_figure(comparison);
  write_file(out / "comparison.json", comparison_json(comparison).dump(2) + "\n");
  write_file(out / "comparison.txt", text);
  write_file(out / "comparison.md", comparison_markdown(comparison));
  write_file(out / "comparison.svg", chart_svg(figure));
  write_file(out / "comparison.png", chart_png(figure, inter()));
  print(json ? comparison_json(comparison).dump(2) + "\n" : text);
  return 0;
}

std::size_t ended(const SweepRuns& runs) {
  return static_cast<std::size_t>(std::count_if(runs.runs.begin(), runs.runs.end(), [](const SweepRun& r) { return r.ended(); }));
}

}  // namespace

int compare(const CompareOptions& options) {
  const Json spec = read_spec(options.spec, options.set);
  if (spec.contains("seed") && spec["seed"].is_number_unsigned()) check_seeds(spec["seed"].get<std::uint64_t>(), options.seeds);
  const CompareSpec what = read_compare(spec, options.settings, options.seeds, options.quick);
  const Share share = read_shard(options.shard);
  if (!options.no_cache) check_cache(options.cache);
  const bool dry = options.slurm.on && options.slurm.dry_run;
  if (!dry) make_folder("--out", options.out);

  SweepPlan plan = plan_compare(what);
  if (dry) return submit(options.slurm, options.out, plan);
  claim_folder(options.out, "compare.json", plan.description);
  if (!options.json && (!options.ranks || options.ranks->hands_out()))
    std::fprintf(stderr, "mid: %zu settings under their attackers, %zu runs\n", plan.runs.combinations.size(), plan.size());
  if (options.slurm.on) return submit(options.slurm, options.out, plan);
  RunStore store(options.out, plan, share);
  if (!work_off({options.no_cache ? std::filesystem::path() : options.cache, options.jobs, options.device, nullptr, options.ranks}, plan,
                store, share))
    return kInterrupted;
  if (options.ranks && !options.ranks->hands_out()) return 0;
  store.look_again();
  store.read_into(plan.runs);
  const std::size_t there = ended(plan.runs);
  if (there == plan.size()) return write_fronts(options.out, what, plan, options.json);
  if (options.shard.empty()) throw Failure("results have gone from " + options.out.string() + "; run the same command again");
  std::fprintf(stderr,
               "mid: %zu of %zu runs are there; when the other shards have ended, the same command without --shard draws the fronts\n",
               there, plan.size());
  return 0;
}

int collect_comparison(const CollectOptions& options) {
  const std::filesystem::path file = options.out / "compare.json";
  const Json description = json_of_run(file);
  const auto what = [&] {
    try {
      Json spec = description.at("spec");
      spec["seed"] = description.at("seeds").at("first");
      return read_compare(spec, description.at("compare").at("settings").get<int>(), description.at("seeds").at("count").get<int>(),
                          description.at("compare").at("quick").get<bool>());
    } catch (const Json::exception&) {
      throw Error(shown_path(file), "describes no comparison that this midlab knows; name a folder that mid compare --out wrote");
    }
  }();
  SweepPlan plan = plan_compare(what);
  if (const std::string other = difference(description, plan.description); !other.empty())
    throw Error(shown_path(file), "describes another comparison than this midlab would run: " + other);
  RunStore(options.out, plan).read_into(plan.runs);
  if (ended(plan.runs) == plan.size()) return write_fronts(options.out, what, plan, options.json);
  std::fprintf(stderr, "mid: %zu of %zu runs have ended, and no fronts are drawn yet; start the same mid compare again for the rest\n",
               ended(plan.runs), plan.size());
  return kRunFailed;
}

int show_comparison(const std::filesystem::path& folder, bool json) {
  const Comparison comparison = comparison_of_folder(folder);
  print(json ? comparison_json(comparison).dump(2) + "\n" : comparison_text(comparison));
  return 0;
}

}  // namespace mid::cli
