// mid: trains, attacks and defends from the command line.
#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <utility>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/base/user_folders.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/version.hpp"
#include "ranks.hpp"

namespace {

constexpr int kBadInput = 2, kRunFailed = 1;

constexpr const char* kExamples = R"(
Examples:
  mid run preset:confidence                                  one number that tells the sex of strangers, and MID against it
  mid sweep preset:confidence --vary defense.beta=0.001,0.01,0.1 --seeds 3 --out trade-off
                                                             every combination, a table and a chart of the trade-off
  mid compare preset:visitors --quick --out rivals           whole fronts: every defence under every attacker
  mid schema > spec.schema.json                              every field that a specification may have
  mid run --help                                             more about one command

Exit codes: 0 done, 1 the run failed, 2 bad usage or input, 130 interrupted (its state is kept: run the same again).)";

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

constexpr const char* kShowExamples = R"(
Examples:
  mid show out                                               of mid run --out: what was measured
  mid show trade-off                                         of mid sweep --out: the table, of the runs that have ended
  mid show rivals --json                                     of mid compare --out)";

constexpr const char* kReportExamples = R"(
Examples:
  mid report out                                             out/report.html: figures, pictures, what was run, what it does not show
  mid report rivals --html rivals.html                       of mid compare --out)";

constexpr const char* kSchemaExamples = R"(
Examples:
  mid schema > spec.schema.json                              for an editor that completes and checks specifications
  mid schema --catalogue | jq '.presets')";

constexpr const char* kDataExamples = R"(
Examples:
  mid data list                                              what comes along, and under which licence
  mid data verify                                            whether the files are as they were delivered)";

constexpr const char* kLessonExamples = R"(
Examples:
  mid lesson list --language de                              what there is, in German
  mid lesson show memory --html > handout.html               to print: the class's pages, then the teacher's
  mid lesson play memory                                     runs every step and compares it with what the lesson promises)";

constexpr const char* kExportExamples = R"(
Examples:
  mid run preset:confidence --out own && mid export own --onnx own.onnx
                                                             for ONNX Runtime, or {"model": {"file": "own.onnx"}})";

constexpr const char* kServeExamples = R"(
Examples:
  mid run preset:visitors --set defense.kind=none --out teacher && mid serve teacher --host 0.0.0.0
                                                             a class attacks the teacher's model: {"model": {"url": "http://ADDRESS:8000/v2/models/m"}}
  mid serve teacher --lines                                  the same for model.command: a line in, a line out)";

constexpr const char* kBenchExamples = R"(
Examples:
  mid bench                                                  both devices, and from which size on --device auto takes the GPU
  mid bench --device cpu --most 1e9 --json                   the processor alone, nothing large)";

constexpr const char* kInfoExamples = R"(
Examples:
  mid info                                                   version, processor and where files are looked for
  mid info --devices                                         the GPU in full)";

constexpr const char* kCacheExamples = R"(
Examples:
  mid cache clear                                            removes all finished stages; the next runs compute them again
  mid cache clear --cache DIR                                of another folder)";

int complain(const char* sentence, int code) {
  mid::cli::tell(sentence);
  return code;
}

std::atomic<bool> memory_ended = false;

[[noreturn]] void no_memory() {
  memory_ended = true;
  throw std::bad_alloc();
}

/// Memory may also end inside a destructor (those of the JSON library need some), from where nothing can be thrown on. Which
/// exception that was cannot always be asked for: where a compiler has put such a function into another one, nobody catches it.
[[noreturn]] void end_at_once() {
  bool no_more = false;
  try {
    if (const std::exception_ptr why = std::current_exception()) std::rethrow_exception(why);
    no_more = memory_ended;
  } catch (const std::bad_alloc&) {
    no_more = true;
  } catch (const std::exception&) {  // the abort reports it
  }
  if (!no_more) std::abort();
  std::fputs("mid: there is not enough memory to go on; ask for less at a time\n", stderr);
  std::_Exit(kRunFailed);
}

}  // namespace

namespace {

/// All that main does; `ranks` are the other processes of this program, if there are any.
int command_line(int argc, char** argv, mid::cli::Ranks* ranks) {
  using namespace mid;
  std::set_new_handler(no_memory);
  std::set_terminate(end_at_once);
  try {
    (void)preset_names();  // the help lists them; one from outside the tree may be wrong
  } catch (const Error& e) {
    return complain(e.what(), kBadInput);
  }
  CLI::App app{"midlab " + std::string(kVersion) +
               ": what a trained model gives away about its records, and what mutual-information regularisation does about it"};
  app.name("mid");
  app.footer(kExamples);
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);

