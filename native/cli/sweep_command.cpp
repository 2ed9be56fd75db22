#include <algorithm>
#include <cstdio>
#include <set>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/file.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/report/chart_png.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/sweep_table.hpp"
#include "mid/report/trade_off.hpp"
#include "mid/sweep/halving.hpp"
#include "mid/sweep/sweep.hpp"
#include "results_file.hpp"
#include "run_folder.hpp"
#include "run_list.hpp"
#include "slurm.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPoints = 2000;  // of a chart: more nobody can tell apart

/// The tables of a whole sweep. Returns the table as text.
std::string write_tables(const fs::path& out, const SweepRuns& sweep) {
  if (!sweep.walk) {  // of a long list results.sqlite has them
    write_file(out / "results.jsonl", sweep_lines(sweep));
    write_file(out / "timing.jsonl", sweep_timing(sweep));
  }
  write_file(out / "table.csv", sweep_csv(sweep));
  const std::string text = sweep_text(sweep);
  write_file(out / "table.txt", text);
  return text;
}

void write_chart(const CollectOptions& options, const SweepRuns& sweep) {
  const fs::path svg = options.out / "trade-off.svg", png = options.out / "trade-off.png";
  const TradeOffMeasures measures = trade_off_measures(sweep, options.utility, options.privacy);
  if (measures.utility.empty() || measures.privacy.empty()) {
    std::fprintf(stderr, "mid: no trade-off is drawn: the runs have no measure of %s\n", measures.utility.empty() ? "utility" : "privacy");
    return;
  }
  if (sweep.combinations.size() > kMostPoints)
    return tell("no trade-off is drawn: " + std::to_string(sweep.combinations.size()) + " combinations are more than the " +
                std::to_string(kMostPoints) + " points that can be told apart");
  const Figure figure = trade_off(sweep, measures);
  write_file(svg, chart_svg(figure));
  write_file(png, chart_png(figure, inter()));
}

/// Tables and chart of a sweep of which every run has ended.
int write_summary(const CollectOptions& options, const SweepRuns& sweep, const Counts& counts) {
  if (counts.refused == counts.ended) {
    std::string first;
    sweep.each([&](const SweepRun& run) {
      if (first.empty()) first = run.refused;
    });
    throw Error("", "every combination is refused, the first because " + first);
  }
  const std::string text = write_tables(options.out, sweep);
  write_chart(options, sweep);
  print(options.json ? sweep_json(sweep).dump(2) + "\n" : text);
  if (counts.failed == 0) return 0;
  tell(count_words(static_cast<long long>(counts.failed)) + " of " + count_words(static_cast<long long>(counts.ended)) + " runs failed; " +
       (options.out / "table.txt").string() + " says why");
  return kRunFailed;
}

Counts count(const std::vector<SweepRun>& runs) {
  Counts counts;
  for (const SweepRun& run : runs) {
    counts.ended += run.ended(), counts.refused += !run.refused.empty();
    counts.failed += run.result && run.result->failed;
  }
  return counts;
}

/// Every run that a store of a list has, in order; with a budget, of those that it chose.
EachRun runs_of(const SweepPlan& plan, const RunStore& store, const std::optional<BudgetRound>& budget) {
  if (!plan.is_held()) return [&store](const auto& see) { store.each([&](std::size_t place, const SweepRun& run) { see(place, run); }); };
  return [&plan, &budget](const auto& see) {
    for (std::size_t place = 0; place < plan.size(); ++place)
      if (plan.runs.runs[place].ended() && (!budget || std::binary_search(budget->places.begin(), budget->places.end(), place)))
        see(place, plan.runs.runs[place]);
  };
}

void refuse_long_json(bool json, std::size_t runs, const fs::path& folder) {
  if (json && runs > kMostHeldRuns)
    throw Error("--json", "prints at most " + std::to_string(kMostHeldRuns) + " runs, found " + std::to_string(runs) + "; read " +
                              shown_path(folder / kResultsFile) + ", which mid collect makes");
}

