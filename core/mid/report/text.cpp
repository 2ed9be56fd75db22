#include "mid/report/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/measure/figure.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

constexpr int kTextColumns = 100;

using Cells = std::vector<std::string>;

std::string padded(const std::string& text, int width, bool right) {
  const std::string space(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ');
  return right ? space + text : text + space;
}

/// Breaks at spaces; further lines begin with `indent` spaces.
std::string wrapped(const std::string& text, int indent) {
  std::istringstream words(text);
  std::string word, out, line;
  while (words >> word) {
    if (!line.empty() && text_width(line) + 1 + text_width(word) > kTextColumns) {
      out += line + "\n";
      line = std::string(static_cast<std::size_t>(indent), ' ') + word;
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return out + line + "\n";
}

std::string with_unit(const std::optional<double>& x, const Measure& m) {
  std::string text = number_words(x, m.unit);
  if (x && !unit_words(m.unit).empty()) text += " " + std::string(unit_words(m.unit));
  return text;
}

Cells row(const std::string& name, const Measure& m) {
  const std::string plain(plain_words(name));
  Cells cells = {plain.empty() || plain == name ? "  " + name : "  " + plain + " (" + name + ")", with_unit(m.value, m),
                 m.baseline ? with_unit(m.baseline, m) : "", "", count_words(m.n)};
  const FigureKind* kind = figure_kind(name);
  if (kind && m.value && *m.value >= kind->no_limit_from) cells[1] = "no limit";
  // Close to ln n, such an estimate shows little more than the number of records.
  if (kind && kind->saturates && m.low && m.value && *m.value > .9 * std::log(m.n)) cells[1] = "saturated: " + cells[1];
  if (m.low && m.high) cells[3] = number_words(m.low, m.unit) + " to " + with_unit(m.high, m);
  return cells;
}

void add_rows(const std::string& title, const std::map<std::string, Measure>& measures, std::vector<Cells>& table) {
  if (measures.empty()) return;
  table.push_back({title});
  std::vector<std::string> names;
  for (const auto& [name, measure] : measures) names.push_back(name);
  std::ranges::sort(names, reads_before);
  for (const std::string& name : names) table.push_back(row(name, measures.at(name)));
}

std::string aligned(const Cells& head, const std::vector<Cells>& table) {
  std::vector<int> width(head.size());
  const auto widen = [&](const Cells& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) width[c] = std::max(width[c], text_width(cells[c]));
  };
  widen(head);
  for (const Cells& cells : table) widen(cells);
  std::string out;
  for (const Cells& cells : table) {
    const bool title = cells.size() == 1;
    if (title && &cells != &table.front()) out += "\n";
    // The head of the columns stands beside the first title only.
    const Cells& rest = title && &cells == &table.front() ? head : cells;
    std::string line = padded(cells[0], width[0], false);
    for (std::size_t c = 1; c < rest.size(); ++c) line += "  " + padded(rest[c], width[c], true);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string seconds(double s) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s", s);
  return text;
}

}  // namespace

std::string run_words(const Result& result) {
  return "run " + result.id + ", trained in " + seconds(result.timing.train) + ", attacked in " + seconds(result.timing.attack) + " on " +
         result.device;
}

std::string failure_words(const RunFailure& failed) { return "Failed while " + failed.stage + ": " + failed.sentence; }

std::string progress_words(const Progress& progress) {
  std::string words = progress.stage;
  if (progress.total > 1) words += ": " + progress.unit + " " + count_words(progress.done) + " of " + count_words(progress.total);
  if (const auto right = progress.live.find("accuracy"); right != progress.live.end())
    words += ", right " + std::to_string(std::lround(100 * right->second)) + " %";
  return words;
}

std::vector<std::vector<std::string>> result_table(const Result& result) {
  std::vector<Cells> table{{"", "value", "baseline", "95 % interval", "n"}};
  add_rows("What the model can do", result.utility, table);
  add_rows("What the attacker gets", result.privacy, table);
  add_rows("What the answer tells", result.information, table);
  return table;
}

std::string result_text(const Result& result) {
  const std::vector<std::string> warnings = sentences_in("en", result.all_warnings());
  std::string out = wrapped(experiment_words(result.spec), 2);
  out += run_words(result) + "\n";
  if (result.failed) out += "\n" + wrapped(failure_words(*result.failed), 2);

  const std::vector<Cells> table = result_table(result);
  if (table.size() > 1) out += "\n" + aligned(table.front(), {table.begin() + 1, table.end()});

  if (!warnings.empty()) out += "\n";
  for (const std::string& warning : warnings) out += wrapped("Note: " + warning, 6);
  return out;
}

Json seed_summary(std::span<const Result> runs) {
  Json out = Json::object();
  const auto group = [&](const char* name, auto member) {
    struct Values {
      std::vector<double> values, baselines, lows, highs;
      std::string unit;
    };
    std::map<std::string, Values> figures;
    for (const Result& r : runs)
      for (const auto& [figure, m] : r.*member) {
        if (!m.value || !std::isfinite(*m.value)) continue;
        Values& f = figures[figure];
        f.values.push_back(*m.value), f.unit = m.unit;
        if (m.baseline) f.baselines.push_back(*m.baseline);
        if (m.low && m.high) f.lows.push_back(*m.low), f.highs.push_back(*m.high);
      }
    Json& to = out[name] = Json::object();
    for (const auto& [figure, f] : figures) {
      const auto mean = [&](const std::vector<double>& of) { return of.size() == f.values.size() ? Json(spread(of).mean) : Json(nullptr); };
      const Spread over = spread(f.values);
      to[figure] = {{"mean", over.mean},
                    {"sd", over.sd ? Json(*over.sd) : Json(nullptr)},
                    {"n", over.n},
                    {"unit", f.unit},
                    {"baseline", mean(f.baselines)},
                    {"low", mean(f.lows)},
                    {"high", mean(f.highs)}};
    }
  };
  group("utility", &Result::utility), group("privacy", &Result::privacy), group("information", &Result::information);
  return out;
}

void check_seed_summary(const Json& all, const std::string& file) {
  const auto wrong = [&](const std::string& what) {
    throw Error(file, what + "; name a folder that mid run --seeds --out wrote, or run it again");
  };
  const auto number = [](const Json& m, const char* key, bool or_null) {
    return m.contains(key) && (m[key].is_number() || (or_null && m[key].is_null()));
  };
  if (!all.is_object() || !all.contains("summary") || !all["summary"].is_object() || !all.contains("seeds") || !all["seeds"].is_array())
    wrong("is no summary of seeds");
  for (const auto& [group, figures] : all["summary"].items()) {
    if (!figures.is_object()) wrong("holds a group " + shown(group) + " that is no object of figures");
    for (const auto& [figure, m] : figures.items()) {
      if (!m.is_object() || !number(m, "mean", false) || !number(m, "sd", true))
        wrong("holds a figure " + shown(figure) + " without a mean and an sd that are numbers, " + shown(m));
      if (!m.contains("n") || !m["n"].is_number_integer() || !m.contains("unit") || !m["unit"].is_string())
        wrong("holds a figure " + shown(figure) + " without a whole number n and a unit, " + shown(m));
      for (const char* key : {"baseline", "low", "high"})
        if (!number(m, key, true))
          wrong("holds a figure " + shown(figure) + " whose " + key + " is neither a number nor null, " + shown(m));
    }
  }
}

std::vector<std::vector<std::string>> seed_summary_table(const Json& summary) {
  std::vector<Cells> table{{"", "mean", "sd", "baseline", "95 % interval", "seeds"}};
  const auto add = [&](const char* title, const char* key) {
    if (!summary.contains(key) || summary.at(key).empty()) return;
    const Json& figures = summary.at(key);
    table.push_back({title});
    const auto row_of = [&](const std::string& name, const Json& f) {
      const auto number = [&](const char* part) { return !f.at(part).is_null() ? std::optional(f.at(part).get<double>()) : std::nullopt; };
      Measure m{number("mean"), number("baseline"), number("low"), number("high"), f.at("n").get<int>(), f.at("unit").get<std::string>()};
      Cells cells = row(name, m);
      const auto sd = number("sd");
      cells.insert(cells.begin() + 2, sd ? with_unit(sd, m) : "");
      table.push_back(std::move(cells));
    };
    std::vector<std::string> names;
    for (const auto& [name, figure] : figures.items()) names.push_back(name);
    std::ranges::sort(names, reads_before);
    for (const std::string& name : names) row_of(name, figures.at(name));
  };
  add("What the model can do", "utility"), add("What the attacker gets", "privacy"), add("What the answer tells", "information");
  return table;
}

std::string seed_summary_words(int seeds) {
  return "over " + std::to_string(seeds) + " seeds: mean, standard deviation between the seeds, and the interval of one run on average";
}

std::string seed_summary_text(const Json& summary, int seeds) {
  const std::vector<Cells> table = seed_summary_table(summary);
  return seed_summary_words(seeds) + "\n\n" + aligned(table.front(), {table.begin() + 1, table.end()});
}

}  // namespace mid
