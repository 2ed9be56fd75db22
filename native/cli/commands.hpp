#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mid/base/json.hpp"

namespace mid::cli {

class Ranks;

/// What the words of the command line mean; one function a command. Each returns the exit code: 0 done, 1 the run failed,
/// 2 bad usage or input, 130 interrupted. Bad input is thrown as mid::Error and becomes 2 in main.

struct RunOptions {
  std::string spec;              ///< a file, "-" for standard input, or preset:NAME
  std::vector<std::string> set;  ///< PATH=VALUE
  std::filesystem::path out;     ///< empty: nothing is written
  std::filesystem::path cache;
  bool json = false, no_cache = false;
  bool all_victims = false;  ///< records.csv and arrays.npz are of everybody attacked
  int seeds = 1;
  int slice = 0;               ///< units between two looks at the clock; 0: by time
  bool threaded = false;       ///< the session runs on a thread of its own
  std::string device = "cpu";  ///< cpu, gpu or auto
  int threads = 0;             ///< that share what the processor does; 0: as many as cores
};
int run(const RunOptions& options);

/// A job array of Slurm in the place of runs on this machine.
struct SlurmOptions {
  bool on = false, dry_run = false;     ///< dry_run: print the script and do nothing
  std::string partition, time, memory;  ///< empty: the cluster's own
  int runs_per_task = 0;                ///< 0: a hundred tasks
  std::vector<std::string> words;       ///< the command again, without these options, with "--jobs N"
  int jobs = 1;                         ///< N
};

struct SweepOptions {
  std::string spec;  ///< as of run
  std::vector<std::string> set, vary;
  std::filesystem::path out, cache;
  std::string shard;             ///< I/N; empty: all
  std::string utility, privacy;  ///< measures of the chart; empty: the usual ones
  bool json = false, no_cache = false;
  int seeds = 1, jobs = 0;  ///< jobs 0: as many as cores
  int budget = 0;           ///< runs that successive halving may spend; 0: all combinations have all seeds
  std::string device = "cpu";
  SlurmOptions slurm;
  Ranks* ranks = nullptr;  ///< none: this process alone
};
int sweep(const SweepOptions& options);
struct CompareOptions {
  std::string spec;  ///< as of run
  std::vector<std::string> set;
  std::filesystem::path out, cache;
  std::string shard;  ///< as of sweep
  bool json = false, quick = false, no_cache = false;
  int settings = 24, seeds = 8, jobs = 0;
  std::string device = "cpu";
  SlurmOptions slurm;
  Ranks* ranks = nullptr;  ///< none: this process alone
};
int compare(const CompareOptions& options);
struct CollectOptions {
  std::filesystem::path out;     ///< a folder that mid sweep or mid compare wrote
  std::string utility, privacy;  ///< as of sweep
  bool json = false;
};
/// Brings together what many processes did: results.sqlite, tables and chart of a sweep, the fronts of a comparison.
int collect(const CollectOptions& options);
int collect_sweep(const CollectOptions& options);
int collect_comparison(const CollectOptions& options);
int show(const std::filesystem::path& folder, bool json);
/// The same of a folder that mid sweep wrote: its table, of the runs that have ended.
int show_sweep(const std::filesystem::path& folder, bool json);
/// The same of a folder that mid compare wrote.
int show_comparison(const std::filesystem::path& folder, bool json);
/// Writes one HTML file about what such a folder holds; `html` empty: report.html in the folder.
int report(const std::filesystem::path& folder, const std::filesystem::path& html);
int schema(bool catalogue);
int data_list();
int data_verify();
struct DataOptions {
  std::string spec;  ///< as of run
  std::vector<std::string> set;
  std::filesystem::path out;
  std::string format = "csv";  ///< csv or npy
  bool json = false;
};
/// Prints the inputs of a specification's model in order, whole: name, meaning, unit, mean and sd.
int data_columns(const DataOptions& options);
/// Writes the records of a specification with their parts and row numbers, as a model of one's own needs them.
int data_export(const DataOptions& options);
int info(const std::filesystem::path& cache, bool devices);
struct BenchOptions {
  std::string device = "all";
  double most = 1e12;  ///< operations of the largest piece of work
  bool json = false;
};
/// Times pieces of work by size on processor and GPU, and writes the rule of --device auto.
int bench(const BenchOptions& options);
int cache_clear(const std::filesystem::path& cache);
struct ExportOptions {
  std::filesystem::path run;   ///< a folder that mid run --out wrote
  std::filesystem::path onnx;  ///< the file to write
};
/// Writes a finished run's model in another program's form.
int export_model(const ExportOptions& options);
struct ServeOptions {
  std::filesystem::path run;  ///< a folder that mid run --out wrote
  std::string host = "127.0.0.1";
  int port = 8000;            ///< 0: any that is free
  std::int64_t limit = 1000;  ///< records that an address may ask about
  bool lines = false;         ///< on standard input and output instead
};
/// Answers until Ctrl-C.
int serve(const ServeOptions& options);

struct LessonOptions {
  std::string name, language = "en";
  std::filesystem::path cache;
  bool json = false;
  std::uint64_t seed = 1;
};
int lesson_list(const std::string& language, bool json);
int lesson_show(const std::string& name, const std::string& language, bool html);
/// Runs every step and compares it with what the lesson promises; 1 when something came otherwise.
int lesson_play(const LessonOptions& options);

}  // namespace mid::cli
