#include "run_list.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "common.hpp"
#include "gpu/choice.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/language.hpp"
#include "mid/session/session.hpp"
#include "mid/sweep/sweep.hpp"
#include "outside/channels.hpp"
#include "run_folder.hpp"

namespace mid::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kJobMemory = 16ull << 20;  // of finished stages a job; the folder holds the rest
constexpr std::uint64_t kJobDisk = 2ull << 30;

/// What failed on a GPU may have been lost with it: the same command tries again.
bool has_ended(Ending ending) { return ending != Ending::none && ending != Ending::lost; }

/// Keeps other programs from claiming a folder at the same moment. Where the file system knows no locks, create_file still lets
/// one win.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) : folder_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ >= 0) flock(folder_, LOCK_EX);
  }
  ~FolderLock() {
    if (folder_ >= 0) close(folder_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int folder_;
};

std::string rough_time(double seconds) {
  char text[48];
  if (seconds < 90)
    std::snprintf(text, sizeof text, "about %.0f s left", std::max(1.0, seconds));
  else if (seconds < 5400)
    std::snprintf(text, sizeof text, "about %.0f min left", seconds / 60);
  else
    std::snprintf(text, sizeof text, "about %.1f h left", seconds / 3600);
  return text;
}

/// The runs that are left of a list. Any thread.
class ToDo {
 public:
  ToDo(const SweepPlan& plan, std::vector<std::size_t> places) : plan_(plan), places_(std::move(places)) {}
  std::size_t size() const { return places_.size(); }
  const std::vector<std::size_t>& places() const { return places_; }

  /// The next run. Of a list that is held: one whose model nobody is training just now, so that runs that differ in their release or
  /// attack alone find it trained.
  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    if (!again_.empty()) {
      const std::size_t place = again_.back();
      again_.pop_back();
      training_.insert(model_of(place));
      return place;
    }
    if (taken_ == places_.size()) return std::nullopt;
    const auto first = places_.begin() + static_cast<std::ptrdiff_t>(taken_++);
    if (plan_.is_held()) {
      auto next = first;
      for (auto i = first; i != places_.end() && i - first < 200; ++i)
        if (!training_.contains(model_of(*i))) {
          next = i;
          break;
        }
      std::rotate(first, next, next + 1);
    }
    training_.insert(model_of(*first));
    return *first;
  }
  /// Nobody has this run any more.
  void release(std::size_t place) {
    const std::lock_guard lock(mutex_);
    training_.erase(training_.find(model_of(place)));
  }
  /// It is the next that somebody gets.
  void give_back(std::size_t place) {
    const std::lock_guard lock(mutex_);
    again_.push_back(place);
  }

 private:
  std::string model_of(std::size_t place) const {
    if (!plan_.is_held()) return "";
    Json spec = plan_.runs.runs[place].spec;
    for (const char* later : {"release", "attack"}) spec.erase(later);
    return spec.dump();
  }
  const SweepPlan& plan_;
  std::vector<std::size_t> places_, again_;
  std::size_t taken_ = 0;
  std::multiset<std::string> training_;
  std::mutex mutex_;
};

/// Works a list of runs off on several threads, each with a Session of its own; they share the stage cache's folder. Beside other processes
/// one of which hands the runs out, it does what that one gives it.
class Jobs {
 public:
  Jobs(const RunListOptions& options, const SweepPlan& plan, RunStore& store, ToDo& todo, std::size_t ended)
      : options_(options), plan_(plan), store_(store), todo_(todo), ended_(ended), total_(ended + todo.size()) {}

