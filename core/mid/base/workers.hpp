#pragma once
#include <functional>
#include <memory>

namespace mid {

/// Threads that share the pieces of one loop with the thread that asks for it.
class Workers {
 public:
  virtual ~Workers() = default;
  /// How many threads may work at the same time, the one that asks among them: at least 1.
  virtual int count() const = 0;
  /// Calls piece(0) to piece(pieces - 1), each once, in any order and maybe at the same time, and returns when all have returned. What a
  /// piece throws (a std::exception) is thrown here when all have ended; of several, one. A second loop at the same time, from another
  /// thread or from a piece, is done by its caller alone.
  virtual void share(int pieces, const std::function<void(int)>& piece) = 0;
};

/// `threads` threads, the caller's among them; 0: as many as the machine runs at a time, 8 at most, because more seldom have enough to
/// do in a network of ours. They sleep while there is nothing to
/// do. Where the system gives fewer threads than that, those that it gives.
std::shared_ptr<Workers> worker_threads(int threads);

}  // namespace mid
