// The words of `mid run`, `sweep`, `compare` and `collect`: what works lists off, and its options.
#include <CLI/CLI.hpp>
#include <memory>

#include "arguments.hpp"
#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"
#include "ranks.hpp"

namespace mid::cli {
namespace {

constexpr const char* kRunExamples = R"(
Examples:
  mid run preset:visitors --set defense.kind=none --set model.bottleneck=0 --out out
                                                             no defence; with the pictures in out/pictures.png
  mid run preset:visitors --set defense.beta=0.01 --seeds 5  five seeds: mean and standard deviation
  mid run my.json --json | jq .privacy                       the result alone, for a program to read
  jq .seed=7 my.json | mid run -                             a specification from standard input)";

constexpr const char* kSweepExamples = R"(
Examples:
  mid sweep preset:confidence --vary defense.beta=0.001,0.01,0.1 --seeds 3 --out trade-off
                                                             nine runs; table.txt, results.jsonl and trade-off.svg in trade-off
  mid sweep my.json --vary defense.kind=none,mid --vary release.kind=none,label_only --out four
                                                             every combination of the two
  mid sweep my.json --vary train.epochs=10,100 --out both --shard 1/2
                                                             the first half of the list; another machine takes --shard 2/2
  mid sweep my.json --vary train.epochs=10,100 --out both --slurm --partition short --time 60
                                                             a job array; --dry-run prints its script
  mid show trade-off                                         the table, as far as the sweep has come)";

constexpr const char* kCompareExamples = R"(
Examples:
  mid compare preset:visitors --quick --out rivals           an overview in minutes
  mid compare preset:visitors --settings 8 --seeds 6 --out visitors
                                                             hours; Ctrl-C and the same command again go on
  mid compare preset:which-seven --set release.of=embedding --out inside
                                                             the numbers inside instead of the answers
  mid show rivals --json                                     the finished table, for a program to read)";

constexpr const char* kCollectExamples = R"(
Examples:
  mid sweep preset:tiny --seeds 100000 --no-cache --out large --shard 1/2 & mid sweep preset:tiny --seeds 100000 --no-cache --out large --shard 2/2
  mid collect large                                          large/results.sqlite, table.csv, table.txt and the chart
  sqlite3 large/results.sqlite "SELECT name, avg(value) FROM results GROUP BY name")";

void device_option(CLI::App* command, std::string& device) {
  command->add_option("--device", device, "What networks are computed on: cpu, gpu (docs/gpu.md), or auto: whoever is faster by mid bench")
      ->check(CLI::IsMember({"cpu", "gpu", "auto"}))
      ->type_name("DEVICE");
}

void slurm_options(CLI::App* command, SlurmOptions& slurm) {
  auto* on = command->add_flag("--slurm", slurm.on, "Submit the list as a job array of Slurm instead (docs/clusters.md)")
                 ->excludes("--shard")
                 ->excludes("--json");
  command->add_option("--partition", slurm.partition, "Slurm's partition")->type_name("NAME")->needs(on);
  command->add_option("--time", slurm.time, "Time limit of a task, as Slurm writes it: MINUTES, HOURS:MINUTES:SECONDS, DAYS-HOURS")
      ->type_name("TIME")
      ->needs(on);
  command->add_option("--memory", slurm.memory, "Memory of a task, as Slurm writes it: 2G")->type_name("SIZE")->needs(on);
  command->add_option("--runs-per-task", slurm.runs_per_task, "Runs of a task; as many as make 100 tasks if not given")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N")
      ->needs(on);
  command->add_flag("--dry-run", slurm.dry_run, "Print the script and do nothing else")->needs(on);
}

/// The command again, for a task of such an array.
void take_words(CLI::App* command, const std::string& spec, int jobs, SlurmOptions& slurm) {
  if (slurm.on && spec == "-")
    throw CLI::ValidationError("spec", "must be a file or a preset with --slurm, found -: the tasks have no standard input");
  slurm.jobs = std::max(1, jobs);
  slurm.words = {command->get_name(), spec, "--jobs", std::to_string(slurm.jobs)};
  for (const CLI::Option* option : command->get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || !name.starts_with("--") || name == "--jobs" || name == "--slurm" || name == "--partition" ||
        name == "--time" || name == "--memory" || name == "--runs-per-task" || name == "--dry-run")
      continue;
    for (const std::string& value : option->results()) {
      slurm.words.push_back(name);
      if (option->get_items_expected_max() > 0) slurm.words.push_back(value);
    }
  }
}

