#include "mid/report/trade_off_series.hpp"

#include <algorithm>

#include "mid/base/language.hpp"
#include "mid/base/text.hpp"
#include "mid/measure/spread.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

const Measure* measure(const Result& r, const std::string& name) {
  for (const Measures* group : {&r.utility, &r.privacy, &r.information})
    if (const auto at = group->find(name); at != group->end()) return &at->second;
  return nullptr;
}

/// Nothing where a run that ended well has no finite value: the mean of the others would be another figure.
std::optional<DotAxis> along(const std::vector<const SweepRun*>& runs, const std::string& name, std::vector<double>& baselines) {
  std::vector<double> values;
  const Measure* last = nullptr;
  for (const SweepRun* run : runs) {
    if (!run->result || run->result->failed) continue;
    const Measure* m = measure(*run->result, name);
    if (!m || !m->value) return {};
    values.push_back(*m->value), last = m;
    if (m->baseline) baselines.push_back(*m->baseline);
  }
  if (values.empty()) return {};
  const Spread s = spread(values);
  DotAxis a{s.mean, {}, {}};
  if (s.sd)
    a.low = s.mean - *s.sd, a.high = s.mean + *s.sd;
  else if (last->low && last->high)
    a.low = last->low, a.high = last->high;
  return a;
}

std::map<std::string, Json> numbers_of(const Json& object) {
  std::map<std::string, Json> out;
  for (const auto& [key, value] : object.items())
    if (value.is_number()) out[key] = value;
  return out;
}

/// The fields of an object that are no numbers: what kind it is of.
Json kind_of(Json object) {
  for (const auto& [key, value] : numbers_of(object)) object.erase(key);
  return object;
}

Mark mark_of_treatment(const std::string& defence, const Json& release) {
  const ReleaseKind* kind = release_in(release);
  return mark_of_run(defence, kind ? kind->about.name : "none");
}

/// "dropout, rate 0.5": what a second defence is called, with all of its numbers.
std::string also_words(const Json& also) {
  std::string name = entry_name("defense", also.value("kind", "none"));
  for (const auto& [key, value] : numbers_of(also)) name += ", " + setting_words(key, value);
  return name;
}

/// "MID, rounded to 2 decimals", "MID + dropout, rate 0.5"
std::string series_name(const Json& defense, const Json& release, const SweepTreatments& treatments) {
  std::string name = entry_name("defense", defense.value("kind", "none"));
  for (const auto& [key, value] : numbers_of(defense))
    if (treatments.differs(defense.value("kind", ""), key)) name += ", " + setting_words(key, value);
  if (defense.contains("also"))
    name = filled(text_of("defense.combined", "en"), {{"first", name}, {"second", also_words(defense["also"])}});
  if (const std::string treatment = treatment_words(release); !treatment.empty()) name += ", " + treatment;
  if (release.value("of", "answer") == "embedding") name += " (embedding)";
  return name;
}

Chart::Point point_of(const SweepDot& dot) {
  return {.x = dot.x.value, .y = dot.y.value, .low = dot.y.low, .high = dot.y.high, .x_low = dot.x.low, .x_high = dot.x.high};
}

std::string strength_words(const SweepTreatment& t, const Json& spec) { return setting_words(t.key, spec.at(t.section).at(t.key)); }

}  // namespace

std::vector<SweepDot> dots_of(const SweepRuns& sweep, const TradeOffMeasures& measures, int& left_out) {
  std::vector<SweepDot> dots;
  std::set<std::string> drawn;
  left_out = 0;
  sweep.each_combination([&](std::size_t c, const std::vector<const SweepRun*>& runs) {
    SweepDot dot;
    const auto x = along(runs, measures.privacy, dot.x_baselines), y = along(runs, measures.utility, dot.y_baselines);
    if (!x || !y) {
      left_out += std::any_of(runs.begin(), runs.end(), [](const SweepRun* r) { return r->result && !r->result->failed; });
      return;
    }
    dot.x = *x, dot.y = *y;
    for (const SweepRun* run : runs)
      if (run->result && dot.spec.is_null()) dot.spec = sweep.spec_of(*run);
    if (!drawn.insert(runs.front()->id).second) return;  // another combination is the same experiment
    for (std::size_t v = 0; v < sweep.paths.size(); ++v)
      if (const std::string& path = sweep.paths[v]; !path.starts_with("defense") && !path.starts_with("release"))
        dot.others.emplace_back(path, sweep.combinations[c][v]);
    dots.push_back(std::move(dot));
  });
  return dots;
}

SweepTreatments::SweepTreatments(const std::vector<SweepDot>& dots) {
  for (const SweepDot& dot : dots)
    for (const char* section : {"defense", "release"})
      for (const auto& [key, value] : numbers_of(dot.spec.at(section))) {
        values_[kind(dot.spec)][{section, key}].insert(value.get<double>());
        if (std::string_view(section) == "defense") of_defence_[dot.spec.at("defense").value("kind", "")][key].insert(value.get<double>());
      }
}

SweepTreatment SweepTreatments::of(const Json& spec) const {
  const auto at = values_.find(kind(spec));
  if (at != values_.end())
    for (const auto& [field, values] : at->second)
      if (values.size() > 1) return {field.first, field.second};
  return {};
}

bool SweepTreatments::differs(const std::string& defence, const std::string& key) const {
  const auto at = of_defence_.find(defence);
  return at != of_defence_.end() && at->second.contains(key) && at->second.at(key).size() > 1;
}

std::string SweepTreatments::kind(const Json& spec) { return kind_of(spec.at("defense")).dump() + kind_of(spec.at("release")).dump(); }

std::vector<Chart::Series> series_of(const SweepTreatments& treatments, const std::vector<const SweepDot*>& dots) {
  struct Row {
    Json rest;
    SweepTreatment treatment;
    std::vector<const SweepDot*> dots;
  };
  std::vector<Row> rows;
  for (const SweepDot* dot : dots) {
    const SweepTreatment t = treatments.of(dot->spec);
    const Json rest = t.rest(dot->spec);
    auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.rest == rest; });
    if (at == rows.end()) at = rows.insert(rows.end(), {rest, t, {}});
    at->dots.push_back(dot);
  }
  std::vector<Chart::Series> out;
  for (Row& row : rows) {
    std::stable_sort(row.dots.begin(), row.dots.end(), [&](const SweepDot* a, const SweepDot* b) {
      return row.treatment.strength(a->spec) < row.treatment.strength(b->spec);
    });
    Chart::Series s{.name = series_name(row.rest[0], row.rest[1], treatments), .points = {}, .joined = row.dots.size() > 1};
    give_mark(s, mark_of_treatment(row.rest[0].value("kind", "none"), row.rest[1]), out);
    for (const SweepDot* dot : row.dots) {
      s.points.push_back(point_of(*dot));
      const bool end = dot == row.dots.front() || dot == row.dots.back();
      if (!row.treatment.key.empty() && end) s.points.back().label = strength_words(row.treatment, dot->spec);
    }
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace mid
