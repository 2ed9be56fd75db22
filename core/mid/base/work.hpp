#pragma once
#include <cstdint>

namespace mid {

/// What the thread has computed since the last tick, counted in operations and never in time, so that a test says the same on
/// every machine: a multiply-add, a comparison or a copied number is 2, an exponential, a logarithm or a random number about 20.
/// Loops add what they do, a block at a time; Task::advance() begins a new piece and keeps the largest.
struct Work {
  std::int64_t piece = 0;    ///< since the last tick
  std::int64_t largest = 0;  ///< of all pieces that have ended; whoever looks may set it back to 0
};
inline constinit thread_local Work work_done;

/// No piece between two ticks should be longer: about 50 ms, so that a page and Ctrl-C answer at once.
inline constexpr double kMostWorkOfTick = 1e8;
/// After so much a long loop ticks: about 5 ms, so that several such loops may share a piece.
inline constexpr double kWorkOfTick = 1e7;

inline void count_work(double operations) { work_done.piece += static_cast<std::int64_t>(operations); }
/// Counts, and says whether a tick is due.
inline bool tick_due(double operations) {
  count_work(operations);
  return static_cast<double>(work_done.piece) >= kWorkOfTick;
}

}  // namespace mid