/// The rounds of --budget. Throws Error where they cannot be.
std::vector<HalvingRound> rounds_of(const SweepOptions& options, const SweepPlan& plan) {
  if (options.ranks) throw Error("--budget", "is no option under mpirun; take mid");
  if (!plan.is_held())
    throw Error("--budget", "chooses from at most " + std::to_string(kMostHeldRuns) + " runs, found " + std::to_string(plan.size()) +
                                "; take fewer --seeds");
  std::set<std::size_t> settings;
  for (const SweepRun& run : plan.runs.runs)
    if (run.refused.empty()) settings.insert(run.combination);
  std::size_t least = 1;
  while (halving_rounds(settings.size(), 1, least).empty()) ++least;
  const auto budget = static_cast<std::size_t>(options.budget);
  if (budget < least)
    throw Error("--budget", "must be at least " + std::to_string(least) + " for " + std::to_string(settings.size()) +
                                " combinations, so that each has a seed and each halving as many runs, found " + std::to_string(budget));
  return halving_rounds(settings.size(), static_cast<std::size_t>(options.seeds), budget);
}

/// Successive halving over seeds. The tables are of the runs that it chose, whatever else is in the folder.
int sweep_within_budget(const SweepOptions& options, const CollectOptions& collected, SweepPlan& plan, RunStore& store,
                        const std::vector<HalvingRound>& rounds) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  std::vector<bool> only(plan.size());
  std::vector<std::size_t> settings;
  for (const SweepRun& run : plan.runs.runs)
    if (run.refused.empty() && (settings.empty() || settings.back() != run.combination)) settings.push_back(run.combination);
  SweepRuns chosen = plan.runs;
  TradeOffMeasures measures;
  BudgetRound round{options.budget, 0, rounds.size(), {}};
  for (std::size_t r = 0; r < rounds.size() && !settings.empty(); ++r) {
    if (r > 0) settings = better_settings(chosen, settings, rounds[r].settings, measures);
    for (const std::size_t c : settings) std::fill_n(only.begin() + static_cast<std::ptrdiff_t>(c * seeds), rounds[r].seeds, true);
    tell("round " + std::to_string(r + 1) + " of " + std::to_string(rounds.size()) + ": " + std::to_string(settings.size()) +
         " combinations with " + std::to_string(rounds[r].seeds) + " seeds");
    round.round = r + 1, round.places.clear();
    for (std::size_t i = 0; i < plan.size(); ++i)
      if (only[i] || !plan.runs.runs[i].refused.empty()) round.places.push_back(i);
    write_budget(options.out, round);
    RunListOptions how{options.no_cache ? fs::path() : options.cache, options.jobs, options.device};
    how.only = &only;
    if (!work_off(how, plan, store, {})) return kInterrupted;
    store.read_into(plan.runs);
    chosen = runs_at(plan.runs, round.places);
    if (r == 0) measures = trade_off_measures(chosen, options.utility, options.privacy);
    if (measures.utility.empty() || measures.privacy.empty())
      throw Error("--budget", "needs a measure of utility and one of privacy to choose by, and the runs have not both");
  }
  return write_summary(collected, chosen, count(chosen.runs));
}

/// "8 of 16 runs", and of a budget those of its round.
std::string how_far(std::size_t ended, std::size_t planned, const std::optional<BudgetRound>& budget) {
  std::string out = count_words(static_cast<long long>(ended)) + " of " + count_words(static_cast<long long>(planned)) + " runs";
  if (budget) out += " of round " + std::to_string(budget->round) + " of " + std::to_string(budget->rounds);
  return out;
}

std::string same_sweep(const std::optional<BudgetRound>& budget) {
  return budget ? "the same mid sweep --budget " + std::to_string(budget->budget) : "the same mid sweep";
}

/// What is said of a share of a long list.
int end_of_share(const SweepPlan& plan, const RunStore& store, Share share, const fs::path& out) {
  std::size_t failed = 0;
  for (std::size_t i = share.index - 1; i < plan.size(); i += share.of) failed += store.ending(i) == Ending::failed;
  std::fprintf(stderr, "mid: the %zu runs of this share are there; when all shares are, mid collect %s writes tables and chart\n",
               share.size(plan.size()), shown_path(out).c_str());
  return failed > 0 ? kRunFailed : 0;
}

}  // namespace

int show_sweep(const fs::path& folder, bool json) {
  const FoundSweep found = sweep_of_folder(folder);
  refuse_long_json(json && !found.is_held, found.planned, folder);
  if (found.ended < found.planned || (found.budget && !found.budget->is_last()))
    tell(how_far(found.ended, found.planned, found.budget) + " have ended; " + same_sweep(found.budget) + " again goes on");
  print(json ? sweep_json(found.runs).dump(2) + "\n" : sweep_text(found.runs));
  return 0;
}