  /// Returns when all have ended, or at Ctrl-C. Throws what stopped the work as a whole (a full disk).
  void run() {
    const auto start = std::chrono::steady_clock::now();
    const bool watched = isatty(STDERR_FILENO) != 0;
    std::vector<std::thread> threads;
    const std::size_t wished = options_.jobs > 0 ? static_cast<std::size_t>(options_.jobs)
                               : options_.ranks  ? 1
                                                 : std::max(1u, std::thread::hardware_concurrency());
    const std::size_t n = options_.ranks ? wished : std::min(todo_.size(), wished);
    // A run a core; whoever asks for one at a time means one core.
    threads_of_run_ = n == 1 && options_.jobs == 0 && !options_.ranks ? 0 : 1;
    for (working_ = n; threads.size() < n;) threads.emplace_back([this, i = static_cast<int>(threads.size())] { work(i); });
    {
      std::unique_lock lock(mutex_);
      while (working_ > 0) {
        news_.wait_for(lock, std::chrono::milliseconds(250));
        if (options_.ranks) options_.ranks->alive();
        if (!watched || options_.ranks) continue;
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::string line =
            count_words(static_cast<long long>(ended_ + done_)) + " of " + count_words(static_cast<long long>(total_)) + " runs";
        if (done_ > 0 && ended_ + done_ < total_)
          line += ", " + rough_time(seconds / static_cast<double>(done_) * static_cast<double>(total_ - ended_ - done_));
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
        std::fflush(stderr);
      }
    }
    for (std::thread& t : threads) t.join();
    if (watched) std::fprintf(stderr, "\r\033[K");
    if (broken_) std::rethrow_exception(broken_);
  }
  const std::string& cache_warning() const { return cache_warning_; }
  /// What there is to say of the device that was wished for.
  const std::string& device_note() const { return device_note_; }

 private:
  std::optional<std::size_t> take(int thread, std::optional<std::size_t> done) {
    {
      const std::lock_guard lock(mutex_);
      if (interrupted || broken_) return std::nullopt;
    }
    if (options_.ranks) return options_.ranks->next(thread, done);
    if (done) todo_.release(*done);
    return todo_.take();
  }

  void work(int thread) {
    try {
      Session session(options_.cache, kJobMemory, kJobDisk, gpu::devices(threads_of_run_), options_.device, outside::channel_to);
      for (std::optional<std::size_t> at; (at = take(thread, at));) {
        const SweepRun run = plan_.run(*at);
        const bool ended = has_ended(store_.ending(*at, run)) || one(session, *at, run);
        const std::lock_guard lock(mutex_);
        done_ += ended;  // who looks on wakes up by itself: of runs of a millisecond each would cost it a wake-up
      }
      const std::lock_guard lock(mutex_);
      if (cache_warning_.empty()) cache_warning_ = session.cache_warning();
      if (device_note_.empty()) device_note_ = session.device_note();
    } catch (const std::exception&) {  // of any kind: the thread that started this one throws it on
      const std::lock_guard lock(mutex_);
      if (!broken_) broken_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    --working_;
    news_.notify_one();
  }

  /// Runs one and writes its file. False at Ctrl-C: the session has kept where it was.
  bool one(Session& session, std::size_t at, const SweepRun& run) {
    Result result;
    if (!run.refused.empty()) {  // of a long list, which nobody has looked through
      store_.write(at, run, result);
      return true;
    }
    session.command({{"do", "run"}, {"spec", run.spec}, {"aside", true}, {"log", false}});
    for (bool more = true; more;) {
      if (interrupted) {
        const Keeping keeping;
        session.command({{"do", "cancel"}});
        return false;
      }
      more = session.advance(kSlice);
    }
    if (session.state() == Session::State::failed) {
      result.id = run.id, result.spec = run.spec;
      result.failed = RunFailure{session.progress().stage, session.error(), session.error_is_input(), session.failed_on_device()};
    } else {
      result = session.outcome()->result;
    }
    store_.write(at, run, result);
    return true;
  }

  const RunListOptions& options_;
  const SweepPlan& plan_;
  RunStore& store_;
  ToDo& todo_;
  std::size_t ended_, total_, done_ = 0, working_ = 0;
  int threads_of_run_ = 1;
  std::mutex mutex_;
  std::condition_variable news_;
  std::exception_ptr broken_;
  std::string cache_warning_, device_note_;
};

/// What `work_off` is for the one that hands out.
bool hand_out(Ranks& ranks, const SweepPlan& plan, RunStore& store, ToDo& left) {
  const std::vector<std::size_t> all = left.places();
  const auto missing = [&] {
    store.look_again();
    std::vector<std::size_t> out;
    for (const std::size_t i : all)
      if ((plan.is_held() ? store.ending(i, plan.runs.runs[i]) : store.ending(i)) == Ending::none) out.push_back(i);
    return out;
  };
  const std::size_t given_up = ranks.hand_out(
      {[&] { return left.take(); }, [&](std::size_t i) { left.release(i); }, [&](std::size_t i) { left.give_back(i); }, missing});
  if (interrupted) tell("interrupted; finished runs are in " + store.folder().string() + ", run the same command again to go on");
  if (!interrupted && given_up > 0)
    throw Failure(std::to_string(given_up) + " runs are given up: three ranks were lost with each; the same command tries them again");
  return !interrupted;
}

}  // namespace

