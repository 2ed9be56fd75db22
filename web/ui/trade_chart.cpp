#include "ui/trade_chart.hpp"

#include <algorithm>
#include <cmath>

#include "mid/measure/spread.hpp"
#include "mid/report/chart_panel.hpp"
#include "mid/report/words.hpp"
#include "ui/figures.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// One axis of a point over its seeds.
struct Mean {
  double value = 0;
  std::optional<double> low, high;
};

/// From three seeds on the interval of their mean; before that the runs' own, of two from the lower to the higher end.
Mean mean_of(const std::vector<double>& values, const std::vector<Interval>& own) {
  Mean out{spread(values).mean, {}, {}};
  if (const auto sure = interval_of_mean(values)) {
    out.low = sure->first, out.high = sure->second;
    return out;
  }
  for (const Interval& i : own) {
    if (!i) return out;
    out.low = std::min(out.low.value_or(i->first), i->first), out.high = std::max(out.high.value_or(i->second), i->second);
  }
  return out;
}

struct Group {
  std::string key;
  const Run* first = nullptr;
  std::vector<std::pair<double, std::vector<std::size_t>>> strengths;
};

/// The runs by series and strength: first the model nobody defended, then the story's own defence, then in the order of their first runs.
std::vector<Group> groups_of(const PageModel& model) {
  const std::vector<Run>& list = model.runs().list();
  std::vector<Group> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Run& r = list[i];
    if (!model.runs().comparable(r) || !r.utility || !r.privacy) continue;
    auto group = std::ranges::find(out, series_of(r), &Group::key);
    if (group == out.end()) group = out.insert(out.end(), {series_of(r), &r, {}});
    auto at = std::ranges::find(group->strengths, r.strength, [](const auto& s) { return s.first; });
    if (at == group->strengths.end()) at = group->strengths.insert(group->strengths.end(), {r.strength, {}});
    at->second.push_back(i);
  }
  const std::string own = model.choice().story().defences.front();
  std::ranges::stable_sort(out, {}, [&](const Group& g) { return g.first->treatment.none() ? 0 : g.key == own ? 1 : 2; });
  for (Group& g : out) {
    std::ranges::sort(g.strengths, {}, [](const auto& s) { return s.first; });
    if (g.first->weakens) std::ranges::reverse(g.strengths);  // epsilon: less is stronger
    for (auto& [strength, runs] : g.strengths) {
      const auto mine = std::ranges::find(runs, model.choice().seed(), [&](std::size_t i) { return list[i].seed; });
      std::iter_swap(mine == runs.end() ? runs.end() - 1 : mine, runs.begin());
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " " + std::string(words("trade.and")) + " " : ", ") + ("**" + names[i] + "**");
  return out;
}

}  // namespace

std::string short_name(const std::string& section, const std::string& entry, bool inside) {
  if (const std::string of_inside = section + "." + entry + ".inside"; inside && words(of_inside) != of_inside)
    return std::string(words(of_inside));
  return entry_name(section, entry, [](std::string_view key) {
    const std::string_view text = words(key);
    return text == key ? std::nullopt : std::optional(text);
  });
}

std::string slider_number(const Choice& choice, double strength) {
  const std::vector<double>& stops = choice.stops();
  const bool budget = stops.size() > 2 && stops[1] > stops.back();
  return budget && strength == 0 ? "∞" : localised(strength_number(strength));
}

std::string slider_words(const Choice& choice) {
  const std::string& rival = choice.rival();
  const bool on = choice.strength() > 0;
  const std::string place = on && choice.only_on() ? std::string(words("on")) : strength_text(choice.strength());
  if (rival.empty()) return std::string(words("strength")) + " " + place;
  const auto dot = rival.find('.');
  return short_name(rival.substr(0, dot), rival.substr(dot + 1), is_inside(choice.spec())) + " " + place;
}

