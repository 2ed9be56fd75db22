/// @file
/// @ingroup session
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "mid/base/context.hpp"
#include "mid/base/json.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/nn/device.hpp"

namespace mid {

/// The front ends' one door: commands in, snapshots out, both plain JSON with binary parts (CBOR on the wire). It owns the
/// run in progress, the stage cache and the last outcome, and no thread: whoever holds it calls advance().
///
/// Commands, by their field "do":
///   {"do":"run", "spec":{...} or "preset":"visitors" or neither, "tag":N}
///        starts; a run in progress is dropped, finished stages stay. Its specification becomes the chosen one; without one the
///        chosen one runs. "aside":true leaves the choice alone, "log":false leaves the run out of the list of runs, and
///        "fresh":true trains and attacks again even what the stage cache holds.
///   {"do":"set", "fields":{"defense.beta":.1, ...}}               changes the chosen specification, all fields or none
///   {"do":"undo"} {"do":"redo"}                                   the choice before, the choice after; neither runs it
///   {"do":"restore", "state":{...}}                               takes over what a snapshot's "saved" held (notebook.hpp)
///   {"do":"describe", "csv":PATH}    what is in a CSV of one's own: the next snapshot's "table"
///   {"do":"export", "format":"svg", "spec":{...}}   the tree of that run (without: of the last one) as dot, svg, txt or json:
///        the next snapshot's "file"
///   {"do":"pause"} {"do":"resume"} {"do":"step"}                  step: to the end of the round, then paused
///   {"do":"device", "name":"gpu"}    what the next run computes on: cpu, gpu or auto
///   {"do":"cancel"}                                               stops; with a cache folder the state is kept for going on
///
/// A snapshot:
///   {"serial":N, "state":"idle"|"running"|"paused"|"done"|"failed", "tag":N, "spec":{...complete...} or null,
///    "progress":{"stage":"training", "done":42, "total":60, "unit":"round", "fraction":.7, "seconds":1.2,
///                "seconds_left":.8 or null, "live":{"accuracy":.61, "loss":1.2}},
///    "outcome":N,       grows with each finished run; the four parts below belong to it and are present only in the first
///                       snapshot after it grew, or in snapshot(true)
///    "result":{...the contract's result...},
///    "warnings":[...],  those of the result, for every language (Message::json)
///    "sheet":{"height":64,"width":64,"rows":40,"truth":BIN,"guess":BIN,"average":BIN,"line_up":[...],"names":[...],
///             of attacks that go step by step "path":{"step":[0,1,2,...],"confidence":[...],"detail":[...],"best_step":[...],
///             "pictures":BIN}: a picture and the model's confidence for every step and row, the steps one after the other} or null,
///    "beliefs":{"values":["Female","Male"],"truth":[...],"before":[...],"after":[...],"conditional_mean":[...],"conditional_sd":[...],
///               "answer":[...], "secret":NAME, "target":[...] and "root":true of a regression} or null,
///    "tree":{...experiment/tree_sheet.hpp...} or null,
///    "chosen":{...complete...} or null, "undo":N, "redo":N,   steps that there are
///    "saved":{...},     all that is worth keeping (Notebook::save); in the first snapshot after it changed, or in snapshot(true)
///    "table":{...experiment/user_table.hpp...}, "file":{"name":"tree.svg", "text":"..."},   each once, in answer to its command;
///               {"failed":"..."} where that cannot be
///    "device":{"wish":"gpu", "name":"cpu", "adapter":"", "note":"no GPU was found: ...", "choices":["cpu","gpu","auto"]},
///               name, adapter and note are of the last run; one choice: there is nothing to choose
///    "error":{"field":"defense.beta","sentence":"...", "message": the same for every language (Message::json), "input":true if the input
///       was at fault} or null}
/// While a run of pictures trains, one snapshot of it has "sheet" without "result": the true pictures and the average, with
/// "guess" empty. Pictures are bytes, 0 black to 255 white, row by row. Lists of beliefs are row-major, values.size() to a row;
/// conditional_mean, conditional_sd and answer are empty unless the answer is one logit.
class Session {
 public:
  /// idle: nothing was asked for; failed: the snapshot's "error" says why.
  enum class State { idle, running, paused, done, failed };

  /// `cache_folder` empty: finished stages are kept in memory only (the page). Limits in bytes.
  /// `devices` makes what runs compute on; without it there is the processor only. `wish`: cpu, gpu or auto. `channels` opens ways to
  /// models outside; without it those are refused.
  explicit Session(std::filesystem::path cache_folder = {}, std::uint64_t memory_limit = 64ull << 20, std::uint64_t disk_limit = 2ull << 30,
                   DeviceMaker devices = {}, std::string wish = "cpu", ChannelMaker channels = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Never throws for bad input: what is wrong is in the next snapshot's "error".
  void command(const Json& command);
  /// Works for about `milliseconds`, at least one unit. False: nothing to do.
  bool advance(double milliseconds);
  /// Works exactly `units` units, for tests of slicing. False: nothing to do.
  bool advance_units(int units);

  /// Grows whenever snapshot() would differ.
  std::uint64_t serial() const;
  /// What there is to show, as above; `everything`: also what an earlier snapshot had.
  Json snapshot(bool everything = false);

  /// What it is doing.
  State state() const;
  /// Of the run under way.
  const Progress& progress() const;
  /// Seconds that the run has worked.
  double seconds() const;
  /// An estimate of those that the stage still needs; negative: unknown.
  double seconds_left() const;
  /// The newest finished run; null before the first.
  const Outcome* outcome() const;
  /// The sentence of a failed command or run.
  const std::string& error() const;
  /// The field that it names ("defense.beta"); empty: none.
  const std::string& error_field() const;
  /// Whether the input was at fault (a program's exit code 2) or the work (1).
  bool error_is_input() const;
  /// Whether the run failed on a device beside the processor, which may have been lost: worth another try.
  bool failed_on_device() const;
  /// What there is to say of the device (DeviceOffer::note), of the run under way or the last one; empty: nothing.
  const std::string& device_note() const;
  /// What the stage cache has to complain about; empty: nothing.
  const std::string& cache_warning() const;

  /// Everything that a form needs: sections, entries, parameters, presets, schema, version.
  static Json catalogue();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// "running", as in a snapshot.
const char* name_of(Session::State state);

}  // namespace mid
