#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "mid/sweep/segments.hpp"
#include "mid/sweep/sweep.hpp"

namespace mid::cli {

/// Where a list's results lie in its folder: of at most kMostHeldRuns runs in a file each, OUT/runs/ID.json; of more in segments
/// (sweep/segments.hpp). Several programs write into one folder at once.
class RunStore {
 public:
  /// Looks at what there is, of a long list at what belongs to `share`.
  RunStore(std::filesystem::path out, const SweepPlan& plan, Share share = {});
  /// Looks again, at everything.
  void look_again();
  /// How the run at this place of the list ended. Of a list that is refused as a whole at once nobody needs to write that.
  Ending ending(std::size_t place, const SweepRun& run) const;
  /// The same of a long list, without its run.
  Ending ending(std::size_t place) const { return segments_->ending(place); }
  /// Keeps what came out of a run. Throws Failure when the disk refuses. Any thread.
  void write(std::size_t place, const SweepRun& run, const Result& result);
  /// Fills in what has ended of the runs that a plan holds.
  void read_into(SweepRuns& runs) const;
  /// Of a long list: brings each run that has ended, without its specification, in the order of the list.
  void each(const std::function<void(std::size_t place, SweepRun& run)>& see) const;
  bool in_segments() const { return segments_ != nullptr; }
  const std::filesystem::path& folder() const { return out_; }

 private:
  bool read(SweepRun& run) const;
  std::filesystem::path out_;
  std::string list_;
  std::size_t size_ = 0;
  const SweepPlan& plan_;
  std::unique_ptr<Segments> segments_;
  std::unique_ptr<SegmentWriter> writer_;
  std::mutex mutex_;
};

}  // namespace mid::cli
