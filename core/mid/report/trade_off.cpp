#include "mid/report/trade_off.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/measure/figure.hpp"
#include "mid/measure/spread.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using Role = Chart::Role;
using Measures = std::map<std::string, Measure>;

constexpr std::size_t kMostSeries = 5;  // in one panel: shapes can be told apart up to there
constexpr double kCorner = .4;          // points that fill less of an axis than this are shown enlarged, too

const Measure* measure(const Result& r, const std::string& name) {
  for (const Measures* group : {&r.utility, &r.privacy, &r.information})
    if (const auto at = group->find(name); at != group->end()) return &at->second;
  return nullptr;
}

/// The names of a group's measures with a value in any run: which to draw first, then in the order in which a person reads them.
std::vector<std::string> with_values(const SweepFigures& given, const char* group) {
  std::vector<std::string> names;
  if (const auto found = given.find(group); found != given.end())
    for (const auto& [name, figure] : found->second)
      if (figure.has_value) names.push_back(name);
  std::ranges::sort(names, reads_before);
  std::ranges::stable_partition(names, [](const std::string& name) {
    const FigureKind* kind = figure_kind(name);
    return kind && kind->key == name && kind->drawn_first;
  });
  return names;
}

/// One axis of a point: mean and interval over the seeds.
struct Along {
  double value = 0;
  std::optional<double> low, high;
};

struct Dot {
  Along x, y;
  Json spec;
  std::vector<std::pair<std::string, Json>> others;  // varied fields outside defense and release
  std::vector<double> x_baselines, y_baselines;
};

/// Nothing where a run that ended well has no finite value: the mean of the others would be another figure.
std::optional<Along> along(const std::vector<const SweepRun*>& runs, const std::string& name, std::vector<double>& baselines) {
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
  Along a{s.mean, {}, {}};
  if (s.sd)
    a.low = s.mean - *s.sd, a.high = s.mean + *s.sd;
  else if (last->low && last->high)
    a.low = last->low, a.high = last->high;
  return a;
}