  cli::RunOptions options;
  options.cache = user_cache_folder();
  auto* run = app.add_subcommand("run", "Train, attack and measure one experiment");
  run->add_option("spec", options.spec,
                  "A specification (JSON file, - for standard input) or preset:NAME; presets: " + listed(preset_names()))
      ->required();
  run->add_option("--set", options.set, "Change a field: PATH=VALUE, as often as wanted; choosing a kind takes that kind's defaults")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  run->add_option("--out", options.out, "Write spec.json, result.json, the model, pictures, arrays.npz and records.csv into this folder")
      ->type_name("DIR");
  run->add_flag("--json", options.json, "Print the result as JSON and nothing else");
  run->add_option("--seeds", options.seeds, "Run this many seeds, from the specification's on, and give mean and standard deviation")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  run->add_option("--cache", options.cache, "Folder of finished stages")->type_name("DIR");
  run->add_flag("--no-cache", options.no_cache, "Compute everything, keep nothing");
  const auto device_option = [](CLI::App* command, std::string& device) {
    command
        ->add_option("--device", device, "What networks are computed on: cpu, gpu (docs/gpu.md), or auto: whoever is faster by mid bench")
        ->check(CLI::IsMember({"cpu", "gpu", "auto"}))
        ->type_name("DEVICE");
  };
  device_option(run, options.device);
  run->add_option("--threads", options.threads, "Threads that share the work of large networks; as many as cores, 8 at most, if not given")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  run->add_option("--slice", options.slice, "Units of work at a time (a test of determinism: the result must not change)")
      ->check(CLI::Range(0, 1000000))
      ->type_name("N");
  run->add_flag("--thread", options.threaded, "Work on a thread of its own, as the desktop does (likewise)")
      ->excludes("--out")
      ->excludes("--seeds");

  cli::SweepOptions sweep_options;
  auto* sweep = app.add_subcommand(
      "sweep", "Run every combination of some values, with tables and a chart of the trade-off; started again it goes on");
  sweep->add_option("spec", sweep_options.spec, "A specification, as of run")->required();
  sweep->add_option("--set", sweep_options.set, "Change a field for all runs: PATH=VALUE")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  sweep
      ->add_option("--vary", sweep_options.vary,
                   "Give a field several values: PATH=V1,V2,..., as often as wanted; set in this order, after --set")
      ->type_name("PATH=V1,V2,...")
      ->allow_extra_args(false)
      ->take_all();
  sweep->add_option("--seeds", sweep_options.seeds, "Run each combination with this many seeds, from the specification's on")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  sweep->add_option("--out", sweep_options.out, "Folder for runs, tables and chart")->type_name("DIR")->required();
  sweep->add_option("--shard", sweep_options.shard, "Run only this share of the list, for several machines with one folder")
      ->type_name("I/N");
  sweep
      ->add_option("--budget", sweep_options.budget,
                   "At most this many runs: all combinations with few seeds, the better half with more, and so on (docs/reproduce.md)")
      ->check(CLI::Range(1, 1000000))
      ->excludes("--shard")
      ->type_name("N");
  sweep->add_option("--jobs", sweep_options.jobs, "Runs at a time; as many as cores if not given")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  sweep->add_option("--utility", sweep_options.utility, "Measure of the chart's upward axis")->type_name("NAME");
  sweep->add_option("--privacy", sweep_options.privacy, "Measure of its axis to the right")->type_name("NAME");
  device_option(sweep, sweep_options.device);
  sweep->add_flag("--no-cache", sweep_options.no_cache, "Compute everything, keep nothing but the results");
  sweep->add_flag("--json", sweep_options.json, "Print all runs as JSON and nothing else");
  sweep->add_option("--cache", options.cache, "Folder of finished stages")->type_name("DIR");

  const auto slurm_options = [](CLI::App* command, cli::SlurmOptions& slurm) {
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
  };
  // The command again, for a task of such an array.
  const auto take_words = [](CLI::App* command, const std::string& spec, int jobs, cli::SlurmOptions& slurm) {
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
  };
  slurm_options(sweep, sweep_options.slurm);
  sweep->get_option("--budget")->excludes("--slurm");

