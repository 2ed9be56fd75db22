#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "mid/base/message.hpp"
#include "mid/report/result.hpp"
#include "mid/session/saved.hpp"

namespace mid {

/// What a Session remembers beside the run in progress: the chosen specification, the choices before it (undo) and after it
/// (redo), and the figures of every run that ended. It is saved without pictures or models: those come back
/// from the stage cache or, bit-equal, from running again.
class Notebook {
 public:
  static constexpr std::size_t kMostSteps = 100, kMostRuns = 300;

  /// Grows with every change of what save() writes.
  std::uint64_t serial() const { return serial_; }

  /// The chosen specification, complete; null before the first.
  const Json& chosen() const { return chosen_; }
  /// Chooses another, complete. The one before becomes a step to go back to if its result was seen: what a drag passes
  /// through on its way leaves none.
  void choose(Json spec);
  /// The chosen one's result was seen.
  void settle() { settled_ = true; }
  /// Goes one step back or forward. False: there is none.
  bool undo() { return move(undo_, redo_); }
  bool redo() { return move(redo_, undo_); }
  std::size_t undo_steps() const { return undo_.size(); }
  std::size_t redo_steps() const { return redo_.size(); }

  /// A run that ended; one with the same id is replaced.
  void log(const Result& result);
  /// A run whose work broke.
  void log_failure(const std::string& id, const Json& spec, const std::string& sentence, const Message& message);

  /// All of it.
  Saved save() const;
  /// Takes over what json_of(save()) was, whatever else it may hold; specifications that this build refuses are left out, and so are
  /// the figures of another build. False: it is not an object of that kind and nothing changed.
  bool restore(const Json& saved);

 private:
  bool move(std::vector<Json>& from, std::vector<Json>& to);
  void add(SavedRun run);
  Json chosen_;
  bool settled_ = false;
  std::vector<Json> undo_, redo_;
  std::vector<SavedRun> runs_;
  std::uint64_t serial_ = 0;
};

}  // namespace mid