/// `left_out` counts the combinations that ran and have no point.
std::vector<Dot> dots_of(const SweepRuns& sweep, const TradeOffMeasures& measures, int& left_out) {
  std::vector<Dot> dots;
  std::set<std::string> drawn;
  left_out = 0;
  sweep.each_combination([&](std::size_t c, const std::vector<const SweepRun*>& runs) {
    Dot dot;
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

/// What is done about the leak but for its strength, and which field that strength is.
struct Treatment {
  std::string section, key;  // of the strength; empty: there is none
  double strength(const Json& spec) const { return key.empty() ? 0 : spec.at(section).at(key).get<double>(); }
  /// Defence and release without the strength: what makes a series.
  Json rest(Json spec) const {
    if (!key.empty()) spec.at(section).erase(key);
    return {spec.at("defense"), spec.at("release")};
  }
};

/// The settings in which experiments of one kind of defence and release differ.
class Treatments {
 public:
  explicit Treatments(const std::vector<Dot>& dots) {
    for (const Dot& dot : dots)
      for (const char* section : {"defense", "release"})
        for (const auto& [key, value] : numbers_of(dot.spec.at(section))) {
          values_[kind(dot.spec)][{section, key}].insert(value.get<double>());
          if (std::string_view(section) == "defense")
            of_defence_[dot.spec.at("defense").value("kind", "")][key].insert(value.get<double>());
        }
  }
  /// The first number in which they differ is the strength.
  Treatment of(const Json& spec) const {
    const auto at = values_.find(kind(spec));
    if (at != values_.end())
      for (const auto& [field, values] : at->second)
        if (values.size() > 1) return {field.first, field.second};
    return {};
  }
  bool differs(const std::string& defence, const std::string& key) const {
    const auto at = of_defence_.find(defence);
    return at != of_defence_.end() && at->second.contains(key) && at->second.at(key).size() > 1;
  }

 private:
  static std::string kind(const Json& spec) { return kind_of(spec.at("defense")).dump() + kind_of(spec.at("release")).dump(); }
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::set<double>>> values_;  // "defense" sorts before "release"
  std::map<std::string, std::map<std::string, std::set<double>>> of_defence_;
};

Mark mark_of_treatment(const std::string& defence, const Json& release) {
  const ReleaseKind* kind = release_in(release);
  return mark_of_run(defence, kind ? kind->about.name : "none");
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// "dropout, rate 0.5": what a second defence is called, with all of its numbers.
std::string also_words(const Json& also) {
  std::string name = entry_name("defense", also.value("kind", "none"));
  for (const auto& [key, value] : numbers_of(also)) name += ", " + setting_words(key, value);
  return name;
}

/// "MID, rounded to 2 decimals", "MID + dropout, rate 0.5"
std::string series_name(const Json& defense, const Json& release, const Treatments& treatments) {
  std::string name = entry_name("defense", defense.value("kind", "none"));
  for (const auto& [key, value] : numbers_of(defense))
    if (treatments.differs(defense.value("kind", ""), key)) name += ", " + setting_words(key, value);
  if (defense.contains("also"))
    name = filled(text_of("defense.combined", "en"), {{"first", name}, {"second", also_words(defense["also"])}});
  if (const std::string treatment = treatment_words(release); !treatment.empty()) name += ", " + treatment;
  if (release.value("of", "answer") == "embedding") name += " (embedding)";
  return name;
}

Chart::Point point_of(const Dot& dot) {
  return {.x = dot.x.value, .y = dot.y.value, .low = dot.y.low, .high = dot.y.high, .x_low = dot.x.low, .x_high = dot.x.high};
}

std::string strength_words(const Treatment& t, const Json& spec) { return setting_words(t.key, spec.at(t.section).at(t.key)); }

/// The series of one panel, in the order of the list.
std::vector<Chart::Series> series_of(const Treatments& treatments, const std::vector<const Dot*>& dots) {
  struct Row {
    Json rest;
    Treatment treatment;
    std::vector<const Dot*> dots;
  };
  std::vector<Row> rows;
  for (const Dot* dot : dots) {
    const Treatment t = treatments.of(dot->spec);
    const Json rest = t.rest(dot->spec);
    auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.rest == rest; });
    if (at == rows.end()) at = rows.insert(rows.end(), {rest, t, {}});
    at->dots.push_back(dot);
  }
  std::vector<Chart::Series> out;
  for (Row& row : rows) {
    std::stable_sort(row.dots.begin(), row.dots.end(),
                     [&](const Dot* a, const Dot* b) { return row.treatment.strength(a->spec) < row.treatment.strength(b->spec); });
    Chart::Series s{.name = series_name(row.rest[0], row.rest[1], treatments), .points = {}, .joined = row.dots.size() > 1};
    give_mark(s, mark_of_treatment(row.rest[0].value("kind", "none"), row.rest[1]), out);
    for (const Dot* dot : row.dots) {
      s.points.push_back(point_of(*dot));
      const bool end = dot == row.dots.front() || dot == row.dots.back();
      if (!row.treatment.key.empty() && end) s.points.back().label = strength_words(row.treatment, dot->spec);
    }
    out.push_back(std::move(s));
  }
  return out;
}

/// Whether the eye can tell the series of one panel apart.
bool too_many(const std::vector<Chart::Series>& series) {
  std::map<std::optional<Mark>, int> of_mark;
  for (const Chart::Series& s : series)
    if (++of_mark[s.mark] > 2) return true;
  return series.size() > kMostSeries;
}

struct Range {
  double low = 0, high = 0;
  bool any = false;
  void add(double v) {
    low = any ? std::min(low, v) : v, high = any ? std::max(high, v) : v;
    any = true;
  }
  void add(const Along& a) { add(a.value), add(a.low.value_or(a.value)), add(a.high.value_or(a.value)); }
  double size() const { return high - low; }
};

/// To the next halves of round steps outside.
Range rounded(Range r, bool proportion) {
  if (r.size() < 1e-9) r.low -= .01, r.high += .01;
  const double pad = .04 * r.size();
  const auto ticks = nice_ticks(r.low - pad, r.high + pad, 5);
  const double step = (ticks.size() > 1 ? ticks[1] - ticks[0] : r.size() / 4) / 2;
  Range out{step * std::floor((r.low - pad) / step), step * std::ceil((r.high + pad) / step), true};
  if (proportion) out.high = std::min(out.high, 1.0), out.low = std::max(out.low, -1.0);
  return out;
}

/// What an axis shows of everything: a proportion from 0 to 100 %, other figures from 0 where that is near.
Range whole(const Range& points, bool proportion) {
  if (proportion) return {points.low >= 0 ? 0 : points.low > -.05 ? -.05 : std::floor(points.low * 10) / 10, 1, true};
  Range r = points;
  if (r.low > 0 && r.low < r.high / 2) r.low = 0;
  Range out = rounded(r, false);
  if (r.low >= 0) out.low = std::max(out.low, 0.0);
  return out;
}

std::string axis_title(const std::string& name, const std::string& unit) {
  const std::string_view plain = plain_words(name);
  std::string title = plain.empty() ? name : capital(std::string(plain));
  if (unit != "proportion" && !unit.empty()) title += ", " + unit;
  return title;
}

std::string mark_words(const std::string& name, double at, const std::string& unit) {
  std::string words = std::string(baseline_words(name)) + " " + number_words(at, unit);
  if (!unit_words(unit).empty()) words += "\u202f" + std::string(unit_words(unit));
  return words;
}

std::string unit_of(const SweepFigures& given, const std::string& name) {
  for (const auto& [group, figures] : given)
    if (const auto found = figures.find(name); found != figures.end() && found->second.has_value) return found->second.unit;
  return {};
}

std::string chosen(const std::vector<std::string>& there, const std::string& wanted, const char* option) {
  if (wanted.empty()) return there.empty() ? "" : there[0];
  if (std::find(there.begin(), there.end(), wanted) == there.end())
    throw Error(option,
                (there.empty() ? Message("refusal.no_such_measure") : Message("refusal.no_measure").with("allowed", either_of(there)))
                    .with("found", wanted));
  return wanted;
}

}  // namespace

TradeOffMeasures trade_off_measures(const SweepRuns& sweep, const std::string& utility, const std::string& privacy) {
  const SweepFigures given = sweep.given();
  std::vector<std::string> gets = with_values(given, "privacy"), tells = with_values(given, "information");
  gets.insert(gets.end(), tells.begin(), tells.end());
  return {chosen(with_values(given, "utility"), utility, "--utility"), chosen(gets, privacy, "--privacy")};
}

Figure trade_off(const SweepRuns& sweep, const TradeOffMeasures& measures) {
  int left_out = 0;
  const std::vector<Dot> dots = dots_of(sweep, measures, left_out);
  const SweepFigures given = sweep.given();
  const std::string x_unit = unit_of(given, measures.privacy), y_unit = unit_of(given, measures.utility);
  Figure figure;
  figure.title = "How useful, and how much leaks?";
  if (!dots.empty()) {
    Json spec = dots[0].spec;
    for (const char* varied : {"defense", "release", "seed"}) spec.erase(varied);
    figure.beneath = spaced(experiment_words(spec));
  }

  // Panels: one for each value of the fields that belong to no defence; one a series where there would be too many in it.
  struct Part {
    std::string title;
    std::vector<Chart::Series> series;
    std::vector<double> x_baselines, y_baselines;
  };
  const Treatments treatments(dots);
  std::vector<Part> parts;
  std::vector<std::vector<std::pair<std::string, Json>>> seen;
  for (const Dot& first : dots) {
    if (std::find(seen.begin(), seen.end(), first.others) != seen.end()) continue;
    seen.push_back(first.others);
    Part part;
    std::vector<const Dot*> inside;
    for (const Dot& dot : dots)
      if (dot.others == first.others) {
        inside.push_back(&dot);
        part.x_baselines.insert(part.x_baselines.end(), dot.x_baselines.begin(), dot.x_baselines.end());
        part.y_baselines.insert(part.y_baselines.end(), dot.y_baselines.begin(), dot.y_baselines.end());
      }
    for (const auto& [path, value] : first.others)
      part.title += (part.title.empty() ? "" : ", ") + path + " = " + (value.is_string() ? value.get<std::string>() : shown(value));
    part.series = series_of(treatments, inside);
    if (!too_many(part.series)) {
      parts.push_back(std::move(part));
      continue;
    }
    for (Chart::Series& s : part.series) {
      s.second = false;
      parts.push_back({part.title + (part.title.empty() ? "" : ": ") + s.name, {s}, part.x_baselines, part.y_baselines});
    }
  }

  // All panels share their axes, so that the eye compares.
  Range x, y;
  for (const Dot& dot : dots) x.add(dot.x), y.add(dot.y);
  const bool x_share = x_unit == "proportion", y_share = y_unit == "proportion";
  const auto with_baseline = [&](Range r, bool vertical) {
    Range wide = r;
    for (const Part& p : parts)
      for (double b : vertical ? p.x_baselines : p.y_baselines) wide.add(b);
    return wide;
  };
  const Range x_all = whole(with_baseline(x, true), x_share), y_all = whole(with_baseline(y, false), y_share);
  // The corner takes its baseline along where that costs little room.
  const auto corner = [&](const Range& r, bool vertical, bool share) {
    const Range wide = with_baseline(r, vertical);
    return rounded(wide.size() <= 3 * std::max(r.size(), .005) ? wide : r, share);
  };
  const Range x_corner = corner(x, true, x_share), y_corner = corner(y, false, y_share);
  const bool enlarge =
      !dots.empty() && ((x_share && x_corner.size() < kCorner * x_all.size()) || (y_share && y_corner.size() < kCorner * y_all.size()));

  // Many small multiples share one panel of the whole scale, in which only the places matter.
  const bool shared_whole = enlarge && parts.size() > 2;
  if (shared_whole) {
    Part everything{"Whole scale", {}, {}, {}};
    for (const Part& part : parts) {
      everything.series.insert(everything.series.end(), part.series.begin(), part.series.end());
      everything.x_baselines.insert(everything.x_baselines.end(), part.x_baselines.begin(), part.x_baselines.end());
      everything.y_baselines.insert(everything.y_baselines.end(), part.y_baselines.begin(), part.y_baselines.end());
    }
    parts.insert(parts.begin(), std::move(everything));
  }
  for (const Part& part : parts) {
    Chart c;
    c.title = part.title;
    c.x = {axis_title(measures.privacy, x_unit), Role::attack, x_all.low, x_all.high, x_share};
    c.y = {axis_title(measures.utility, y_unit), Role::model, y_all.low, y_all.high, y_share};
    c.series = part.series;
    if (!part.y_baselines.empty()) c.marks.push_back({spread(part.y_baselines).mean, "", false});
    if (!part.x_baselines.empty()) c.marks.push_back({spread(part.x_baselines).mean, "", true});
    for (Chart::Baseline& m : c.marks)
      m.words = m.vertical ? mark_words(measures.privacy, m.at, x_unit) : mark_words(measures.utility, m.at, y_unit);
    std::erase_if(c.marks, [&](const Chart::Baseline& m) {
      const Range& r = m.vertical ? x_all : y_all;
      return m.at < r.low || m.at > r.high;
    });
    if (!enlarge) {
      figure.panels.push_back(std::move(c));
      continue;
    }
    Chart close = c;
    c.region = {x_corner.low, x_corner.high, y_corner.low, y_corner.high};
    for (Chart::Series& s : c.series)
      for (Chart::Point& p : s.points) p.label.clear();  // no room: the enlarged panel names them
    close.x.low = x_corner.low, close.x.high = x_corner.high, close.y.low = y_corner.low, close.y.high = y_corner.high;
    close.title = part.title.empty() ? "The box, enlarged" : part.title + ", the box enlarged";
    if (c.title.empty()) c.title = "Whole scale";
    std::erase_if(close.marks, [&](const Chart::Baseline& m) {
      const Range& r = m.vertical ? x_corner : y_corner;
      return m.at < r.low || m.at > r.high;
    });
    for (Chart::Baseline& m : close.marks) m.words.clear();  // said in the panel of the whole scale
    if (shared_whole) close.title = part.title;
    if (!shared_whole || &part == &parts.front()) figure.panels.push_back(std::move(c));
    if (!shared_whole || &part != &parts.front()) figure.panels.push_back(std::move(close));
  }
  if (figure.panels.empty()) figure.panels.emplace_back();
  const std::size_t n = figure.panels.size();
  figure.columns = (enlarge && !shared_whole) || n == 2 || n == 4 ? 2 : n == 1 ? 1 : 3;

  const std::size_t seeds = sweep.seed_count();
  figure.foot = seeds > 1 ? "Mean over " + std::to_string(seeds) + " seeds; bars: one standard deviation to either side. Dashed: baselines."
                          : "One seed; bars: 95\u202f% intervals. Dashed: baselines.";
  if (shared_whole) figure.foot += " The other panels show the box of the first, enlarged.";
  if (left_out > 0)
    figure.foot += " Not drawn: " + std::to_string(left_out) + (left_out == 1 ? " combination" : " combinations") +
                   " without a finite value in every seed.";
  return figure;
}

}  // namespace mid
