#include "mid/report/result.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/measure/figure.hpp"
#include "mid/version.hpp"

namespace mid {
namespace {

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

/// Figures that an earlier version called otherwise become a warning instead.
void drop_renamed(Measures& measures, std::vector<Message>& warnings) {
  std::erase_if(measures, [&](const auto& one) {
    const std::string now = renamed_figure(one.first);
    if (!now.empty()) warnings.push_back(Message("notice.result.renamed").with("old", one.first).with("now", now));
    return !now.empty();
  });
}

}  // namespace

std::vector<Message> Result::all_warnings() const {
  std::vector<Message> all = warnings;
  for (const Measures* m : {&utility, &privacy, &information}) warn_of_nulls(*m, all);
  return all;
}

const Measures* Result::group(std::string_view name) const {
  const std::pair<FigureKind::Group, const Measures*> all[] = {
      {FigureKind::Group::utility, &utility}, {FigureKind::Group::privacy, &privacy}, {FigureKind::Group::information, &information}};
  for (const auto& [kind, measures] : all)
    if (group_name(kind) == name) return measures;
  return nullptr;
}

Measure Result::figure(std::string_view group_name, std::string_view name) const {
  const Measures* measures = group(group_name);
  if (!measures) return {};
  const auto found = measures->find(std::string(name));
  return found == measures->end() ? Measure{} : found->second;
}

Json Result::json() const {
  Json out = members_json(*this);
  out["warnings"] = sentences_in("en", all_warnings()), out["version"] = kVersion;
  return out;
}

Result Result::from_json(const Json& j) {
  Result r;
  Json known = j;
  std::vector<std::string> sentences;
  if (known.is_object() && known.contains("warnings")) {  // sentences, where the list of members has messages
    read_json(known["warnings"], sentences, "warnings", Lacking::refused);
    known["warnings"] = Json::array();
  }
  read_members(known, r, {}, Lacking::refused);
  for (const auto& [name, object] : {std::pair{"spec", &r.spec}, {"notes", &r.notes}})
    if (!object->is_object()) throw Error(name, Message("refusal.saved_type").with("allowed", Message("refusal.part.object")));
  for (const std::string& sentence : sentences) r.warnings.push_back(Message::plain(sentence));
  for (Measures* m : {&r.utility, &r.privacy, &r.information}) drop_renamed(*m, r.warnings);
  return r;
}

}  // namespace mid
