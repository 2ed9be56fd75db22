#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "mid/session/session.hpp"

namespace mid {

/// A Session on a thread of its own: the desktop's host. Commands go in and snapshots come out by copy, so the two sides
/// share nothing.
class ThreadHost {
 public:
  /// `on_news` is called from the working thread, once each time newest() begins to have something to fetch. It must not
  /// call this object; waking whoever does is its use.
  explicit ThreadHost(std::filesystem::path cache_folder = {}, std::function<void()> on_news = {}, DeviceMaker devices = {},
                      std::string wish = "cpu", ChannelMaker channels = {});
  /// Stops the work at its next unit and joins.
  ~ThreadHost();
  void command(Json command);
  /// The newest snapshot if there is one that was not fetched yet.
  std::optional<Snapshot> newest();
  /// Waits until a snapshot is there whose state is done, failed or idle with no command waiting.
  Snapshot wait();

 private:
  void work();
  Session session_;
  std::function<void()> on_news_;
  std::mutex mutex_;
  std::condition_variable wake_, changed_;
  std::deque<Json> commands_;
  Snapshot snapshot_;
  bool fresh_ = false, resting_ = true, stop_ = false;
  std::thread thread_;
};

}  // namespace mid
