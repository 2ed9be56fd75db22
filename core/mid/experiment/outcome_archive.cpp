#include "mid/experiment/outcome_archive.hpp"

namespace mid {
namespace {

// One list of members serves both directions, so that they cannot fall apart. Lists of texts travel as JSON.
template <class Archive>
void visit(Archive&& each, PictureSheet& s, std::string& names) {
  each(s.of_classes), each(s.height), each(s.width), each(s.truth), each(s.guess), each(s.average), each(s.line_up), each(names),
      each(s.credit);
  each(s.path.step), each(s.path.confidence), each(s.path.detail), each(s.path.best_step), each(s.path.pictures);
}
template <class Archive>
void visit(Archive&& each, BeliefSheet& s, std::string& values) {
  each(values), each(s.before), each(s.after), each(s.truth), each(s.conditional_mean), each(s.conditional_sd), each(s.answer),
      each(s.credit), each(s.secret), each(s.target), each(s.root);
}

Json kept_json(const std::string& text) { return parse_json(text, "the stage cache", text.size()); }

bool is_of(MatrixRef m, Eigen::Index rows, Eigen::Index cols) { return m.rows() == rows && m.cols() == cols; }

/// Whether pictures and names go together. Of a run without a guess, guess and line-up are empty.
bool is_whole(const PictureSheet& s) {
  const auto rows = s.truth.rows(), pixels = Eigen::Index{s.height} * s.width;
  const auto frames = s.path.step.size(), n = static_cast<std::size_t>(rows);
  return s.height >= 0 && s.width >= 0 && pixels <= (1 << 24) && s.truth.cols() == pixels && is_of(s.average, rows, pixels) &&
         (s.guess.size() == 0 || is_of(s.guess, rows, pixels)) && s.names.size() <= n && s.line_up.size() <= n &&
         s.path.confidence.size() == frames * (frames ? n : 0) && s.path.detail.size() == frames &&
         (frames == 0 || s.path.best_step.size() == n) && s.path.pictures.size() == frames * n * static_cast<std::size_t>(pixels);
}

bool is_whole(const BeliefSheet& s) {
  const auto rows = s.before.rows(), values = static_cast<Eigen::Index>(s.values.size());
  const auto is_row = [&](Eigen::Index size) { return size == 0 || size == rows; };
  const auto is_bell = [&](const MatrixD& m) { return m.size() == 0 || (m.rows() == rows && m.cols() == values); };
  return s.before.cols() == values && s.after.rows() == rows && s.after.cols() == values && s.truth.size() == rows &&
         is_bell(s.conditional_mean) && is_bell(s.conditional_sd) && is_row(s.answer.size()) && is_row(s.target.size()) &&
         (rows == 0 || (s.truth.minCoeff() >= 0 && s.truth.maxCoeff() < values));
}

}  // namespace

std::string pack_outcome(const Outcome& outcome) {
  Packer out;
  const auto each = [&](const auto& member) { out.add(member); };
  Json result = outcome.result.json();
  result["notes"] = outcome.result.notes;
  Json warnings = Json::array();
  for (const Message& w : outcome.result.warnings) warnings.push_back(w.json());
  out.add(result.dump()), out.add(warnings.dump()), out.add(outcome.model), out.add(outcome.tree.dump());
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

Outcome unpack_outcome(Unpacker& in) {
  const auto each = [&](auto& member) { in.get(member); };
  Outcome outcome;
  std::string result, warnings, text;
  int sheet = 0, beliefs = 0;
  in.get(result), in.get(warnings), in.get(outcome.model), in.get(text), outcome.tree = kept_json(text);
  in.get_index(sheet, 0, 2), in.get_index(beliefs, 0, 2);
  Json j = kept_json(result);
  const Json notes = j.value("notes", Json::object());
  j.erase("notes");
  outcome.result = Result::from_json(j);
  outcome.result.notes = notes;
  outcome.result.warnings.clear();
  for (const Json& w : kept_json(warnings)) outcome.result.warnings.push_back(Message::from(w));
  if (sheet) {
    PictureSheet s;
    visit(each, s, text);
    s.names = kept_json(text).get<std::vector<std::string>>();
    Unpacker::expect(is_whole(s));
    outcome.sheet = std::move(s);
  }
  if (beliefs) {
    BeliefSheet s;
    visit(each, s, text);
    s.values = kept_json(text).get<std::vector<std::string>>();
    Unpacker::expect(is_whole(s));
    outcome.beliefs = std::move(s);
  }
  return outcome;
}

}  // namespace mid
