#include "mid/report/result.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/measure/figure.hpp"
#include "mid/version.hpp"

namespace mid {
namespace {

using Measures = std::map<std::string, Measure>;

Json measures_json(const Measures& measures) {
  Json out = Json::object();
  for (const auto& [name, measure] : measures) out[name] = measure.json();
  return out;
}

bool unusable(const std::optional<double>& x) { return x && !std::isfinite(*x); }

/// A message for each measure that JSON shows as null.
void warn_of_nulls(const Measures& measures, std::vector<Message>& warnings) {
  for (const auto& [name, m] : measures) {
    const bool explained =
        std::any_of(warnings.begin(), warnings.end(), [&](const Message& w) { return w.in("en").find(name) != std::string::npos; });
    if (explained) continue;
    if (!m.value || unusable(m.value))
      warnings.push_back(Message("warning.no_value").with("figure", name));
    else if (unusable(m.baseline) || unusable(m.low) || unusable(m.high))
      warnings.push_back(Message("warning.no_interval").with("figure", name));
  }
}

const Json& field(const Json& j, const char* key) {
  if (!j.is_object() || !j.contains(key)) throw Error(key, Message("refusal.saved_missing"));
  return j.at(key);
}

template <class T>
T read_field(const Json& j, const char* key, bool right_type, const char* wanted) {
  if (!right_type) throw Error(key, Message("refusal.saved_type").with("allowed", Message(wanted)));
  return j.at(key).get<T>();
}

std::string read_text(const Json& j, const char* key) {
  return read_field<std::string>(j, key, field(j, key).is_string(), "refusal.part.text");
}

Json read_object(const Json& j, const char* key) { return read_field<Json>(j, key, field(j, key).is_object(), "refusal.part.object"); }

double read_number(const Json& j, const char* key) { return read_field<double>(j, key, field(j, key).is_number(), "refusal.part.number"); }

/// Of each figure that an earlier version called otherwise a warning instead.
Measures read_measures(const Json& j, const char* key, std::vector<Message>& warnings) {
  const Json all = read_object(j, key);
  Measures out;
  for (const auto& [name, measure] : all.items()) {
    if (const std::string now = renamed_figure(name); now.empty())
      out[name] = Measure::from_json(measure);
    else
      warnings.push_back(Message("notice.result.renamed").with("old", name).with("now", now));
  }
  return out;
}

}  // namespace

std::vector<Message> Result::all_warnings() const {
  std::vector<Message> all = warnings;
  for (const Measures* m : {&utility, &privacy, &information}) warn_of_nulls(*m, all);
  return all;
}

Json Result::json() const {
  Json out = {{"id", id},
              {"spec", spec},
              {"utility", measures_json(utility)},
              {"privacy", measures_json(privacy)},
              {"information", measures_json(information)},
              {"timing", {{"train_s", train_seconds}, {"attack_s", attack_seconds}}},
              {"device", device},
              {"warnings", sentences_in("en", all_warnings())},
              {"failed", failed},
              {"version", kVersion}};
  if (!notes.empty()) out["notes"] = notes;
  return out;
}

Result Result::from_json(const Json& j) {
  Result r;
  r.id = read_text(j, "id");
  r.spec = read_object(j, "spec");
  const Json& timing = field(j, "timing");
  r.train_seconds = read_number(timing, "train_s");
  r.attack_seconds = read_number(timing, "attack_s");
  r.device = read_text(j, "device");
  const Json& sentences = field(j, "warnings");
  const bool texts = sentences.is_array() && std::all_of(sentences.begin(), sentences.end(), [](const Json& w) { return w.is_string(); });
  for (const std::string& w : read_field<std::vector<std::string>>(j, "warnings", texts, "refusal.part.texts"))
    r.warnings.push_back(Message::plain(w));
  r.utility = read_measures(j, "utility", r.warnings);
  r.privacy = read_measures(j, "privacy", r.warnings);
  r.information = read_measures(j, "information", r.warnings);
  if (const Json& failed = field(j, "failed"); !failed.is_null()) {
    r.failed = read_object(j, "failed");
    for (const char* key : {"stage", "sentence"}) read_text(failed, key);
    for (const char* key : {"input", "device"})
      if (failed.contains(key)) read_field<bool>(failed, key, failed.at(key).is_boolean(), "refusal.part.boolean");
  }
  if (j.contains("notes")) r.notes = read_object(j, "notes");
  return r;
}

std::vector<std::uint8_t> picture_bytes(MatrixRef pictures) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(static_cast<std::size_t>(pictures.size()));
  for (Eigen::Index r = 0; r < pictures.rows(); ++r)
    for (Eigen::Index c = 0; c < pictures.cols(); ++c)
      bytes.push_back(static_cast<std::uint8_t>(std::lround(255 * std::min(1.f, std::max(0.f, pictures(r, c))))));
  return bytes;
}

}  // namespace mid