  cli::CompareOptions compare_options;
  auto* compare = app.add_subcommand(
      "compare", "Fronts of use and leak: every defence with as many settings, under every attacker; started again it goes on");
  compare->add_option("spec", compare_options.spec, "A specification, as of run; the others are compared with its defence")->required();
  compare->add_option("--set", compare_options.set, "Change a field for all runs: PATH=VALUE")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  compare->add_option("--out", compare_options.out, "Folder for runs, table and chart")->type_name("DIR")->required();
  compare->add_option("--settings", compare_options.settings, "Settings of each defence (default 24, with --quick 4)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  compare->add_option("--seeds", compare_options.seeds, "Seeds, from the specification's on (default 8, with --quick 2)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  compare->add_option("--shard", compare_options.shard, "Run only this share of the list, for several machines with one folder")
      ->type_name("I/N");
  compare->add_flag("--quick", compare_options.quick, "Fewer settings and seeds, shorter attacks");
  compare->add_option("--jobs", compare_options.jobs, "Runs at a time; as many as cores if not given")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  device_option(compare, compare_options.device);
  compare->add_flag("--no-cache", compare_options.no_cache, "Compute everything, keep nothing but the results");
  compare->add_flag("--json", compare_options.json, "Print the table as JSON and nothing else");
  compare->add_option("--cache", options.cache, "Folder of finished stages")->type_name("DIR");

  slurm_options(compare, compare_options.slurm);
  double patience = 60;
  sweep_options.ranks = compare_options.ranks = ranks;
  if (ranks)
    for (auto* s : {sweep, compare})
      s->add_option("--patience", patience, "Seconds without a word after which a rank is lost, and its run goes to another (default 60)")
          ->check(CLI::Range(1.0, 86400.0))
          ->excludes("--slurm")
          ->type_name("SECONDS");

  cli::CollectOptions collect_options;
  auto* collect =
      app.add_subcommand("collect", "Bring together what many processes did of a sweep or a comparison: results.sqlite, tables and chart");
  collect->add_option("dir", collect_options.out, "A folder that mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  collect->add_option("--utility", collect_options.utility, "Measure of the chart's upward axis")->type_name("NAME");
  collect->add_option("--privacy", collect_options.privacy, "Measure of its axis to the right")->type_name("NAME");

  std::filesystem::path folder;
  bool show_json = false;
  auto* show = app.add_subcommand("show", "Print a finished run, or the table of a sweep or a comparison");
  show->add_option("dir", folder, "A folder that mid run, mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  show->add_flag("--json", show_json, "As JSON");

  std::filesystem::path report_folder, report_file;
  auto* report = app.add_subcommand("report", "Write what a run, a sweep or a comparison gave as one HTML file, to send or to print");
  report->add_option("dir", report_folder, "A folder that mid run, mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  report->add_option("--html", report_file, "The file (report.html in that folder)")->type_name("FILE");

  bool catalogue = false;
  auto* schema = app.add_subcommand("schema", "Print the JSON Schema of specifications");
  schema->add_flag("--catalogue", catalogue, "Print what forms are made of instead: sections, entries, parameters, presets");

  auto* data = app.add_subcommand("data", "The data sets that come along, and what a model learns from");
  data->require_subcommand(1);
  auto* data_list = data->add_subcommand("list", "Names, sizes, licences");
  auto* data_verify = data->add_subcommand("verify", "Compare every file with its SHA-256");
  cli::DataOptions data_options;
  auto* data_columns =
      data->add_subcommand("columns", "Print the inputs of a specification's model in order, whole, with meaning and units");
  auto* data_export =
      data->add_subcommand("export", "Write the records of a specification with their parts and row numbers, to train a model elsewhere");
  for (auto* s : {data_columns, data_export}) {
    s->add_option("spec", data_options.spec, "A specification, as of run")->required();
    s->add_option("--set", data_options.set, "Change a field: PATH=VALUE")->type_name("PATH=VALUE")->allow_extra_args(false)->take_all();
  }
  data_columns->add_flag("--json", data_options.json, "As JSON");
  data_export
      ->add_option("--out", data_options.out, "Folder for records.csv (or inputs.npy, target.npy, part.npy, row.npy) and columns.json")
      ->type_name("DIR")
      ->required();
  data_export->add_option("--format", data_options.format, "csv, or npy for NumPy")
      ->check(CLI::IsMember({"csv", "npy"}))
      ->type_name("FORMAT");

  cli::LessonOptions lesson_options;
  bool lesson_json = false, lesson_html = false;
  auto* lesson = app.add_subcommand("lesson", "Lessons for a class: what the page plays step by step (docs/teach.md)");
  lesson->require_subcommand(1);
  auto* lesson_list = lesson->add_subcommand("list", "Names, time, titles");
  auto* lesson_show = lesson->add_subcommand("show", "Print a lesson with its answers and the teacher's notes");
  auto* lesson_play = lesson->add_subcommand("play", "Run every step and compare it with what the lesson promises");
  for (auto* s : {lesson_show, lesson_play})
    s->add_option("name", lesson_options.name, "A lesson of mid lesson list")->required()->type_name("NAME");
  std::vector<std::string> codes;
  for (const mid::Language& l : mid::languages()) codes.emplace_back(l.code);
  for (auto* s : {lesson_list, lesson_show, lesson_play})
    s->add_option("--language", lesson_options.language, mid::listed(codes))->check(CLI::IsMember(codes))->type_name("LANGUAGE");
  for (auto* s : {lesson_list, lesson_play}) s->add_flag("--json", lesson_json, "As JSON");
  lesson_show->add_flag("--html", lesson_html, "As a hand-out to print: the class's pages, then the teacher's");
  lesson_play->add_option("--seed", lesson_options.seed, "Another draw of everything that is random")
      ->check(CLI::Range(std::uint64_t{0}, kLargestSeed))
      ->type_name("N");
  lesson_play->add_option("--cache", options.cache, "Folder of finished stages")->type_name("DIR");

  cli::ExportOptions export_options;
  auto* export_model = app.add_subcommand("export", "Write a finished run's network or regression as an ONNX file");
  export_model->add_option("run", export_options.run, "A folder that mid run wrote (--out)")->required()->type_name("DIR");
  export_model->add_option("--onnx", export_options.onnx, "The file to write")->required()->type_name("FILE");

  cli::ServeOptions serve_options;
  auto* serve = app.add_subcommand("serve", "Answer for a finished run, with its release and noise, by the Open Inference Protocol V2");
  serve->add_option("run", serve_options.run, "A folder that mid run wrote (--out)")->required()->type_name("DIR");
  serve->add_option("--port", serve_options.port, "Port; 0: any that is free")->check(CLI::Range(0, 65535))->type_name("N");
  serve->add_option("--host", serve_options.host, "Address to listen on; 0.0.0.0: everybody who can reach this machine")->type_name("H");
  serve->add_option("--limit", serve_options.limit, "Records that one address may ask about; then it gets status 429")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 53))
      ->type_name("N");
  serve->add_flag("--lines", serve_options.lines, "Answer lines of standard input instead (model.command)")
      ->excludes("--port")
      ->excludes("--host")
      ->excludes("--limit");

  bool devices = false;
  auto* info = app.add_subcommand("info", "Version, processor, folders");
  info->add_flag("--devices", devices, "The GPU in full: adapter, driver, limits, library");
  cli::BenchOptions bench_options;
  auto* bench = app.add_subcommand("bench", "Time networks by size on processor and GPU, and where the GPU begins to be faster");
  bench->add_option("--device", bench_options.device, "all: both, with their ratio; cpu or gpu: one of them")
      ->check(CLI::IsMember({"all", "cpu", "gpu"}))
      ->type_name("DEVICE");
  bench->add_option("--most", bench_options.most, "Leave out work of more operations than this")
      ->check(CLI::Range(1e6, 1e15))
      ->type_name("N");
  bench->add_flag("--json", bench_options.json, "As JSON");
  auto* cache = app.add_subcommand("cache", "Finished stages of earlier runs");
  cache->require_subcommand(1);
  auto* cache_clear = cache->add_subcommand("clear", "Remove them all");
  for (auto* s : {info, cache_clear}) s->add_option("--cache", options.cache, "Folder of finished stages")->type_name("DIR");

  // Each command's own; those below it have its.
  const std::pair<CLI::App*, const char*> examples[] = {
      {run, kRunExamples},       {sweep, kSweepExamples},   {compare, kCompareExamples},     {collect, kCollectExamples},
      {show, kShowExamples},     {report, kReportExamples}, {schema, kSchemaExamples},       {data, kDataExamples},
      {lesson, kLessonExamples}, {serve, kServeExamples},   {export_model, kExportExamples}, {info, kInfoExamples},
      {bench, kBenchExamples},   {cache, kCacheExamples}};
  for (const auto& [command, text] : examples) {
    command->footer(text);
    for (CLI::App* below : command->get_subcommands({})) below->footer(text);
  }

  run->callback([&] {
    if (run->count("--out") && options.out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
  });
  sweep->callback([&] {
    if (sweep_options.out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
    if (sweep->count("--shard") && sweep_options.shard.empty())
      throw CLI::ValidationError("--shard", "takes I/N (such as 1/4), found nothing");
    take_words(sweep, sweep_options.spec, sweep_options.jobs, sweep_options.slurm);
    sweep_options.cache = options.cache;
  });
  compare->callback([&] {
    if (compare_options.out.empty()) throw CLI::ValidationError("--out", "must name a folder, found nothing");
    if (compare_options.quick && compare->count("--seeds") == 0) compare_options.seeds = 2;
    if (compare_options.quick && compare->count("--settings") == 0) compare_options.settings = 4;
    if (compare->count("--shard") && compare_options.shard.empty())
      throw CLI::ValidationError("--shard", "takes I/N (such as 1/4), found nothing");
    take_words(compare, compare_options.spec, compare_options.jobs, compare_options.slurm);
    compare_options.cache = options.cache;
  });

  // The library takes an empty value for none and the next word for the value.
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool empty = word.empty() && i > 1 && std::string(argv[i - 1]).starts_with("--");
    if (empty || (word.starts_with("--") && word.ends_with("=")))
      return complain(
          ((empty ? std::string(argv[i - 1]) : word.substr(0, word.size() - 1)) + " must not be empty, found nothing; see mid --help")
              .c_str(),
          kBadInput);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    if (!ranks || ranks->hands_out()) std::cout << app.help();
    return 0;
  } catch (const CLI::CallForAllHelp&) {
    std::cout << app.help("", CLI::AppFormatMode::All);
    return 0;
  } catch (const CLI::CallForVersion&) {
    std::cout << kVersion << "\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    std::string sentence = e.what();  // one line, whatever the library wrote
    for (char& c : sentence)
      if (c == '\n') c = ' ';
    // The library asks for a command and does not say which word it did not take for one.
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty())
      sentence =
          std::string(argv[1]) +
          " is not a command; there are run, sweep, compare, collect, show, schema, data, lesson, export, serve, bench, info and cache";
    return complain((sentence + "; see mid --help").c_str(), kBadInput);
  }

  try {
    if (ranks) {
      if (!*sweep && !*compare)
        throw Error("mid-mpi", "does sweep and compare on many ranks; for " + app.get_subcommands()[0]->get_name() + " take mid");
      if (sweep_options.slurm.on || compare_options.slurm.on)
        throw Error("--slurm", "is no option under mpirun; take mid, whose tasks need no MPI");
      ranks->set_patience(patience);
    }
    int code = 0;
    if (*run) code = cli::run(options);
    if (*sweep) code = cli::sweep(sweep_options);
    if (*compare) code = cli::compare(compare_options);
    if (*collect) code = cli::collect(collect_options);
    if (*show) code = cli::show(folder, show_json);
    if (*report) code = cli::report(report_folder, report_file);
    if (*schema) code = cli::schema(catalogue);
    if (*data_list) code = cli::data_list();
    if (*data_verify) code = cli::data_verify();
    if (*data_columns) code = cli::data_columns(data_options);
    if (*data_export) code = cli::data_export(data_options);
    lesson_options.cache = options.cache, lesson_options.json = lesson_json;
    if (*lesson_list) code = cli::lesson_list(lesson_options.language, lesson_json);
    if (*lesson_show) code = cli::lesson_show(lesson_options.name, lesson_options.language, lesson_html);
    if (*lesson_play) code = cli::lesson_play(lesson_options);
    if (*export_model) code = cli::export_model(export_options);
    if (*serve) code = cli::serve(serve_options);
    if (*bench) code = cli::bench(bench_options);
    if (*info) code = cli::info(options.cache, devices);
    if (*cache_clear) code = cli::cache_clear(options.cache);
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0)
      return complain("standard output could not be written; check the disk or the program that reads it", kRunFailed);
    return code;
  } catch (const Error& e) {
    return complain(e.what(), kBadInput);
  } catch (const Failure& e) {
    return complain(e.what(), kRunFailed);
  } catch (const std::exception& e) {  // nothing we know of: still a sentence and an exit code, not an abort
    return complain((std::string("an unexpected error: ") + e.what()).c_str(), kRunFailed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::unique_ptr<mid::cli::Ranks> ranks = mid::cli::ranks();
  const int code = command_line(argc, argv, ranks.get());
  if (ranks) ranks->end(code);
  return code;
}
