#include "mid/report/trade_off.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/measure/figure.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/trade_off_series.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using Role = Chart::Role;

constexpr std::size_t kMostSeries = 5;  // in one panel: shapes can be told apart up to there
constexpr double kCorner = .4;          // points that fill less of an axis than this are shown enlarged, too

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

/// Whether the eye can tell the series of one panel apart.
bool too_many(const std::vector<Chart::Series>& series) {
  std::map<std::optional<Mark>, int> of_mark;
  for (const Chart::Series& s : series)
    if (++of_mark[s.mark] > 2) return true;
  return series.size() > kMostSeries;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

struct Range {
  double low = 0, high = 0;
  bool any = false;
  void add(double v) {
    low = any ? std::min(low, v) : v, high = any ? std::max(high, v) : v;
    any = true;
  }
  void add(const DotAxis& a) { add(a.value), add(a.low.value_or(a.value)), add(a.high.value_or(a.value)); }
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

/// A panel before it has axes: what is drawn in it, and the baselines of its runs.
struct Part {
  std::string title;
  std::vector<Chart::Series> series;
  std::vector<double> x_baselines, y_baselines;
  void take_baselines(const std::vector<double>& x, const std::vector<double>& y) {
    x_baselines.insert(x_baselines.end(), x.begin(), x.end());
    y_baselines.insert(y_baselines.end(), y.begin(), y.end());
  }
};

/// One for each value of the fields that belong to no defence; one a series where there would be too many in it.
std::vector<Part> parts_of(const std::vector<SweepDot>& dots) {
  const SweepTreatments treatments(dots);
  std::vector<Part> parts;
  std::vector<std::vector<std::pair<std::string, Json>>> seen;
  for (const SweepDot& first : dots) {
    if (std::find(seen.begin(), seen.end(), first.others) != seen.end()) continue;
    seen.push_back(first.others);
    Part part;
    std::vector<const SweepDot*> inside;
    for (const SweepDot& dot : dots)
      if (dot.others == first.others) inside.push_back(&dot), part.take_baselines(dot.x_baselines, dot.y_baselines);
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
  return parts;
}

/// What an axis shows, the same in all panels, so that the eye compares.
struct AxisScale {
  std::string name, unit;  ///< of the figure
  Range all, corner;       ///< everything; around the points
  bool share() const { return unit == "proportion"; }
  bool is_small() const { return share() && corner.size() < kCorner * all.size(); }
};

AxisScale scale_of(std::string name, std::string unit, const Range& points, const std::vector<Part>& parts,
                   std::vector<double> Part::* baselines) {
  AxisScale s{std::move(name), std::move(unit), {}, {}};
  Range wide = points;
  for (const Part& p : parts)
    for (double b : p.*baselines) wide.add(b);
  s.all = whole(wide, s.share());
  // The corner takes its baseline along where that costs little room.
  s.corner = rounded(wide.size() <= 3 * std::max(points.size(), .005) ? wide : points, s.share());
  return s;
}

void drop_marks_outside(std::vector<Chart::Baseline>& marks, const Range& x, const Range& y) {
  std::erase_if(marks, [&](const Chart::Baseline& m) {
    const Range& r = m.vertical ? x : y;
    return m.at < r.low || m.at > r.high;
  });
}

/// A panel of the whole scale.
Chart panel_of(const Part& part, const AxisScale& x, const AxisScale& y) {
  Chart c;
  c.title = part.title;
  c.x = {axis_title(x.name, x.unit), Role::attack, x.all.low, x.all.high, x.share()};
  c.y = {axis_title(y.name, y.unit), Role::model, y.all.low, y.all.high, y.share()};
  c.series = part.series;
  if (!part.y_baselines.empty()) c.marks.push_back({spread(part.y_baselines).mean, "", false});
  if (!part.x_baselines.empty()) c.marks.push_back({spread(part.x_baselines).mean, "", true});
  for (Chart::Baseline& m : c.marks) m.words = m.vertical ? mark_words(x.name, m.at, x.unit) : mark_words(y.name, m.at, y.unit);
  drop_marks_outside(c.marks, x.all, y.all);
  return c;
}

/// The corner of such a panel that its points fill, enlarged.
Chart enlarged(Chart c, const AxisScale& x, const AxisScale& y) {
  c.title = c.title.empty() ? "The box, enlarged" : c.title + ", the box enlarged";
  c.x.low = x.corner.low, c.x.high = x.corner.high, c.y.low = y.corner.low, c.y.high = y.corner.high;
  drop_marks_outside(c.marks, x.corner, y.corner);
  for (Chart::Baseline& m : c.marks) m.words.clear();  // said in the panel of the whole scale
  return c;
}

/// The same panel with a box around that corner.
Chart boxed(Chart c, const AxisScale& x, const AxisScale& y) {
  c.region = {x.corner.low, x.corner.high, y.corner.low, y.corner.high};
  for (Chart::Series& s : c.series)
    for (Chart::Point& p : s.points) p.label.clear();  // no room: the enlarged panel names them
  if (c.title.empty()) c.title = "Whole scale";
  return c;
}

std::string foot_words(std::size_t seeds, bool shared_whole, int left_out) {
  std::string foot = seeds > 1
                         ? "Mean over " + std::to_string(seeds) + " seeds; bars: one standard deviation to either side. Dashed: baselines."
                         : "One seed; bars: 95\u202f% intervals. Dashed: baselines.";
  if (shared_whole) foot += " The other panels show the box of the first, enlarged.";
  if (left_out > 0)
    foot += " Not drawn: " + std::to_string(left_out) + (left_out == 1 ? " combination" : " combinations") +
            " without a finite value in every seed.";
  return foot;
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
  const std::vector<SweepDot> dots = dots_of(sweep, measures, left_out);
  Figure figure;
  figure.title = "How useful, and how much leaks?";
  if (!dots.empty()) {
    Json spec = dots[0].spec;
    for (const char* varied : {"defense", "release", "seed"}) spec.erase(varied);
    figure.beneath = spaced(experiment_words(spec));
  }

  const std::vector<Part> parts = parts_of(dots);
  const SweepFigures given = sweep.given();
  Range x_points, y_points;
  for (const SweepDot& dot : dots) x_points.add(dot.x), y_points.add(dot.y);
  const AxisScale x = scale_of(measures.privacy, unit_of(given, measures.privacy), x_points, parts, &Part::x_baselines),
                  y = scale_of(measures.utility, unit_of(given, measures.utility), y_points, parts, &Part::y_baselines);
  const bool enlarge = !dots.empty() && (x.is_small() || y.is_small());
  // Many small multiples share one panel of the whole scale, in which only the places matter.
  const bool shared_whole = enlarge && parts.size() > 2;
  if (shared_whole) {
    Part everything{"Whole scale", {}, {}, {}};
    for (const Part& part : parts) {
      everything.series.insert(everything.series.end(), part.series.begin(), part.series.end());
      everything.take_baselines(part.x_baselines, part.y_baselines);
    }
    figure.panels.push_back(boxed(panel_of(everything, x, y), x, y));
  }
  for (const Part& part : parts) {
    const Chart c = panel_of(part, x, y);
    if (!shared_whole) figure.panels.push_back(enlarge ? boxed(c, x, y) : c);
    if (enlarge) figure.panels.push_back(enlarged(c, x, y));
    if (shared_whole) figure.panels.back().title = part.title;
  }
  if (figure.panels.empty()) figure.panels.emplace_back();
  const std::size_t n = figure.panels.size();
  figure.columns = (enlarge && !shared_whole) || n == 2 || n == 4 ? 2 : n == 1 ? 1 : 3;
  figure.foot = foot_words(sweep.seed_count(), shared_whole, left_out);
  return figure;
}

}  // namespace mid
