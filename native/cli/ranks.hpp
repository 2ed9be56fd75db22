#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace mid::cli {

/// What is left to hand out of a list, for whoever hands out.
struct HandedOut {
  /// The next run that nobody has; nothing: there is none now.
  std::function<std::optional<std::size_t>()> take;
  /// A run that take() gave is in no hands any more.
  std::function<void(std::size_t place)> released;
  /// A run goes back into the list: whoever had it is silent.
  std::function<void(std::size_t place)> give_back;
  /// The runs that were handed out and of which nothing is on disk.
  std::function<std::vector<std::size_t>()> missing;
};

/// The processes that work one list off together, of which one hands its runs out (mid-mpi).
class Ranks {
 public:
  virtual ~Ranks() = default;
  /// Waits until the process that hands out has read what it was given. The exit code with which that one ended instead, after it said
  /// why; nothing: there is work. At once for the one itself. Throws Failure when it is silent.
  virtual std::optional<int> await_start() = 0;
  /// Whether this process hands out, and does no run itself.
  virtual bool hands_out() const = 0;
  /// Hands out until every run is on disk or given up; then all others are told to end. How many were given up, because each of three
  /// processes that had them fell silent. Throws Failure when nobody is left to do anything. Ends early at Ctrl-C.
  virtual std::size_t hand_out(const HandedOut& list) = 0;
  /// The next run for one of this process's threads (from 0 on), which has done `done`; nothing: there are no more. Any thread. Throws
  /// Failure when whoever hands out is silent.
  virtual std::optional<std::size_t> next(int thread, std::optional<std::size_t> done) = 0;
  /// Says that this process lives. To be called a few times a second.
  virtual void alive() = 0;
  /// After how many seconds without a word a process counts as lost.
  virtual void set_patience(double seconds) = 0;
  /// The last that a process does: tells the others that it ends, with this exit code.
  virtual void end(int code) = 0;
};

/// The other processes of this program, or none: what tells mid from mid-mpi.
std::unique_ptr<Ranks> ranks();

}  // namespace mid::cli
