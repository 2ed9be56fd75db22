#pragma once
#include <functional>
#include <string>
#include <vector>

#include "mid/experiment/named_files.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/report/sweep_runs.hpp"

namespace mid {

inline constexpr std::size_t kMostSweepRuns = 1'000'000;
/// Of longer lists no run is held in memory, and none has a file of its own (sweep/segments.hpp).
inline constexpr std::size_t kMostHeldRuns = 10'000;

/// A field and the values that a sweep gives it.
struct Vary {
  std::string path;
  std::vector<Json> values;
};

/// PATH=V1,V2,...: each value is JSON or else text, as in set_field; a comma inside brackets or quotes parts nothing. Throws
/// Error naming --vary for what is not of that form, an empty value or one given twice.
Vary read_vary(const std::string& text);

/// A sweep before it runs.
struct SweepPlan {
  /// What tells this sweep from another: {"version", "build", "spec", "vary":[{"path","values"}], "seeds":{"first","count"},
  /// "files":{PATH: SHA-256} of what the specifications name}. Equal descriptions have equal results.
  Json description;
  SweepRuns runs;  ///< checked: refused, or with id and specification; of more than kMostHeldRuns fields and values alone
  /// Makes the run at a place of the list, where `runs` holds none. May be called by several threads at once.
  std::function<SweepRun(std::size_t position)> make_run = {};
  std::size_t made = 0;  ///< how many `make_run` can make

  bool is_held() const { return !make_run; }
  std::size_t size() const { return is_held() ? runs.runs.size() : made; }
  /// The run at a place of the list, as it was planned.
  SweepRun run(std::size_t position) const { return is_held() ? runs.runs[position] : make_run(position); }
};

/// Every combination of the varied values, times `seeds` seeds from the specification's on. The values are set in the order
/// of `vary`. A combination that the specification refuses says so and leaves the others alone. Throws Error for
/// what would be no sweep: a field varied twice, or before the object that holds it is replaced; more than
/// kMostSweepRuns runs; every combination refused. Of more than kMostHeldRuns runs each is made and checked when it is asked for.
SweepPlan plan_sweep(const Json& spec, const std::vector<Vary>& vary, int seeds, NamedFiles files = {});

/// The same of a description, as it lies in a folder: of any bytes. Files that it names are not read again. Throws Error naming what is
/// missing or of another type.
SweepPlan plan_of(const Json& description);

/// One run of a list: `specification` makes and checks what it runs, and what it throws of Error is why the run is refused, as
/// is a file of `files` that cannot be read.
SweepRun planned_run(std::size_t combination, std::uint64_t seed, NamedFiles& files, const std::function<Spec()>& specification);

/// The first field in which two descriptions differ, and what stands there: "spec.train.epochs is 2 there and 3 here"; empty
/// if they are equal.
std::string difference(const Json& there, const Json& here);

/// A finished run as it is kept in a file: the result, where a failure may be the input's fault ("input" in "failed"), and
/// "sha256", the checksum of all the rest.
std::string pack_sweep_run(const Result& result);
/// Reads it into `run`. False: it is damaged (one byte is enough) or another run's, and the run has to be done again.
bool unpack_sweep_run(const std::string& bytes, SweepRun& run);

/// The same as a record of a segment (sweep/segments.hpp), which has a checksum and a place of its own: a line without the
/// specification, which follows from the place. `run` tells of one that was refused at once.
std::string pack_sweep_record(const SweepRun& run, const Result& result);
/// Reads it into `run`: its id, and what came out. Throws Error for what is none.
void unpack_sweep_record(const std::string& text, SweepRun& run);

}  // namespace mid
