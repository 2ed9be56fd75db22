#include <algorithm>

#include "mid/defense/defense.hpp"
#include "mid/measure/figure.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/report/comparison.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using Family = Comparison::Family;

/// Of a family, "dp sgd", "label only", "mid, sticky" or "mid + dropout": its (first) entry's; no entry is called like a model nobody
/// defended.
Mark mark_called(const std::string& name) {
  std::string entry = name;
  std::replace(entry.begin(), entry.end(), ' ', '_');
  const auto comma = entry.find(",_");
  std::string defence = entry.substr(0, comma);
  const std::string release = comma == std::string::npos ? entry : entry.substr(comma + 2);
  if (const auto plus = defence.find("_+_"); plus != std::string::npos) defence.resize(plus);
  return defense_called(defence) || release_called(release) ? mark_of_run(defence, release) : Mark::ring;
}

/// A family's settings, as its reported half has them: all, or the front alone, least leak first.
std::vector<Chart::Point> points_of(const Family& f, bool front) {
  std::vector<Chart::Point> out;
  for (const Comparison::Setting& s : f.settings) {
    const auto gets = s.attackers.find(s.attacker);
    const auto utility = over_seeds(s.utility);
    if (gets == s.attackers.end() || !utility || s.on_front != front) continue;
    const auto leak = over_seeds(gets->second.reported);
    if (leak) out.push_back({.x = leak->mean, .y = utility->mean});
  }
  std::sort(out.begin(), out.end(), [](const Chart::Point& a, const Chart::Point& b) { return a.x < b.x; });
  return out;
}

}  // namespace

Figure comparison_figure(const Comparison& c) {
  Figure figure;
  figure.title = "What does the best attacker get, and what is left of the use?";
  figure.beneath = c.what;
  figure.columns = 4;
  double low_x = c.guess_leak, high_x = c.guess_leak, low_y = c.guess_utility, high_y = c.guess_utility;
  for (const Family& f : c.families)
    for (const bool front : {true, false})
      for (const Chart::Point& p : points_of(f, front))
        low_x = std::min(low_x, p.x), high_x = std::max(high_x, p.x), low_y = std::min(low_y, p.y), high_y = std::max(high_y, p.y);
  const auto axis = [](double low, double high, bool share) {
    const double room = .06 * std::max(high - low, 1e-3);
    return std::pair{share ? std::max(low - room, 0.) : low - room, share ? std::min(high + room, 1.) : high + room};
  };
  const bool x_share = c.judged_unit == "proportion", y_share = c.utility_unit == "proportion";
  const auto [x0, x1] = axis(low_x, high_x, x_share);
  const auto [y0, y1] = axis(low_y, high_y, y_share);
  const auto title = [](const std::string& name) { return plain_words(name).empty() ? name : std::string(plain_words(name)); };
  for (const Family& f : c.families) {
    if (f.name == "no defence") continue;  // it is in every panel
    Chart chart;
    chart.title = f.name;
    chart.x = {title(c.judged), Chart::Role::attack, x0, x1, x_share};
    chart.y = {title(c.utility), Chart::Role::model, y0, y1, y_share};
    chart.marks.push_back({c.guess_leak, "", true});
    const Family& first = c.families.front();
    const Mark own = mark_called(first.name);
    if (&f != &first)
      chart.series.push_back(
          {.name = first.name + ", front", .role = role_of(own), .points = points_of(first, true), .second = true, .mark = own});
    const Mark mark = &f != &first && mark_called(f.name) == own ? Mark::ring : mark_called(f.name);
    chart.series.push_back({.name = "front", .role = role_of(mark), .points = points_of(f, true), .mark = mark});
    chart.series.push_back(
        {.name = "not on it", .role = role_of(mark), .points = points_of(f, false), .joined = false, .second = true, .mark = mark});
    if (c.undefended_utility && c.undefended_leak)
      chart.series.push_back({.name = "no defence",
                              .role = Chart::Role::model,
                              .points = {{.x = c.undefended_leak->mean, .y = c.undefended_utility->mean}},
                              .joined = false});
    figure.panels.push_back(std::move(chart));
  }
  figure.foot = "Each dot is a setting, mean of " + std::to_string(c.seeds.size()) + (c.seeds.size() == 1 ? " seed" : " seeds") +
                ", over the people by whom it was not chosen. Dashed: the guess without the answer.";
  return figure;
}

}  // namespace mid
