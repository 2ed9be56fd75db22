#include "mid/report/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>
#include <vector>

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
  Cells cells = {plain.empty() ? "  " + name : "  " + plain + " (" + name + ")", with_unit(m.value, m),
                 m.baseline ? with_unit(m.baseline, m) : "", "", std::to_string(m.n)};
  if (name == "attacker_limit" && m.value && *m.value >= 1) cells[1] = "no limit";  // a bound that excludes nothing
  // An estimate over n records reaches ln n at most: close to it, it shows little more than their number.
  if (name.starts_with("information") && m.low && m.value && *m.value > .9 * std::log(m.n)) cells[1] = "saturated: " + cells[1];
  if (m.low && m.high) cells[3] = number_words(m.low, m.unit) + " to " + with_unit(m.high, m);
  return cells;
}

/// The measures that midlab names in its own order, then an attack's own by name.
void add_rows(const std::string& title, const std::map<std::string, Measure>& measures, std::vector<Cells>& table) {
  if (measures.empty()) return;
  table.push_back({title});
  std::set<std::string_view> done;
  for (const MeasureWords& words : measure_words())
    if (const auto at = measures.find(std::string(words.name)); at != measures.end()) {
      table.push_back(row(at->first, at->second));
      done.insert(words.name);
    }
  for (const auto& [name, measure] : measures)
    if (!done.contains(name)) table.push_back(row(name, measure));
}

std::string aligned(const std::vector<Cells>& table) {
  const Cells head = {"", "value", "baseline", "95 % interval", "n"};
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

std::string result_text(const Result& result) {
  // json() adds the warnings for measures without a value; a person gets the same ones.
  const auto warnings = result.json().at("warnings").get<std::vector<std::string>>();
  std::string out = wrapped(experiment_words(result.spec), 2);
  out += "run " + result.id + ", trained in " + seconds(result.train_seconds) + ", attacked in " +
         seconds(result.attack_seconds) + " on " + result.device + "\n";
  if (result.failed.is_object())
    out += "\n" + wrapped("Failed while " + result.failed.value("stage", "running") + ": " + result.failed.value("sentence", ""), 2);

  std::vector<Cells> table;
  add_rows("What the model can do", result.utility, table);
  add_rows("What the attacker gets", result.privacy, table);
  add_rows("What the answer tells", result.information, table);
  if (!table.empty()) out += "\n" + aligned(table);

  if (!warnings.empty()) out += "\n";
  for (const std::string& warning : warnings) out += wrapped("Note: " + warning, 6);
  return out;
}

}  // namespace mid