TradeChart trade_chart(const PageModel& model, double floor, bool with_line) {
  TradeChart out;
  const std::vector<Run>& list = model.runs().list();
  const Story& story = model.choice().story();
  const auto x_guess = model.runs().privacy().baseline, y_guess = model.runs().figure("utility", story.utility).baseline;
  Chart& chart = out.chart;
  chart.x = {.title = attacker_title(model), .role = Chart::Role::attack, .percent = true};
  chart.y = {.title = model.choice().says("y"), .role = Chart::Role::model, .percent = true};
  if (x_guess) chart.x.start = words("trade.start", {{"value", percent(x_guess)}});
  chart.named_directly = true;
  chart.corner = Chart::Corner{std::string(words("trade.corner")), std::string(words("trade.corner.more"))};
  const std::string shown_series = [&] {
    for (const Run& r : list)
      if (model.runs().has_result() && r.spec == model.runs().shown().spec()) return series_of(r);
    return std::string();
  }();
  for (const Group& g : groups_of(model)) {
    Chart::Series s{.name = series_title(*g.first), .points = {}};
    give_mark(s, mark_of_run(g.first->treatment.defence, g.first->treatment.release), chart.series);
    s.opacity = shown_series.empty() || g.key == shown_series || s.mark == Mark::ring ? 1 : .75;
    std::vector<std::vector<std::size_t>> points;
    for (const auto& [strength, runs] : g.strengths) {
      std::vector<double> x, y;
      std::vector<Interval> x_own, y_own;
      Chart::Point p;
      for (const std::size_t i : runs) {
        const Run& r = list[i];
        x.push_back(*r.privacy), y.push_back(*r.utility), x_own.push_back(r.privacy_interval), y_own.push_back(r.utility_interval);
        p.ring = p.ring || (model.runs().has_result() && r.spec == model.runs().shown().spec());
      }
      const Mean mx = mean_of(x, x_own), my = mean_of(y, y_own);
      p.x = mx.value, p.x_low = mx.low, p.x_high = mx.high, p.y = my.value, p.low = my.low, p.high = my.high;
      p.seeds = static_cast<int>(runs.size());
      if (!list[runs.front()].treatment.path.empty()) p.label = localised(strength_number(strength));
      s.points.push_back(std::move(p));
      points.push_back(runs);
    }
    if (g.key == story.defences.front() && !chart.series.empty() && chart.series.front().mark == Mark::ring)
      s.begins = std::pair(chart.series.front().points.front().x, chart.series.front().points.front().y);
    chart.series.push_back(std::move(s));
    out.runs.push_back(std::move(points));
  }
  out.usual = usual_floor(chart);
  chart.floor = Chart::Floor{out.usual, {}};
  zoom_to_data(chart, x_guess.value_or(0), y_guess);
  for (Chart::Baseline& m : chart.marks)
    if (!m.vertical) m.words = words("trade.guess");
  if (chart.inset) chart.inset->words = words("trade.inset");
  const double asked = floor < 0 ? out.usual : std::clamp(floor, chart.y.low, std::min(1.0, chart.y.high));
  out.use = equal_use(chart, asked);
  if (with_line)
    chart.floor = Chart::Floor{asked, words("trade.floor", {{"value", percent(asked)}})};
  else
    chart.floor.reset();
  return out;
}

std::string winner_sentence(const PageModel& model, const TradeChart& trade) {
  if (trade.empty()) return {};
  const EqualUse& use = trade.use;
  const std::string floor = percent(use.floor);
  if (use.reach == 0) return words("trade.nobody", {{"floor", floor}});
  if (!use.decided()) return std::string(words(use.seeds == 1 ? "trade.once" : "trade.few"));
  const auto name = [&](const EqualUse::Place& p) { return trade.chart.series[p.series].name; };
  const EqualUse::Place& first = use.places.front();
  const bool none = trade.chart.series[first.series].mark == Mark::ring;
  std::string out =
      words(none ? "trade.win.none" : "trade.win", {{"floor", floor}, {"name", name(first)}, {"value", percent(first.leaks)}});
  if (first.point == std::nullopt) out += " " + std::string(words("trade.between"));
  std::vector<std::string> ties;
  bool own_said = false;
  const auto is_own = [&](const EqualUse::Place& p) {
    const std::size_t run = trade.runs[p.series].front().front();
    return series_of(model.runs().list()[run]) == model.choice().story().defences.front();
  };
  for (const std::size_t i : use.ties) ties.push_back(name(use.places[i])), own_said = own_said || is_own(use.places[i]);
  if (!ties.empty()) out += " " + words(ties.size() == 1 ? "trade.tie" : "trade.ties", {{"names", joined(ties)}});
  if (is_own(first) || own_said) return out;
  for (const EqualUse::Place& p : use.places)
    if (is_own(p))
      out += " " + (p.leaks ? words("trade.own", {{"name", name(p)}, {"value", percent(p.leaks)}})
                            : words("trade.own.never", {{"name", name(p)}, {"floor", floor}}));
  return out;
}

Json trade_table(const PageModel& model, const TradeChart& trade) {
  Json out{{"sentence", winner_sentence(model, trade)},
           {"floor", trade.use.floor},
           {"utility", trade.chart.y.title},
           {"privacy", trade.chart.x.title},
           {"rows", Json::array()}};
  for (const Chart::Series& s : trade.chart.series)
    for (const Chart::Point& p : s.points) {
      const auto three = [](double value, const std::optional<double>& low, const std::optional<double>& high) {
        return Json{value, low ? Json(*low) : Json(), high ? Json(*high) : Json()};
      };
      out["rows"].push_back({{"name", s.name},
                             {"strength", p.label},
                             {"seeds", p.seeds},
                             {"utility", three(p.y, p.low, p.high)},
                             {"privacy", three(p.x, p.x_low, p.x_high)},
                             {"shown", p.ring}});
    }
  std::string& sentence = out["sentence"].get_ref<std::string&>();
  std::erase(sentence, '*');
  return out;
}

}  // namespace mid::ui