/// What a command that other ranks may share takes beside its own options.
void ranks_options(Program& p, CLI::App* command) {
  if (p.ranks)
    command
        ->add_option("--patience", p.patience,
                     "Seconds without a word after which a rank is lost, and its run goes to another (default 60)")
        ->check(CLI::Range(1.0, 86400.0))
        ->excludes("--slurm")
        ->type_name("SECONDS");
}

void refuse_slurm_on_ranks(const Program& p, const SlurmOptions& slurm) {
  if (p.ranks && slurm.on) throw Error("--slurm", "is no option under mpirun; take mid, whose tasks need no MPI");
}

}  // namespace

void add_run(Program& p) {
  const auto options = std::make_shared<RunOptions>();
  auto* run = p.app.add_subcommand("run", "Train, attack and measure one experiment");
  run->add_option("spec", options->spec,
                  "A specification (JSON file, - for standard input) or preset:NAME; presets: " + listed(preset_names()))
      ->required();
  set_option(run, options->set, "Change a field: PATH=VALUE, as often as wanted; choosing a kind takes that kind's defaults");
  run->add_option("--out", options->out, "Write spec.json, result.json, the model, pictures, arrays.npz and records.csv into this folder")
      ->type_name("DIR");
  run->add_flag("--all-victims", options->all_victims,
                "Write every victim into arrays.npz and records.csv, not only the first 60 pictures or 1,000 beliefs")
      ->needs("--out");
  run->add_flag("--json", options->json, "Print the result as JSON and nothing else");
  run->add_option("--seeds", options->seeds, "Run this many seeds, from the specification's on, and give mean and standard deviation")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  run->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  run->add_flag("--no-cache", options->no_cache, "Compute everything, keep nothing");
  device_option(run, options->device);
  run->add_option("--threads", options->threads, "Threads that share the work of large networks; as many as cores, 8 at most, if not given")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  run->add_option("--slice", options->slice, "Units of work at a time (a test of determinism: the result must not change)")
      ->check(CLI::Range(0, 1000000))
      ->type_name("N");
  run->add_flag("--thread", options->threaded, "Work on a thread of its own, as the desktop does (likewise)")
      ->excludes("--out")
      ->excludes("--seeds");
  run->callback([=] {
    if (run->count("--out") && options->out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
  });
  examples(run, kRunExamples);
  p.commands.push_back({run, [=, &p] {
                          options->cache = p.cache;
                          return cli::run(*options);
                        }});
}

void add_sweep(Program& p) {
  const auto options = std::make_shared<SweepOptions>();
  auto* sweep = p.app.add_subcommand(
      "sweep", "Run every combination of some values, with tables and a chart of the trade-off; started again it goes on");
  sweep->add_option("spec", options->spec, "A specification, as of run")->required();
  set_option(sweep, options->set, "Change a field for all runs: PATH=VALUE");
  sweep
      ->add_option("--vary", options->vary,
                   "Give a field several values: PATH=V1,V2,..., as often as wanted; set in this order, after --set")
      ->type_name("PATH=V1,V2,...")
      ->allow_extra_args(false)
      ->take_all();
  sweep->add_option("--seeds", options->seeds, "Run each combination with this many seeds, from the specification's on")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  sweep->add_option("--out", options->out, "Folder for runs, tables and chart")->type_name("DIR")->required();
  sweep->add_option("--shard", options->shard, "Run only this share of the list, for several machines with one folder")->type_name("I/N");
  sweep
      ->add_option("--budget", options->budget,
                   "At most this many runs: all combinations with few seeds, the better half with more, and so on (docs/reproduce.md)")
      ->check(CLI::Range(1, 1000000))
      ->excludes("--shard")
      ->type_name("N");
  sweep->add_option("--jobs", options->jobs, "Runs at a time; as many as cores if not given")->check(CLI::Range(1, 256))->type_name("N");
  sweep->add_option("--utility", options->utility, "Measure of the chart's upward axis")->type_name("NAME");
  sweep->add_option("--privacy", options->privacy, "Measure of its axis to the right")->type_name("NAME");
  device_option(sweep, options->device);
  sweep->add_flag("--no-cache", options->no_cache, "Compute everything, keep nothing but the results");
  sweep->add_flag("--json", options->json, "Print all runs as JSON and nothing else");
  sweep->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  slurm_options(sweep, options->slurm);
  sweep->get_option("--budget")->excludes("--slurm");
  ranks_options(p, sweep);
  sweep->callback([=, &p] {
    if (options->out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
    if (sweep->count("--shard") && options->shard.empty()) throw CLI::ValidationError("--shard", "takes I/N (such as 1/4), found nothing");
    take_words(sweep, options->spec, options->jobs, options->slurm);
    options->cache = p.cache;
  });
  examples(sweep, kSweepExamples);
  p.commands.push_back({sweep,
                        [=, &p] {
                          refuse_slurm_on_ranks(p, options->slurm);
                          options->ranks = p.ranks;
                          return cli::sweep(*options);
                        },
                        true});
}

void add_compare(Program& p) {
  const auto options = std::make_shared<CompareOptions>();
  auto* compare = p.app.add_subcommand(
      "compare", "Fronts of use and leak: every defence with as many settings, under every attacker; started again it goes on");
  compare->add_option("spec", options->spec, "A specification, as of run; the others are compared with its defence")->required();
  set_option(compare, options->set, "Change a field for all runs: PATH=VALUE");
  compare->add_option("--out", options->out, "Folder for runs, table and chart")->type_name("DIR")->required();
  compare->add_option("--settings", options->settings, "Settings of each defence (default 24, with --quick 4)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  compare->add_option("--seeds", options->seeds, "Seeds, from the specification's on (default 8, with --quick 2)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  compare->add_option("--shard", options->shard, "Run only this share of the list, for several machines with one folder")->type_name("I/N");
  compare->add_flag("--quick", options->quick, "Fewer settings and seeds, shorter attacks");
  compare->add_option("--jobs", options->jobs, "Runs at a time; as many as cores if not given")->check(CLI::Range(1, 256))->type_name("N");
  device_option(compare, options->device);
  compare->add_flag("--no-cache", options->no_cache, "Compute everything, keep nothing but the results");
  compare->add_flag("--json", options->json, "Print the table as JSON and nothing else");
  compare->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  slurm_options(compare, options->slurm);
  ranks_options(p, compare);
  compare->callback([=, &p] {
    if (options->out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
    if (options->quick && compare->count("--seeds") == 0) options->seeds = 2;
    if (options->quick && compare->count("--settings") == 0) options->settings = 4;
    if (compare->count("--shard") && options->shard.empty())
      throw CLI::ValidationError("--shard", "takes I/N (such as 1/4), found nothing");
    take_words(compare, options->spec, options->jobs, options->slurm);
    options->cache = p.cache;
  });
  examples(compare, kCompareExamples);
  p.commands.push_back({compare,
                        [=, &p] {
                          refuse_slurm_on_ranks(p, options->slurm);
                          options->ranks = p.ranks;
                          return cli::compare(*options);
                        },
                        true});
}

void add_collect(Program& p) {
  const auto options = std::make_shared<CollectOptions>();
  auto* collect = p.app.add_subcommand(
      "collect", "Bring together what many processes did of a sweep or a comparison: results.sqlite, tables and chart");
  collect->add_option("dir", options->out, "A folder that mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  collect->add_option("--utility", options->utility, "Measure of the chart's upward axis")->type_name("NAME");
  collect->add_option("--privacy", options->privacy, "Measure of its axis to the right")->type_name("NAME");
  examples(collect, kCollectExamples);
  p.commands.push_back({collect, [=] { return cli::collect(*options); }});
}

}  // namespace mid::cli
