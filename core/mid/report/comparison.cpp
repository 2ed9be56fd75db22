#include "mid/report/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "mid/base/error.hpp"
#include "mid/measure/figure.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using Row = Comparison::Row;

Json spread_json(const Spread& s) { return {{"mean", s.mean}, {"sd", s.sd ? Json(*s.sd) : Json()}, {"n", s.n}}; }
Spread spread_of(const Json& j) {
  Spread s{j.at("mean").get<double>(), std::nullopt, j.at("n").get<int>()};
  if (!j.at("sd").is_null()) s.sd = j.at("sd").get<double>();
  return s;
}

double scale(const std::string& unit) { return unit == "proportion" ? 100 : 1; }

/// "68.4 ± 1.2"
std::string cell(const Spread& s, const std::string& unit) {
  char text[64];
  const int decimals = unit == "proportion" ? 1 : 3;
  if (s.sd)
    std::snprintf(text, sizeof text, "%.*f ± %.*f", decimals, scale(unit) * s.mean, decimals, scale(unit) * *s.sd);
  else
    std::snprintf(text, sizeof text, "%.*f", decimals, scale(unit) * s.mean);
  return text;
}

std::string in_unit(const std::string& name, const std::string& unit) {
  const std::string_view plain = plain_words(name);
  const std::string words = plain.empty() ? name : std::string(plain) + " (" + name + ")";
  return unit_words(unit).empty() ? words : words + ", " + std::string(unit_words(unit));
}

/// Those that keep the utility by what their best attacker gets, least first; then the others in the same order.
std::vector<const Row*> in_order(const Comparison& c) {
  std::vector<const Row*> rows;
  for (const Row& r : c.rows) rows.push_back(&r);
  const auto gets = [](const Row* r) { return r->best() ? r->attackers[*r->best()]->mean : 2e9; };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const Row* a, const Row* b) { return std::pair(!a->equal, gets(a)) < std::pair(!b->equal, gets(b)); });
  return rows;
}

