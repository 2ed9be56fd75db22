#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "mid/base/json.hpp"
#include "mid/nn/device.hpp"

namespace mid {

/// The front ends' one door: commands in, snapshots out, both plain JSON with binary parts (CBOR on the wire). It owns the
/// run in progress, the stage cache and the last result, and no thread: whoever holds it calls advance().
///
/// Commands, by their field "do":
///   {"do":"run", "spec":{...} or "preset":"visitors", "tag":N}   starts; a run in progress is dropped, finished stages stay
///   {"do":"pause"} {"do":"resume"} {"do":"step"} {"do":"cancel"}
///
/// A snapshot:
///   {"serial":N, "state":"idle"|"running"|"paused"|"done"|"failed", "tag":N, "spec":{...completed...},
///    "progress":{"stage":"training", "done":42, "total":60, "unit":"round", "fraction":.61, "seconds":1.2,
///                "seconds_left":.8, "live":{"accuracy":.61}},
///    "result":{...the contract's result of the run `tag`...} or null,
///    "sheet":{"height":64,"width":64,"rows":40,"truth":BIN,"guess":BIN,"average":BIN,"line_up":[...],"names":[...]} or null,
///    "beliefs":{"values":["Female","Male"],"truth":[...],"before":[...],"after":[...],"bell_mean":[...],"bell_sd":[...],
///               "answer":[...]} or null,
///    "error":{"field":"defense.beta","sentence":"..."} or null}
/// Pictures are bytes, 0 black to 255 white, row by row. Lists of beliefs are row-major, values.size() to a row.
class Session {
 public:
  /// `cache_folder` empty: finished stages are kept in memory only (the page).
  explicit Session(std::filesystem::path cache_folder = {});
  ~Session();
  /// Never throws for bad input: what is wrong is in the next snapshot's "error".
  void command(const Json& command);
  /// Works for about `milliseconds`, at least one unit. False: nothing to do.
  bool advance(double milliseconds);
  /// Grows whenever snapshot() would differ.
  std::uint64_t serial() const;
  Json snapshot() const;
  /// JSON Schema of specifications, presets, catalogue entries and their parameters: all that a form needs.
  static Json catalogue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mid
