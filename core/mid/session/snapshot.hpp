/// @file
/// @ingroup session
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/experiment/user_model.hpp"
#include "mid/experiment/user_table.hpp"
#include "mid/report/result.hpp"
#include "mid/report/sheets.hpp"
#include "mid/session/saved.hpp"

namespace mid {

/// idle: nothing was asked for; failed: Snapshot::error says why.
enum class RunState { idle, running, paused, done, failed };
/// As they travel.
inline constexpr std::array<const char*, 5> kRunStates = {"idle", "running", "paused", "done", "failed"};
/// The names by which an enumeration travels, in its order.
inline const std::array<const char*, 5>& names_of(RunState) { return kRunStates; }

/// Where the run under way stands.
struct RunProgress : Progress {
  double fraction = 0;                 ///< of the stage
  double seconds = 0;                  ///< that the run has worked
  std::optional<double> seconds_left;  ///< that the stage still needs, an estimate; empty: unknown
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("stage", self.stage), each("done", self.done), each("total", self.total), each("unit", self.unit), each("fraction", self.fraction),
        each("seconds", self.seconds), each("seconds_left", self.seconds_left), each("live", self.live);
  }
};

/// Why a command or a run failed.
struct Trouble {
  std::string field;     ///< "defense.beta"; empty: none
  std::string sentence;  ///< in English
  Message message;       ///< the same for every language
  bool input = false;    ///< the input was at fault, not the work
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("field", self.field), each("sentence", self.sentence), each("message", self.message), each("input", self.input);
  }
};

/// What runs are computed on.
struct DeviceState {
  std::string wish;                  ///< cpu, gpu or auto, of the next run
  std::string name;                  ///< of the last run's device
  std::string adapter;               ///< its own name, of a GPU
  std::string note;                  ///< what there is to say of it; empty: nothing
  std::vector<std::string> choices;  ///< one: there is nothing to choose
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("wish", self.wish), each("name", self.name), each("adapter", self.adapter), each("note", self.note), each("choices", self.choices);
  }
};

/// A file that a command asked for.
struct ExportedFile {
  std::string name;  ///< without a folder
  std::string text;  ///< what is in it
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("name", self.name), each("text", self.text);
  }
};

/// What a command asked for or why that cannot be: as JSON the value, or {"failed": sentence, "message": Message}.
template <class T>
struct Answer {
  std::optional<T> value;  ///< empty: it cannot be
  Message failed;          ///< why; empty: there is a value
  /// As it travels.
  Json json() const { return value ? json_of(*value) : Json{{"failed", failed.in("en")}, {"message", failed.json()}}; }
  /// The same back; throws Error for what is none.
  static Answer from_json(const Json& j) {
    Answer a;
    if (j.is_object() && j.contains("failed"))
      a.failed = Message::from(j.value("message", j["failed"]));
    else
      read_members(j, a.value.emplace());
    return a;
  }
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("value", self.value), each("failed", self.failed);
  }
};

/// What there is to show of a Session. A program in the same process takes it as it is; the page's worker sends json() as CBOR and
/// the page reads it by from_json(); other programs see that JSON ("window.mid.session()"). Its names are those in each_member().
///
/// The outcome's parts (result, warnings, sheet, beliefs, tree, packed) belong to `outcome` and are there only in the first snapshot after
/// it grew, or in snapshot(true); JSON leaves them out otherwise. While a run of pictures trains, one snapshot of it has `sheet`
/// without `result`: the true pictures and the average, the guess still empty.
struct Snapshot {
  std::uint64_t serial = 0;                  ///< grows with every change
  RunState state = RunState::idle;           ///< of the run under way or the last one
  Json tag;                                  ///< as the "run" command gave it
  Json spec;                                 ///< of the run, complete; null: none
  RunProgress progress;                      ///< of the run under way
  std::uint64_t outcome = 0;                 ///< grows with each finished run
  std::optional<Result> result;              ///< the figures
  std::vector<Message> warnings;             ///< those of the result, for every language
  std::optional<PictureSheet> sheet;         ///< of attacks on pictures
  std::optional<BeliefSheet> beliefs;        ///< of attacks on attributes
  std::optional<TreeSheet> tree;             ///< where the model is one
  std::optional<std::string> packed;         ///< of a run that is to be handed over: what the command "take" wants of it
  Json chosen;                               ///< the chosen specification, complete; null: none
  std::size_t undo = 0;                      ///< steps that can be undone
  std::size_t redo = 0;                      ///< steps that can be made again
  std::optional<Saved> saved;                ///< in the first snapshot after it changed, or in snapshot(true)
  std::optional<Answer<UserTable>> table;    ///< once, in answer to "describe"
  std::optional<Answer<UserModel>> model;    ///< once, in answer to "recognise"
  std::optional<Answer<ExportedFile>> file;  ///< once, in answer to "export"
  DeviceState device;                        ///< what is computed on
  std::optional<Trouble> error;              ///< of the last command or run; empty: it went well

  /// Takes from an `earlier` snapshot, which nobody has seen, what is said once and is not in this one.
  void take_unseen(Snapshot&& earlier);
  /// As it travels.
  Json json() const { return members_json(*this); }
  /// Throws Error for what is no snapshot. What is missing is as in an empty one.
  static Snapshot from_json(const Json& j);
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    const bool ended = self.result.has_value();
    each("serial", self.serial), each("state", self.state), each("tag", self.tag), each("spec", self.spec), each("progress", self.progress),
        each("outcome", self.outcome), each("result", self.result, ended), each("warnings", self.warnings, ended),
        each("sheet", self.sheet, ended || self.sheet), each("beliefs", self.beliefs, ended), each("tree", self.tree, ended),
        each("packed", self.packed, self.packed.has_value()), each("chosen", self.chosen), each("undo", self.undo), each("redo", self.redo),
        each("saved", self.saved, self.saved.has_value()), each("table", self.table, self.table.has_value()),
        each("model", self.model, self.model.has_value()), each("file", self.file, self.file.has_value()), each("device", self.device),
        each("error", self.error);
  }
};

}  // namespace mid
