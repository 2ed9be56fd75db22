#include "run_store.hpp"

#include <algorithm>
#include <map>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

fs::path run_file(const fs::path& out, const SweepRun& run) { return out / "runs" / (run.id + ".json"); }

Ending ending_of_run(const SweepRun& run) {
  if (!run.refused.empty()) return Ending::refused;
  if (!run.result) return Ending::none;
  // What failed on a GPU may have been lost with it: the same command tries again.
  return !run.result->failed ? Ending::well : run.result->failed->device ? Ending::lost : Ending::failed;
}

}  // namespace

RunStore::RunStore(fs::path out, const SweepPlan& plan, Share share)
    : out_(std::move(out)), list_(sha256(plan.description.dump())), size_(plan.size()), plan_(plan) {
  if (size_ <= kMostHeldRuns) return;
  segments_ = std::make_unique<Segments>(segments_folder(out_), list_, size_, share);
  writer_ = std::make_unique<SegmentWriter>(segments_folder(out_), list_, share);
}

void RunStore::look_again() {
  if (segments_) segments_ = std::make_unique<Segments>(segments_folder(out_), list_, size_);
}

bool RunStore::read(SweepRun& run) const {
  std::error_code error;
  if (run.ended()) return true;
  try {
    return fs::is_regular_file(run_file(out_, run), error) && unpack_sweep_run(read_file(run_file(out_, run), kLargestJson), run);
  } catch (const Error&) {  // the disk cannot read it: it runs again
    return false;
  }
}

Ending RunStore::ending(std::size_t place, const SweepRun& run) const {
  if (segments_) return segments_->ending(place);
  SweepRun copy = run;
  return read(copy) ? ending_of_run(copy) : Ending::none;
}

void RunStore::write(std::size_t place, const SweepRun& run, const Result& result) {
  if (!segments_) return write_file(run_file(out_, run), pack_sweep_run(result));
  const Ending ending = !run.refused.empty() || (result.failed && result.failed->input) ? Ending::refused
                        : !result.failed                                                ? Ending::well
                        : result.failed->device                                         ? Ending::lost
                                                                                        : Ending::failed;
  const std::string record = pack_sweep_record(run, result);
  const std::lock_guard lock(mutex_);
  writer_->append(place, ending, record);
  segments_->note(place, ending);
}

void RunStore::read_into(SweepRuns& runs) const {
  if (!segments_) {
    for (SweepRun& run : runs.runs) (void)read(run);
    return;
  }
  std::map<std::string, const SweepRun*> ended;  // two combinations may be one experiment, which ran once
  segments_->each([&](std::size_t place, const std::string& record) {
    SweepRun& run = runs.runs[place];
    SweepRun read = run;
    unpack_sweep_record(record, read);
    if (read.id != run.id) return;
    run = std::move(read);
    ended[run.id] = &run;
  });
  for (SweepRun& run : runs.runs)
    if (const auto found = ended.find(run.id); !run.ended() && found != ended.end())
      run.result = found->second->result, run.refused = found->second->refused;
}

void RunStore::each(const std::function<void(std::size_t, SweepRun&)>& see) const {
  const std::size_t seeds = std::max<std::size_t>(1, plan_.runs.seeds);
  const auto first = plan_.description.at("seeds").at("first").get<std::uint64_t>();
  segments_->each([&](std::size_t place, const std::string& record) {
    SweepRun run{place / seeds, first + place % seeds, {}, nullptr};
    unpack_sweep_record(record, run);
    see(place, run);
  });
}

}  // namespace mid::cli
