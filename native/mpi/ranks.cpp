#include "cli/ranks.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/common.hpp"
#include "mid/base/error.hpp"

namespace mid::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLives = 1, kLeaves = 2;                     // tags to the rank that hands out
constexpr int kStart = 3, kAsks = 4;                       // from it; both ways, kAsks + thread
constexpr std::int64_t kNone = -1, kWait = -2, kEnd = -3;  // in the place of a run; of an end the second number: whether none was lost
constexpr int kMostTries = 3;
constexpr double kLongestStart = 600;  // seconds until the list is planned

double seconds_since(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

/// Rank 0 hands out, and the others wait until it has read its input, and ask it for one run after the other. A rank says every second that
/// it lives; of one that is silent for long the run goes to another. It may come back: two that did the same run wrote the same bytes.
class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);  // what a dead rank breaks is noticed by its silence
    others_.resize(static_cast<std::size_t>(size_));
  }

  std::optional<int> await_start() override {
    for (const auto since = Clock::now(); rank_ != 0;) {
      int there = 0;
      MPI_Iprobe(0, kStart, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
      if (there) break;
      if (seconds_since(since) > kLongestStart) throw Failure("rank 0, which hands runs out, is silent; the same command goes on");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    if (rank_ == 0) return std::nullopt;
    std::int64_t code = kNone;
    MPI_Recv(&code, 1, MPI_INT64_T, 0, kStart, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    started_ = code == kNone;
    return started_ ? std::nullopt : std::optional(static_cast<int>(code));
  }

  bool hands_out() const override { return rank_ == 0; }
  void set_patience(double seconds) override { patience_ = seconds; }

  std::size_t hand_out(const HandedOut& list) override {
    began_ = true;
    say_start(kNone);
    for (Other& other : others_) other.heard = Clock::now();
    auto looked = Clock::now();
    while (!interrupted && present() > 0) {
      if (!hear(list)) std::this_thread::sleep_for(std::chrono::microseconds(200));
      if (seconds_since(looked) < .2) continue;
      looked = Clock::now();
      look_for_silence(list);
    }
    if (!interrupted && !over_) throw Failure("every rank that worked is lost; the same command goes on with what is left");
    return given_up_;
  }

  std::optional<std::size_t> next(int thread, std::optional<std::size_t> done) override {
    std::int64_t said = done ? static_cast<std::int64_t>(*done) : kNone;
    while (!interrupted) {
      std::array<std::int64_t, 2> answer{};
      {
        const std::lock_guard lock(mutex_);
        MPI_Send(&said, 1, MPI_INT64_T, 0, kAsks + thread, MPI_COMM_WORLD);
      }
      if (!await(thread, answer)) return std::nullopt;
      if (answer[0] >= 0) return static_cast<std::size_t>(answer[0]);
      if (answer[0] == kEnd) {
        const std::lock_guard lock(mutex_);
        dismissed_ = true, all_well_ = answer[1] != 0;
        return std::nullopt;
      }
      said = kNone;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return std::nullopt;
  }

  void alive() override {
    const std::lock_guard lock(mutex_);
    if (rank_ == 0 || seconds_since(told_) < std::min(1.0, patience_ / 5)) return;
    told_ = Clock::now();
    send_word(kLives);
  }

  void end(int code) override {
    std::cout.flush();
    std::fflush(stdout), std::fflush(stderr);
    if (rank_ == 0 && !began_) say_start(code);
    if (started_ && !dismissed_) send_word(kLeaves);
    // MPI_Finalize waits for all: where one was lost, or has gone its own way, the others end without it.
    const bool together = rank_ == 0 ? !began_ || over_ : !started_ || dismissed_;
    if (together && all_well_) MPI_Finalize();
    std::_Exit(code);
  }

 private:
  /// What rank 0 knows of another.
  struct Other {
    Clock::time_point heard;
    bool gone = false;                ///< silent, left or told to end
    std::map<int, std::size_t> runs;  ///< what its threads do
  };

  /// Rank 0 tells the others to begin (kNone), or with which exit code it ends instead.
  void say_start(std::int64_t code) {
    for (int rank = 1; rank < size_; ++rank) MPI_Send(&code, 1, MPI_INT64_T, rank, kStart, MPI_COMM_WORLD);
  }

  void send_word(int tag) {
    const std::int64_t word = kNone;
    MPI_Send(&word, 1, MPI_INT64_T, 0, tag, MPI_COMM_WORLD);
  }

  /// The answer to one of this process's threads. False at Ctrl-C, and when another was told that there are no more.
  bool await(int thread, std::array<std::int64_t, 2>& answer) {
    const auto asked = Clock::now();
    for (int looks = 0; !interrupted; ++looks) {
      {
        const std::lock_guard lock(mutex_);
        if (dismissed_) return false;
        int there = 0;
        MPI_Iprobe(0, kAsks + thread, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
        if (there) {
          MPI_Recv(answer.data(), 2, MPI_INT64_T, 0, kAsks + thread, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
          return true;
        }
      }
      if (seconds_since(asked) > 10 * patience_) throw Failure("rank 0, which hands runs out, is silent; the same command goes on");
      std::this_thread::sleep_for(std::chrono::microseconds(looks < 100 ? 100 : 2000));
    }
    return false;
  }

  std::size_t present() const {
    return static_cast<std::size_t>(std::count_if(others_.begin() + 1, others_.end(), [](const Other& o) { return !o.gone; }));
  }

  /// Takes one message. False: there was none.
  bool hear(const HandedOut& list) {
    int there = 0;
    MPI_Status status;
    if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS || !there) return false;
    std::int64_t word = 0;
    MPI_Recv(&word, 1, MPI_INT64_T, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    Other& other = others_[static_cast<std::size_t>(status.MPI_SOURCE)];
    other.heard = Clock::now();
    if (status.MPI_TAG == kLeaves) {
      lose(list, status.MPI_SOURCE, "has ended");
    } else if (status.MPI_TAG >= kAsks) {
      if (other.gone && !over_) other.gone = false;  // it was slow, not dead
      answer(list, status.MPI_SOURCE, status.MPI_TAG - kAsks, word);
    }
    return true;
  }

  void answer(const HandedOut& list, int rank, int thread, std::int64_t done) {
    Other& other = others_[static_cast<std::size_t>(rank)];
    if (const auto had = other.runs.find(thread); had != other.runs.end()) {
      list.released(had->second);
      if (done < 0 || static_cast<std::size_t>(done) != had->second) list.give_back(had->second);
      other.runs.erase(had);
    }
    std::array<std::int64_t, 2> answer{kWait, 0};
    std::optional<std::size_t> run;
    if (!over_) {
      run = list.take();
      if (!run && nobody_works()) {  // the folder has the last word
        const std::vector<std::size_t> missing = list.missing();
        for (const std::size_t place : missing)
          if (tries_[place] < kMostTries) ++tries_[place], list.give_back(place);
        run = list.take();
        if (!run) over_ = true, given_up_ = missing.size();
      }
    }
    if (run) other.runs[thread] = *run, answer[0] = static_cast<std::int64_t>(*run);
    if (over_) answer = {kEnd, all_well_ ? 1 : 0}, other.gone = true;  // which one of its threads tells the others
    MPI_Send(answer.data(), 2, MPI_INT64_T, rank, kAsks + thread, MPI_COMM_WORLD);
  }

  bool nobody_works() const {
    return std::all_of(others_.begin(), others_.end(), [](const Other& o) { return o.runs.empty(); });
  }

  void look_for_silence(const HandedOut& list) {
    for (int rank = 1; rank < size_; ++rank) {
      Other& other = others_[static_cast<std::size_t>(rank)];
      if (!other.gone && seconds_since(other.heard) > patience_) lose(list, rank, "is silent");
    }
  }

  /// What a rank had goes to others, and if it was under way three times to nobody.
  void lose(const HandedOut& list, int rank, const char* why) {
    Other& other = others_[static_cast<std::size_t>(rank)];
    if (other.gone && other.runs.empty()) return;
    other.gone = true;
    all_well_ = false;
    std::string what = "rank " + std::to_string(rank) + " " + why;
    for (const auto& [thread, place] : other.runs) {
      list.released(place);
      const bool again = ++tries_[place] < kMostTries;
      if (again) list.give_back(place);
      what += "; its run " + std::to_string(place + 1) + " of the list " +
              (again ? "is handed out again" : "is given up, as it was the last of three ranks");
    }
    other.runs.clear();
    tell(what);
  }

  int rank_ = 0, size_ = 1;
  double patience_ = 60;
  bool started_ = false, began_ = false, over_ = false, dismissed_ = false, all_well_ = true;
  std::mutex mutex_;  // MPI is called by one thread at a time
  Clock::time_point told_;
  std::vector<Other> others_;
  std::map<std::size_t, int> tries_;
  std::size_t given_up_ = 0;
};

}  // namespace

std::unique_ptr<Ranks> ranks() {
  int given = 0, size = 1;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &given) != MPI_SUCCESS || given < MPI_THREAD_SERIALIZED) {
    std::fputs("mid-mpi: this MPI lets no two threads of a process speak in turns (MPI_THREAD_SERIALIZED); take mid with --shard\n",
               stderr);
    std::_Exit(1);
  }
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size > 1) return std::make_unique<MpiRanks>();
  std::atexit([] { MPI_Finalize(); });
  return nullptr;
}

}  // namespace mid::cli
