#include "mid/report/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/base/error.hpp"
#include "mid/measure/figure.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

using Setting = Comparison::Setting;
using Family = Comparison::Family;

double scale(const std::string& unit) { return unit == "proportion" ? 100 : 1; }

std::string printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// "68.4 ± 1.2"
std::string cell(const Spread& s, const std::string& unit) {
  const char* format = unit == "proportion" ? "%.1f" : "%.3f";
  const std::string mean = printed(format, scale(unit) * s.mean);
  return s.sd ? mean + " ± " + printed(format, scale(unit) * *s.sd) : mean;
}

/// "68.4 %"
std::string amount(double value, const std::string& unit) {
  return printed(unit == "proportion" ? "%.1f" : "%.3f", scale(unit) * value) +
         (unit_words(unit).empty() ? "" : " " + std::string(unit_words(unit)));
}

std::string in_unit(const std::string& name, const std::string& unit) {
  const std::string_view plain = plain_words(name);
  const std::string words = plain.empty() ? name : std::string(plain) + " (" + name + ")";
  return unit_words(unit).empty() ? words : words + ", " + std::string(unit_words(unit));
}

double volume_of(const Family& f) {
  const auto volume = over_seeds(f.volume);
  return volume ? volume->mean : -1;
}

/// By volume, largest first.
std::vector<const Family*> in_order(const Comparison& c) {
  std::vector<const Family*> out;
  for (const Family& f : c.families) out.push_back(&f);
  std::stable_sort(out.begin(), out.end(), [](const Family* a, const Family* b) { return volume_of(*a) > volume_of(*b); });
  return out;
}

/// The family's setting at a share; null: none is useful enough.
const Setting* at_share(const Family& f, std::size_t share) {
  return share < f.at.size() && f.at[share].setting ? &f.settings[static_cast<std::size_t>(*f.at[share].setting)] : nullptr;
}

Spread reported(const Setting& s) { return over_seeds(s.attackers.at(s.attacker).reported).value_or(Spread{}); }

std::string probability(double p) { return p < .0001 ? "< .0001" : printed("%.4f", p).substr(p < 1 ? 1 : 0); }

