#include <algorithm>
#include <iterator>

#include "mid/base/base64.hpp"
#include "mid/experiment/handover.hpp"
#include "mid/experiment/named_files.hpp"
#include "mid/experiment/tree_file.hpp"
#include "mid/experiment/user_model.hpp"
#include "mid/experiment/user_table.hpp"
#include "mid/session/session_body.hpp"

namespace mid {
namespace {

static_assert(kMostJsonLevels == 64);
constexpr const char* kUnsound = "refusal.command_unreadable";

/// Whether a command can be kept, sent and written: all its text is UTF-8, and it is no deeper than `levels`.
bool is_sound(const Json& j, int levels = kMostJsonLevels) {
  if (j.is_string()) return is_utf8(j.get_ref<const std::string&>());
  if (!j.is_structured()) return true;
  if (levels == 0) return false;
  for (auto part = j.begin(); part != j.end(); ++part)
    if ((j.is_object() && !is_utf8(part.key())) || !is_sound(*part, levels - 1)) return false;
  return true;
}

/// The text that a command must have under `name`.
std::string text_field(const Json& command, const char* name) {
  const Json value = command.value(name, Json());
  if (!value.is_string())
    throw Error(name, Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(value)));
  const auto text = value.get<std::string>();
  if (!is_utf8(text)) throw Error(name, Message("refusal.csv_name").with("found", shown(value)));
  return text;
}

}  // namespace

void Session::Body::fail(Fault fault) {
  error = fault.sentence(), message = std::move(fault.message), field = std::move(fault.field), input_at_fault = fault.input,
  on_device = false;
  state = State::failed;
  ++serial;
}

void Session::Body::refuse(Fault fault) {
  const State before = state;
  fail(std::move(fault));
  if (run) state = before;
}

void Session::Body::choose_device(const Json& command) {
  const Json name = command.value("name", Json());
  const std::string chosen = name.is_string() ? name.get<std::string>() : "";
  if (std::find(std::begin(kDeviceNames), std::end(kDeviceNames), chosen) == std::end(kDeviceNames))
    return refuse("name", Message("refusal.must_be")
                              .with("allowed", either_of({std::begin(kDeviceNames), std::end(kDeviceNames)}))
                              .with("found", shown(name)));
  wish = chosen;
}

Json Session::Body::wanted(const Json& command) const {
  if (command.contains("preset")) return preset(command["preset"].get<std::string>());
  if (command.contains("spec")) return command["spec"];
  return notebook.chosen().is_object() ? notebook.chosen() : Json::object();
}

void Session::Body::set(const Json& command) {
  notebook.choose(with_fields(notebook.chosen().is_object() ? notebook.chosen() : Json::object(), command.value("fields", Json())));
}

void Session::Body::take(const Json& command) {
  const Spec of = check_spec(command.value("spec", Json()));
  if (command.contains("failed")) {
    Trouble why;
    read_members(command["failed"], why);
    return notebook.log_failure(run_id(of), of.json(), why.sentence, why.message);
  }
  const auto bytes = from_base64url(text_field(command, "outcome"));
  Unpacker::expect(bytes.has_value());
  Unpacker in(*bytes);
  Outcome taken;
  unpack_members(in, taken);
  Unpacker::expect(in.at_end() && taken.result.id == run_id(of) && taken.result.spec == of.json());
  if (!taken.model.empty()) keep_outcome(cache, of, *device, taken);
  notebook.log(taken.result);
}

Outcome Session::Body::outcome_of(const Json& command) {
  if (!command.contains("spec")) {
    if (!outcome) throw Error("export", Message("refusal.export_needs_run"));
    return *outcome;
  }
  const Spec wanted = check_spec(command["spec"]);
  if (outcome && outcome->result.id == run_id(wanted)) return *outcome;
  if (auto kept = kept_outcome(cache, wanted, *device)) return std::move(*kept);
  throw Error("export", Message("refusal.export_needs_run"));
}

void Session::Body::follow(const Json& c) {
  const std::string what = c.is_object() && c.contains("do") && c["do"].is_string() ? c["do"].get<std::string>() : "";
  const bool asks = what == "describe" || what == "recognise" || what == "export";
  if (!asks && !is_sound(c)) return refuse("", Message(kUnsound));
  if (what == "run") {
    if (c.contains("preset") && !c["preset"].is_string())
      return refuse("preset", Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(c["preset"])));
    start(c);
  } else if (what == "set") {
    set(c);
  } else if (what == "undo") {
    notebook.undo();
  } else if (what == "redo") {
    notebook.redo();
  } else if (what == "restore") {
    if (!notebook.restore(c.value("state", Json())))
      refuse("state", Message("refusal.state").with("found", shown(c.value("state", Json()))));
  } else if (what == "take") {
    take(c);
  } else if (what == "pause") {
    if (state == State::running) state = State::paused;
  } else if (what == "resume") {
    if (state == State::paused) state = State::running;
    stepping = false;
  } else if (what == "step") {
    if (run && (state == State::paused || state == State::running))
      state = State::running, stepping = true, step_from = run->context.progress.done;
  } else if (what == "device") {
    choose_device(c);
  } else if (what == "cancel") {
    cancel();
  } else if (what == "describe") {
    answer(table, [&] { return user_table(text_field(c, "csv")); });
  } else if (what == "recognise") {
    answer(model, [&] {
      return user_model(datasets, user_table(text_field(c, "csv")), text_field(c, "target"), text_field(c, "secret"),
                        text_field(c, "model"));
    });
  } else if (what == "export") {
    answer(file, [&] {
      if (!is_sound(c)) throw Error("", Message(kUnsound));
      const std::string format = text_field(c, "format");
      return ExportedFile{"tree." + format, tree_file(outcome_of(c), format, c.value("words", Json()))};
    });
  } else {
    refuse("do", Message("refusal.must_be")
                     .with("allowed", either_of({"run", "set", "undo", "redo", "restore", "take", "describe", "recognise", "export",
                                                 "pause", "resume", "step", "device", "cancel"}))
                     .with("found", shown(c.is_object() ? c.value("do", Json()) : c)));
  }
}

}  // namespace mid