int collect_sweep(const CollectOptions& options) {
  SweepPlan plan = plan_of_folder(options.out);
  if (!plan.is_held() && !has_sqlite()) lack_sqlite("a sweep of more than " + std::to_string(kMostHeldRuns) + " runs");
  const RunStore store(options.out, plan);
  if (plan.is_held()) store.read_into(plan.runs);
  const std::optional<BudgetRound> budget = budget_of_folder(options.out, plan);
  const fs::path file = options.out / kResultsFile;
  if (has_sqlite())
    write_results_file(file, plan, runs_of(plan, store, budget));
  else
    tell("tables are written, and no results.sqlite: this mid was built without SQLite");
  const std::size_t planned = budget ? budget->places.size() : plan.size();
  if (budget) plan.runs = runs_at(plan.runs, budget->places);
  const Counts counts = plan.is_held() ? count(plan.runs.runs) : read_results_file(file, plan);
  if (counts.ended == planned && (!budget || budget->is_last())) return write_summary(options, plan.runs, counts);
  tell(how_far(counts.ended, planned, budget) + " have ended, and no tables are written yet; start " + same_sweep(budget) +
       " again for the rest");
  return kRunFailed;
}

int sweep(const SweepOptions& options) {
  const Share share = read_shard(options.shard);
  std::vector<Vary> vary;
  for (const std::string& text : options.vary) vary.push_back(read_vary(text));
  const Json spec = read_spec(options.spec, options.set);
  if (spec.contains("seed") && spec["seed"].is_number_unsigned()) check_seeds(spec["seed"].get<std::uint64_t>(), options.seeds);
  SweepPlan plan = plan_sweep(spec, vary, options.seeds);
  SweepRuns& sweep = plan.runs;
  std::vector<Json> specs;
  for (std::size_t i = 0; i < plan.size() && !(options.utility.empty() && options.privacy.empty());
       i += plan.is_held() ? 1 : static_cast<std::size_t>(options.seeds))
    if (const SweepRun run = plan.run(i); run.refused.empty()) specs.push_back(run.spec);
  check_figure_name(specs, options.utility, false, "--utility");
  check_figure_name(specs, options.privacy, true, "--privacy");
  refuse_long_json(options.json, plan.size(), options.out);
  if (!plan.is_held() && !has_sqlite()) lack_sqlite("a sweep of more than " + std::to_string(kMostHeldRuns) + " runs");
  const std::vector<HalvingRound> rounds = options.budget > 0 ? rounds_of(options, plan) : std::vector<HalvingRound>();
  if (!options.no_cache) check_cache(options.cache);
  if (options.slurm.on && options.slurm.dry_run) return submit(options.slurm, options.out, plan);
  make_folder("--out", options.out);
  claim_folder(options.out, "sweep.json", plan.description);
  if (options.slurm.on) return submit(options.slurm, options.out, plan);

  RunStore store(options.out, plan, share);
  const CollectOptions collected{options.out, options.utility, options.privacy, options.json};
  if (rounds.empty() && (!options.ranks || options.ranks->hands_out())) forget_budget(options.out);
  if (!rounds.empty()) return sweep_within_budget(options, collected, plan, store, rounds);
  if (!work_off({options.no_cache ? fs::path() : options.cache, options.jobs, options.device, nullptr, options.ranks}, plan, store, share))
    return kInterrupted;
  if (options.ranks && !options.ranks->hands_out()) return 0;  // the one that does writes the tables
  if (!plan.is_held()) return share.of > 1 ? end_of_share(plan, store, share, options.out) : collect_sweep(collected);

  store.read_into(sweep);
  std::size_t failed = 0;
  for (std::size_t i = 0; i < sweep.runs.size(); ++i) failed += share.has(i) && sweep.runs[i].result && sweep.runs[i].result->failed;
  Counts counts = count(sweep.runs);
  if (counts.ended < plan.size()) {
    std::fprintf(stderr,
                 "mid: %zu of %zu runs are there; when the other shards have ended, the last of them or the same command without --shard "
                 "writes the tables\n",
                 counts.ended, plan.size());
    if (options.json) print(sweep_json(sweep).dump(2) + "\n");
    return failed > 0 ? kRunFailed : 0;
  }
  counts.failed = failed;
  return write_summary(collected, sweep, counts);
}

}  // namespace mid::cli