/// Head and rows of the table.
std::vector<std::vector<std::string>> table(const Comparison& c) {
  std::vector<std::vector<std::string>> out{
      {"defence", "settings", "volume, %", c.families.front().name + " minus it [95 %]", "p", "p, all tests"}};
  for (const double share : Comparison::kShares) out[0].push_back("leak at " + printed("%.0f", 100 * share) + " %");
  for (const Family* f : in_order(c)) {
    const auto volume = over_seeds(f->volume);
    std::vector<std::string> line{f->name, std::to_string(f->settings.size()), volume ? cell(*volume, "proportion") : "–", "–", "–", "–"};
    if (f->versus) {
      const auto& v = *f->versus;
      line[3] = printed("%+.1f", 100 * v.difference) +
                (v.low ? " [" + printed("%.1f", 100 * *v.low) + ", " + printed("%.1f", 100 * *v.high) + "]" : "");
      line[4] = probability(v.p), line[5] = probability(v.p_holm);
    }
    for (std::size_t k = 0; k < std::size(Comparison::kShares); ++k) {
      const Setting* s = at_share(*f, k);
      line.push_back(s ? cell(reported(*s), c.judged_unit) +
                             (f->settings.size() == 1 ? "" : " (" + (s->words.empty() ? "default" : s->words) + ")")
                       : "not reached");
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string heading(const Comparison& c) {
  const std::size_t n = c.seeds.size();
  std::string out = c.what + "\n" + std::to_string(c.settings) + " settings of each defence, " + std::to_string(n) +
                    (n == 1 ? " seed" : " seeds: mean ± standard deviation") + ".\n";
  if (!c.undefended_utility || !c.undefended_leak) return out;
  return out + "Without a defence: " + in_unit(c.utility, c.utility_unit) + " " + cell(*c.undefended_utility, c.utility_unit) +
         "; its best attacker's " + in_unit(c.judged, c.judged_unit) + " " + cell(*c.undefended_leak, c.judged_unit) +
         ". By guessing: " + amount(c.guess_utility, c.utility_unit) + " and " + amount(c.guess_leak, c.judged_unit) + ".\n";
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

/// Who gives away least at a share, and who cannot be told from it.
std::string least_words(const Comparison& c, std::size_t share) {
  const Family* best = nullptr;
  for (const Family& f : c.families)
    if (at_share(f, share) && (!best || reported(*at_share(f, share)).mean < reported(*at_share(*best, share)).mean)) best = &f;
  const std::string where = "At " + printed("%.0f", 100 * Comparison::kShares[share]) + " % of the " + c.utility + " without a defence ";
  if (!best) return where + "no defence was found.";
  const Spread least = reported(*at_share(*best, share));
  std::vector<std::string> alike;
  for (const Family& f : c.families)
    if (const Setting* s = at_share(f, share);
        s && &f != best && reported(*s).mean - least.mean <= std::max(reported(*s).sd.value_or(0), least.sd.value_or(0)))
      alike.push_back(f.name + " (" + amount(reported(*s).mean, c.judged_unit) + ")");
  std::string out = where + best->name + " gives away least: " + amount(least.mean, c.judged_unit) + " for its best attacker (" +
                    at_share(*best, share)->attacker + ")";
  if (!alike.empty()) out += ", within a standard deviation of it " + joined(alike);
  const Family& first = c.families.front();
  const Setting* own = at_share(first, share);
  if (!own) return out + ". " + first.name + " does not get there.";
  if (&first != best) out += "; " + first.name + " leaves " + amount(reported(*own).mean, c.judged_unit);
  return out + ".";
}

/// What the corrected tests say, and whether they could say anything with so few seeds.
std::string tests_words(const Comparison& c) {
  const std::string& first = c.families.front().name;
  std::vector<std::string> better, worse;
  int tests = 0;
  for (const Family& f : c.families) {
    if (!f.versus) continue;
    ++tests;
    if (f.versus->p_holm < .05) (f.versus->difference < 0 ? better : worse).push_back(f.name);
  }
  const auto are = [](const std::vector<std::string>& names) { return joined(names) + (names.size() == 1 ? " is" : " are"); };
  if (!better.empty() || !worse.empty())
    return (better.empty() ? "No defence is" : are(better)) + " significantly better than " + first +
           (worse.empty() ? ", and none worse." : ", and " + are(worse) + " worse.");
  const int seeds = static_cast<int>(c.seeds.size());
  int enough = 1;
  while (tests * std::pow(2., 1 - enough) >= .05) ++enough;
  const std::string corrected = "No difference of volumes is significant after the correction for " + std::to_string(tests) + " tests";
  return seeds < enough ? corrected + ": with " + std::to_string(seeds) + (seeds == 1 ? " seed" : " seeds") + " none can be, " +
                              std::to_string(enough) + " are needed."
                        : corrected + ".";
}

/// Whose interval leaves out zero, each looked at alone; empty for one seed.
std::string apart_words(const Comparison& c) {
  std::vector<std::string> better, worse;
  for (const Family& f : c.families)
    if (f.versus && f.versus->low && (*f.versus->low > 0 || *f.versus->high < 0)) (*f.versus->high < 0 ? better : worse).push_back(f.name);
  if (c.seeds.size() == 1 || (better.empty() && worse.empty())) return {};
  const std::string& first = c.families.front().name;
  return "Each interval alone (95 %, not corrected): " + (better.empty() ? "none" : joined(better)) + " better than " + first + ", " +
         (worse.empty() ? "none" : joined(worse)) + " worse.";
}

}  // namespace

Json comparison_json(const Comparison& c) { return json_of(c); }

Comparison comparison_from_json(const Json& j, const std::string& where) {
  try {
    Comparison c;
    read_members(j, c, {}, Lacking::refused);
    return c;
  } catch (const Error&) {
    throw Error(where, Message("refusal.no_comparison"));
  }
}

std::vector<std::string> comparison_words(const Comparison& c) {
  std::vector<std::string> out;
  if (c.families.front().at.empty()) return out;
  const std::vector<const Family*> order = in_order(c);
  const Family& first = c.families.front();
  const auto place = std::find(order.begin(), order.end(), &first) - order.begin() + 1;
  std::string whole =
      "Over all utilities " + order[0]->name + " covers most of the plane (" + printed("%.1f", 100 * volume_of(*order[0])) + " %)";
  if (order[0] != &first)
    whole += "; " + first.name + " covers " + printed("%.1f", 100 * volume_of(first)) + " % and is number " + std::to_string(place) +
             " of " + std::to_string(order.size());
  out.push_back(whole + ".");
  out.push_back(tests_words(c));
  if (const std::string apart = apart_words(c); !apart.empty()) out.push_back(apart);
  for (std::size_t k = 0; k < std::size(Comparison::kShares); ++k) out.push_back(least_words(c, k));
  return out;
}

std::string comparison_text(const Comparison& c) {
  const auto rows = table(c);
  std::vector<int> width(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], text_width(row[i]));
  std::string out = heading(c) + "\n";
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string room(static_cast<std::size_t>(width[i] - text_width(row[i])), ' ');
      line += (i ? "  " : "") + (i == 0 || i > 5 ? row[i] + room : room + row[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  out += "\n";
  for (const std::string& sentence : comparison_words(c)) out += sentence + "\n";
  for (const std::string& trouble : c.troubles) out += trouble + "\n";
  return out;
}

std::string comparison_markdown(const Comparison& c) {
  const auto rows = table(c);
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "|";
    for (const std::string& text : rows[r]) out += " " + text + " |";
    out += "\n";
    if (r == 0) {
      out += "|";
      for (std::size_t i = 0; i < rows[0].size(); ++i) out += i == 0 ? "---|" : "---:|";
      out += "\n";
    }
  }
  return out;
}

}  // namespace mid
