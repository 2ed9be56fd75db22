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
#include "mid/session/snapshot.hpp"

namespace mid {

/// The front ends' one door: commands in, as JSON; snapshots out, typed and as JSON with binary parts (CBOR on the wire). It owns the
/// run in progress, the stage cache and the last outcome, and no thread: whoever holds it calls advance().
///
/// Commands, by their field "do":
///   {"do":"run", "spec":{...} or "preset":"visitors" or neither, "tag":N}
///        starts; a run in progress is dropped, finished stages stay. Its specification becomes the chosen one; without one the
///        chosen one runs. "aside":true leaves the choice alone, "log":false leaves the run out of the list of runs, and
///        "fresh":true trains and attacks again even what the stage cache holds; "hand":true: its end has what "take" wants ("packed");
///        "all_victims":true: its pictures and beliefs are of everybody attacked, not of the first.
///   {"do":"take", "spec":{...}, "outcome":TEXT or "failed":{...}}   the end of a run of another Session of this build, as that one's
///        "packed" or "error" gave it: it joins the list of runs and the stage cache as if it had run here; a run under way goes on.
///   {"do":"set", "fields":{"defense.beta":.1, ...}}               changes the chosen specification, all fields or none
///   {"do":"undo"} {"do":"redo"}                                   the choice before, the choice after; neither runs it
///   {"do":"restore", "state":{...}}                               takes over what a snapshot's "saved" held (notebook.hpp)
///   {"do":"describe", "csv":PATH}    what is in a CSV of one's own: the next snapshot's "table"
///   {"do":"recognise", "csv":PATH, "target":COLUMN, "secret":COLUMN, "model":PATH}   what a model of one's own is, and how it fits that
///        table: the next snapshot's "model"
///   {"do":"export", "format":"svg", "spec":{...}, "words":{...}}   the tree of that run (without: of the last one) as dot, svg, txt or
///        json, its names in those words by the keys of core/teach/texts (without: as they are): the next snapshot's "file"
///   {"do":"pause"} {"do":"resume"} {"do":"step"}                  step: to the end of the round, then paused
///   {"do":"device", "name":"gpu"}    what the next run computes on: cpu, gpu or auto
///   {"do":"cancel"}                                               stops; with a cache folder the state is kept for going on
/// Whatever comes of them is in a Snapshot (session/snapshot.hpp).
class Session {
 public:
  using State = RunState;  ///< what a Session may be doing

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
  /// What there is to show; `everything`: also what an earlier snapshot had.
  Snapshot snapshot(bool everything = false);

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

}  // namespace mid