/// Head and rows of the table; the best attacker's figure between `strong` marks.
std::vector<std::vector<std::string>> table(const Comparison& c, const std::string& strong) {
  std::vector<std::vector<std::string>> out{{"defence", "setting", c.utility}};
  for (const std::string& a : c.attackers) out[0].push_back(a);
  for (const Row* r : in_order(c)) {
    std::vector<std::string> line{r->name, r->setting, cell(r->utility, c.utility_unit) + (r->equal ? "" : " (lower)")};
    if (!r->equal && gains_when_lower(c.utility)) line.back() = cell(r->utility, c.utility_unit) + " (higher)";
    for (std::size_t a = 0; a < r->attackers.size(); ++a) {
      const std::string text = r->attackers[a] ? cell(*r->attackers[a], c.judged_unit) : "–";
      line.push_back(r->best() == a ? strong + text + strong : text);
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string heading(const Comparison& c) {
  char tolerance[32];
  std::snprintf(tolerance, sizeof tolerance, "%.3g", scale(c.utility_unit) * c.tolerance);
  const std::string points = c.utility_unit == "proportion" ? std::string(tolerance) + " points" : std::string(tolerance);
  return c.what + "\nEach defence at its strongest setting that keeps " + in_unit(c.utility, c.utility_unit) + " within " + points +
         " of " + c.rows.at(0).name + "; " + std::to_string(c.seeds) + (c.seeds == 1 ? " seed" : " seeds: mean ± standard deviation") +
         ".\nAttackers are judged by " + in_unit(c.judged, c.judged_unit) + "; without the answer " +
         number_words(c.baseline, c.judged_unit) + ".\n";
}

std::string troubles(const Comparison& c) {
  std::string out;
  for (const std::string& t : c.troubles) out += t + "\n";
  return out;
}

Chart::Role role_of(const std::string& name) {
  if (name.starts_with("mid")) return Chart::Role::defend;
  if (name.starts_with("dp")) return Chart::Role::privacy;
  std::string entry = name;
  std::replace(entry.begin(), entry.end(), ' ', '_');
  const ReleaseKind* kind = release_called(entry);
  return kind ? role_of(*kind) : Chart::Role::ink;
}

}  // namespace

std::optional<std::size_t> Row::best() const {
  std::optional<std::size_t> at;
  for (std::size_t a = 0; a < attackers.size(); ++a)
    if (attackers[a] && (!at || attackers[a]->mean > attackers[*at]->mean)) at = a;
  return at;
}

Json comparison_json(const Comparison& c) {
  Json rows = Json::array();
  for (const Row& r : c.rows) {
    Json attackers = Json::array();
    for (const auto& a : r.attackers) attackers.push_back(a ? spread_json(*a) : Json());
    rows.push_back(
        {{"name", r.name}, {"setting", r.setting}, {"equal", r.equal}, {"utility", spread_json(r.utility)}, {"attackers", attackers}});
  }
  return {{"what", c.what},
          {"utility", c.utility},
          {"utility_unit", c.utility_unit},
          {"judged", c.judged},
          {"judged_unit", c.judged_unit},
          {"baseline", c.baseline},
          {"tolerance", c.tolerance},
          {"seeds", c.seeds},
          {"attackers", c.attackers},
          {"rows", rows},
          {"troubles", c.troubles}};
}

Comparison comparison_from_json(const Json& j, const std::string& where) {
  try {
    Comparison c;
    j.at("what").get_to(c.what), j.at("utility").get_to(c.utility), j.at("utility_unit").get_to(c.utility_unit),
        j.at("judged").get_to(c.judged);
    j.at("judged_unit").get_to(c.judged_unit), j.at("baseline").get_to(c.baseline), j.at("tolerance").get_to(c.tolerance),
        j.at("seeds").get_to(c.seeds);
    j.at("attackers").get_to(c.attackers), j.at("troubles").get_to(c.troubles);
    for (const Json& r : j.at("rows")) {
      Row row{
          r.at("name").get<std::string>(), r.at("setting").get<std::string>(), r.at("equal").get<bool>(), spread_of(r.at("utility")), {}};
      for (const Json& a : r.at("attackers")) row.attackers.push_back(a.is_null() ? std::nullopt : std::optional(spread_of(a)));
      c.rows.push_back(std::move(row));
    }
    return c;
  } catch (const Json::exception&) {
    throw Error(where, Message("refusal.no_comparison"));
  }
}

std::string comparison_text(const Comparison& c) {
  const auto rows = table(c, "*");
  std::vector<int> width(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], text_width(row[i]));
  std::string out = heading(c) + "\n";
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string room(static_cast<std::size_t>(width[i] - text_width(row[i])), ' ');
      line += (i ? "  " : "") + (i < 2 ? row[i] + room : room + row[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out + "\n* the attacker that gets most\n" + troubles(c);
}

std::string comparison_markdown(const Comparison& c) {
  const auto rows = table(c, "**");
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "|";
    for (const std::string& text : rows[r]) out += " " + text + " |";
    out += "\n";
    if (r == 0) {
      out += "|";
      for (std::size_t i = 0; i < rows[0].size(); ++i) out += i < 2 ? "---|" : "---:|";
      out += "\n";
    }
  }
  return out;
}

Figure comparison_figure(const Comparison& c) {
  Figure figure;
  figure.title = "What does the best attacker get at equal utility?";
  figure.beneath = c.what;
  Chart chart;
  double low_x = c.baseline, high_x = c.baseline, low_y = 1e9, high_y = -1e9;
  for (const Row& r : c.rows) {
    if (!r.best()) continue;
    const Spread& gets = *r.attackers[*r.best()];
    const double dx = gets.sd.value_or(0), dy = r.utility.sd.value_or(0);
    Chart::Point p{.x = gets.mean,
                   .y = r.utility.mean,
                   .low = r.utility.mean - dy,
                   .high = r.utility.mean + dy,
                   .label = r.name + (r.equal ? "" : " (not equal)"),
                   .x_low = gets.mean - dx,
                   .x_high = gets.mean + dx};
    low_x = std::min(low_x, *p.x_low), high_x = std::max(high_x, *p.x_high), low_y = std::min(low_y, *p.low),
    high_y = std::max(high_y, *p.high);
    chart.series.push_back({.name = r.name, .role = role_of(r.name), .points = {p}, .joined = false});
  }
  const bool x_share = c.judged_unit == "proportion", y_share = c.utility_unit == "proportion";
  const auto axis = [](double low, double high, bool share) {
    const double room = .08 * std::max(high - low, 1e-3);
    return std::pair{std::max(low - room, share ? 0. : low - room), share ? std::min(high + room, 1.) : high + room};
  };
  const auto [x0, x1] = axis(x_share ? 0 : low_x, high_x, x_share);
  const auto [y0, y1] = axis(low_y, high_y, y_share);
  const auto title = [](const std::string& name) { return plain_words(name).empty() ? name : std::string(plain_words(name)); };
  chart.x = {title(c.judged) + ", best attacker", Chart::Role::attack, x0, x1, x_share};
  chart.y = {title(c.utility), Chart::Role::model, y0, y1, y_share};
  chart.marks.push_back({c.baseline, std::string(baseline_words(c.judged)), true});
  figure.panels.push_back(std::move(chart));
  figure.foot = c.seeds > 1 ? "Mean over " + std::to_string(c.seeds) + " seeds; bars: one standard deviation to either side." : "One seed.";
  return figure;
}

}  // namespace mid
