#include "mid/session/thread_host.hpp"

#include "mid/base/message.hpp"
#include "mid/base/text.hpp"

#ifndef __EMSCRIPTEN__  // the page's host is a worker of its own (web/shell)

namespace mid {

namespace {
constexpr double kSlice = 15;  // ms between two looks at the commands: half a frame's delay at most

Snapshot failed_snapshot(const Json& tag, const std::string& why) {
  const Message message = Message("refusal.unexpected").with("why", printable(why));
  Snapshot s;
  s.state = RunState::failed, s.tag = tag, s.error = Trouble{"", message.in("en"), message, false};
  return s;
}
}  // namespace

ThreadHost::ThreadHost(std::filesystem::path cache_folder, std::function<void()> on_news, DeviceMaker devices, std::string wish,
                       ChannelMaker channels)
    : session_(std::move(cache_folder), 64ull << 20, 2ull << 30, std::move(devices), std::move(wish), std::move(channels)),
      on_news_(std::move(on_news)),
      thread_([this] { work(); }) {}

ThreadHost::~ThreadHost() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ThreadHost::command(Json command) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
    resting_ = false;
  }
  wake_.notify_all();
}

std::optional<Snapshot> ThreadHost::newest() {
  const std::lock_guard lock(mutex_);
  if (!fresh_) return std::nullopt;
  fresh_ = false;
  return snapshot_;
}

Snapshot ThreadHost::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return resting_; });
  fresh_ = false;
  return snapshot_;
}

void ThreadHost::work() {
  bool busy = false;
  Json tag;  // of the newest run
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!busy) wake_.wait(lock, [this] { return stop_ || !commands_.empty(); });
      if (stop_) return;
      while (!commands_.empty()) {
        if (const Json& c = commands_.front(); c.is_object() && c.value("do", Json()) == "run") tag = c.value("tag", Json());
        session_.command(commands_.front());
        commands_.pop_front();
      }
    }
    Snapshot next;
    try {
      busy = session_.advance(kSlice);
      next = session_.snapshot();
    } catch (const std::exception& e) {  // memory that ends outside a unit of work: nobody is above this thread to catch it
      busy = false;
      next = failed_snapshot(tag, e.what());
    }
    bool news = false;
    {
      const std::lock_guard lock(mutex_);
      // A snapshot that nobody fetched may carry what the next one will not repeat.
      if (fresh_) next.take_unseen(std::move(snapshot_));
      snapshot_ = std::move(next);
      news = !fresh_;
      fresh_ = true;
      resting_ = !busy && commands_.empty();
      if (resting_) changed_.notify_all();
    }
    if (news && on_news_) on_news_();
  }
}

}  // namespace mid

#endif
