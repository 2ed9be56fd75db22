#include "mid/run/outcome_archive.hpp"

#include "mid/base/archive.hpp"

namespace mid {
namespace {

// One list of members serves both directions, so that they cannot fall apart. Lists of texts travel as JSON.
template <class Archive>
void visit(Archive&& each, PictureSheet& s, std::string& names) {
  each(s.of_classes), each(s.height), each(s.width), each(s.truth), each(s.guess), each(s.average), each(s.line_up), each(names), each(s.credit);
  each(s.path.step), each(s.path.confidence), each(s.path.detail), each(s.path.best_step), each(s.path.pictures);
}
template <class Archive>
void visit(Archive&& each, BeliefSheet& s, std::string& values) {
  each(values), each(s.before), each(s.after), each(s.truth), each(s.bell_mean), each(s.bell_sd), each(s.answer), each(s.credit), each(s.secret), each(s.target), each(s.root);
}

Json kept_json(const std::string& text) { return parse_json(text, "the stage cache", text.size()); }

}  // namespace

std::string pack_outcome(const Outcome& outcome) {
  Packer out;
  const auto each = [&](const auto& member) { out.add(member); };
  Json result = outcome.result.json();
  result["notes"] = outcome.result.notes;
  out.add(result.dump()), out.add(outcome.model), out.add(outcome.tree.dump());
  out.add(static_cast<int>(outcome.sheet.has_value())), out.add(static_cast<int>(outcome.beliefs.has_value()));
  if (outcome.sheet) {
    PictureSheet s = *outcome.sheet;
    std::string names = Json(s.names).dump();
    visit(each, s, names);
  }
  if (outcome.beliefs) {
    BeliefSheet s = *outcome.beliefs;
    std::string values = Json(s.values).dump();
    visit(each, s, values);
  }
  return out.take();
}

Outcome unpack_outcome(std::string_view bytes) {
  Unpacker in(bytes);
  const auto each = [&](auto& member) { in.get(member); };
  Outcome outcome;
  std::string result, text;
  int sheet = 0, beliefs = 0;
  in.get(result), in.get(outcome.model), in.get(text), outcome.tree = kept_json(text);
  in.get(sheet), in.get(beliefs);
  Json j = kept_json(result);
  const Json notes = j.value("notes", Json::object());
  j.erase("notes");
  outcome.result = Result::from_json(j);
  outcome.result.notes = notes;
  if (sheet) {
    PictureSheet s;
    visit(each, s, text);
    s.names = kept_json(text).get<std::vector<std::string>>();
    outcome.sheet = std::move(s);
  }
  if (beliefs) {
    BeliefSheet s;
    visit(each, s, text);
    s.values = kept_json(text).get<std::vector<std::string>>();
    outcome.beliefs = std::move(s);
  }
  return outcome;
}

}  // namespace mid
