#include "mid/base/workers.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace mid {
namespace {

/// Between the operations of a training step lie some microseconds: a thread that slept each time would come too late.
constexpr auto kAwake = std::chrono::microseconds(50);
/// For so many looks, a fraction of a millisecond, a piece that another thread has taken is waited for without giving the core away.
constexpr int kLooks = 5000;

/// A moment's wait. Not a yield at first: on a busy machine that would give the core away for milliseconds.
void pause() {
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  asm volatile("yield");
#else
  std::this_thread::yield();
#endif
}

class WorkerThreads : public Workers {
 public:
  explicit WorkerThreads(int threads) {
    try {
      for (int i = 1; i < threads; ++i) threads_.emplace_back([this] { live(); });
    } catch (const std::system_error&) {  // fewer threads are slower and give the same results
    }
  }
  ~WorkerThreads() override {
    stop_ = true;
    publish(0);
    for (std::thread& t : threads_) t.join();
  }
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  int count() const override { return static_cast<int>(threads_.size()) + 1; }

  void share(int pieces, const std::function<void(int)>& piece) override {
    if (pieces <= 1 || pieces > kMostPieces || threads_.empty() || busy_.exchange(true)) {
      for (int i = 0; i < pieces; ++i) piece(i);
      return;
    }
    piece_ = &piece;
    ended_ = 0;
    publish(pieces);
    help(loop_of(ticket_));
    for (int looked = 0; ended_ < pieces; ++looked) looked < kLooks ? pause() : std::this_thread::yield();
    const std::exception_ptr thrown = std::exchange(thrown_, nullptr);
    busy_ = false;
    if (thrown) std::rethrow_exception(thrown);
  }

 private:
  // A ticket holds the number of a loop, how many pieces it has and which is next, so that a piece is taken in one operation and a
  // thread that wakes late takes none of another loop.
  static constexpr int kMostPieces = 0xffff;
  static std::uint64_t loop_of(std::uint64_t ticket) { return ticket >> 32; }
  static int pieces_of(std::uint64_t ticket) { return static_cast<int>(ticket >> 16 & 0xffff); }
  static int next_of(std::uint64_t ticket) { return static_cast<int>(ticket & 0xffff); }

  void publish(int pieces) {
    ticket_ = (loop_of(ticket_) + 1) << 32 | static_cast<std::uint64_t>(pieces) << 16;
    ticket_.notify_all();
  }

  /// Takes pieces of a loop until there are none.
  void help(std::uint64_t loop) {
    for (std::uint64_t ticket = ticket_; loop_of(ticket) == loop && next_of(ticket) < pieces_of(ticket);) {
      const std::function<void(int)>* piece = piece_;  // before the piece is taken: until then the loop cannot end
      if (!ticket_.compare_exchange_weak(ticket, ticket + 1)) continue;
      try {
        (*piece)(next_of(ticket));
      } catch (const std::exception&) {  // the thread that asked throws it on
        const std::lock_guard lock(mutex_);
        thrown_ = std::current_exception();
      }
      ++ended_;
      ticket = ticket_;
    }
  }

  void live() {
    for (std::uint64_t done = 0; !stop_;) {
      const auto asleep = std::chrono::steady_clock::now() + kAwake;
      std::uint64_t ticket = ticket_;
      for (; loop_of(ticket) == done; ticket = ticket_) {
        if (std::chrono::steady_clock::now() < asleep)
          pause();
        else
          ticket_.wait(ticket);
      }
      done = loop_of(ticket);
      help(done);
    }
  }

  std::atomic<std::uint64_t> ticket_ = 0;
  std::atomic<const std::function<void(int)>*> piece_ = nullptr;
  std::atomic<int> ended_ = 0;
  std::atomic<bool> busy_ = false, stop_ = false;
  std::mutex mutex_;
  std::exception_ptr thrown_;  // of the loop under way
  std::vector<std::thread> threads_;
};

}  // namespace

std::shared_ptr<Workers> worker_threads(int threads) {
  constexpr int kMost = 8;
  return std::make_shared<WorkerThreads>(threads > 0 ? threads
                                                     : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMost));
}

}  // namespace mid