void claim_folder(const fs::path& out, const std::string& name, const Json& description) {
  const FolderLock lock(out);
  remove_old_parts(out), remove_old_parts(out / "runs");
  std::error_code error;
  refuse_other_results(out, {name});
  const fs::path file = out / name;
  if (fs::is_regular_file(file, error) && fs::file_size(file, error) == 0) fs::remove(file, error);  // all that a power cut left of it
  if (!fs::exists(file, error) && create_file(file, description.dump(2) + "\n")) return;
  if (const std::string what = difference(json_or_discarded(read_file(file, kLargestJson), kLargestJson), description); !what.empty())
    throw Error("--out",
                shown_path(out) + " holds another sweep: " + what + "; choose another folder (runs that both ask for come from the cache)");
}

Share read_shard(const std::string& text) {
  Share s;
  if (text.empty()) return s;
  int read = 0;
  const bool digits = text.find_first_not_of("0123456789/") == std::string::npos && text.size() < 12;
  if (!digits || std::sscanf(text.c_str(), "%zu/%zu%n", &s.index, &s.of, &read) != 2 || static_cast<std::size_t>(read) != text.size() ||
      s.index < 1 || s.index > s.of)
    throw Error("--shard", "takes I/N with I in 1 to N (such as 1/4), found " + shown(text));
  return s;
}

bool work_off(const RunListOptions& options, const SweepPlan& plan, RunStore& store, Share share) {
  std::vector<std::size_t> todo;
  std::set<std::string> known;
  std::size_t ended = 0;
  for (std::size_t i = 0; i < plan.size() && (!options.ranks || options.ranks->hands_out()); ++i) {
    if (options.only && !(*options.only)[i]) continue;
    // Two combinations may be one experiment: it runs once.
    if (plan.is_held() && (!plan.runs.runs[i].refused.empty() || !known.insert(plan.runs.runs[i].id).second)) continue;
    if (!share.has(i)) continue;
    if (has_ended(plan.is_held() ? store.ending(i, plan.runs.runs[i]) : store.ending(i)))
      ++ended;
    else
      todo.push_back(i);
  }

  catch_interrupts();
  ToDo left(plan, std::move(todo));
  if (options.ranks && options.ranks->hands_out()) return hand_out(*options.ranks, plan, store, left);
  Jobs jobs(options, plan, store, left, ended);
  jobs.run();
  if (!jobs.device_note().empty()) tell(jobs.device_note());
  const bool kept = jobs.cache_warning().empty() && !options.cache.empty();
  if (interrupted)
    tell("interrupted; finished runs are in " + store.folder().string() +
         (kept ? " and the state of the others is kept" : ", the others begin anew") + ", run the same command again to go on");
  else if (!jobs.cache_warning().empty())
    tell(jobs.cache_warning());
  return !interrupted;
}

}  // namespace mid::cli
