#include "mid/report/sweep_table.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "mid/base/language.hpp"
#include "mid/measure/figure.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

constexpr int kTableColumns = 100;
constexpr std::size_t kMostTextRows = 10000;  // nobody reads as many; a list that is held has no more

struct Group {
  const char *title, *key;
  Measures Result::* measures;
};
const Group kGroups[] = {{"What the model can do", "utility", &Result::utility},
                         {"What the attacker gets", "privacy", &Result::privacy},
                         {"What the answer tells", "information", &Result::information}};

/// A measure over the seeds of one combination.
struct Cell {
  std::optional<Spread> value;
  int runs = 0;  // that ended well, whether or not they have a value
  std::optional<double> baseline;
  std::string unit;
};

using Runs = std::vector<const SweepRun*>;

bool failed(const SweepRun& run) { return run.result && run.result->failed; }

Cell cell(const Runs& runs, Measures Result::* group, const std::string& name) {
  std::vector<double> values, baselines;
  Cell c;
  for (const SweepRun* r : runs) {
    if (!r->result || r->result->failed) continue;
    ++c.runs;
    const Measures& measures = (*r->result).*group;
    const auto at = measures.find(name);
    if (at == measures.end()) continue;
    c.unit = at->second.unit;
    if (at->second.value) values.push_back(*at->second.value);
    if (at->second.baseline) baselines.push_back(*at->second.baseline);
  }
  if (!values.empty()) c.value = spread(values);
  if (!baselines.empty()) c.baseline = spread(baselines).mean;
  return c;
}

/// The measures of a group that any run gave, in the order in which a person reads them.
std::vector<std::string> names_in(const SweepFigures& given, const char* group) {
  std::vector<std::string> names;
  if (const auto found = given.find(group); found != given.end())
    for (const auto& [name, figure] : found->second) names.push_back(name);
  std::ranges::sort(names, reads_before);
  return names;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }
std::string number(const std::optional<double>& x) { return x ? Json(*x).dump() : ""; }

/// A varied value as a person reads it.
std::string cell_words(const Json& value) { return value.is_object() ? entry_words(value) : plain(value); }

std::string combination_words(const SweepRuns& sweep, std::size_t combination) {
  std::string out;
  for (std::size_t v = 0; v < sweep.paths.size(); ++v)
    out += (v ? ", " : "") + sweep.paths[v] + " " + cell_words(sweep.combinations[combination][v]);
  return out.empty() ? "the specification" : out;
}

using Column = std::vector<std::string>;  // head, then a row a combination

std::string padded(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ') + text;
}

int width_of(const Column& column) {
  int width = 0;
  for (const std::string& text : column) width = std::max(width, text_width(text));
  return width;
}

/// Prints columns side by side; those that find no room begin a further block, with `first` repeated.
std::string blocks(const std::vector<Column>& first, const std::vector<Column>& rest) {
  std::string out;
  for (std::size_t next = 0; next < rest.size();) {
    std::vector<Column> block = first;
    int width = 0;
    for (const Column& c : first) width += width_of(c) + 2;
    do {
      width += width_of(rest[next]) + 2;
      block.push_back(rest[next++]);
    } while (next < rest.size() && width + width_of(rest[next]) + 2 <= kTableColumns);
    for (std::size_t row = 0; row < block[0].size(); ++row) {
      for (const Column& c : block) out += "  " + padded(c[row], width_of(c));
      out += "\n";
    }
    if (next < rest.size()) out += "\n";
  }
  return out;
}

/// `x` with as many decimals as `other` has.
std::string with_decimals_of(const std::string& other, double x) {
  const auto point = other.find('.');
  char text[40];
  if (other.find('e') != std::string::npos)
    std::snprintf(text, sizeof text, "%.2g", x);
  else
    std::snprintf(text, sizeof text, "%.*f", point == std::string::npos ? 0 : static_cast<int>(other.size() - point - 1), x);
  return text;
}

std::string measure_cell(const Cell& c) {
  if (!c.value) return "–";
  std::string text = number_words(c.value->mean, c.unit);
  if (c.value->sd) text += " ± " + with_decimals_of(text, (c.unit == "proportion" ? 100 : 1) * *c.value->sd);
  if (c.baseline) text += " (" + number_words(c.baseline, c.unit) + ")";
  // A mean of those that happen to be finite must not look like a mean of all.
  if (c.value->n < c.runs) text = "only in " + count_words(c.value->n) + " of " + count_words(c.runs) + ": " + text;
  return text;
}

/// Which run a line is about.
Json name_of(const SweepRuns& sweep, const SweepRun& run) {
  Json line{{"varied", Json::object()}, {"seed", run.seed}, {"id", run.id.empty() ? Json() : Json(run.id)}};
  for (std::size_t v = 0; v < sweep.paths.size(); ++v) line["varied"][sweep.paths[v]] = sweep.combinations[run.combination][v];
  return line;
}

std::string how_many(std::size_t n, const char* one, const char* many) {
  return count_words(static_cast<long long>(n)) + " " + (n == 1 ? one : many);
}

}  // namespace

Json sweep_json(const SweepRuns& sweep) {
  Json out = Json::array();
  sweep.each([&](const SweepRun& run) {
    if (!run.ended()) return;
    Json line = name_of(sweep, run);
    line.update({{"spec", sweep.spec_of(run)},
                 {"refused", run.refused.empty() ? Json() : Json(run.refused)},
                 {"failed", nullptr},
                 {"warnings", Json::array()},
                 {"notes", Json::object()}});
    const Json result = run.result ? run.result->json() : Json::object();
    for (const Group& g : kGroups) line[g.key] = result.value(g.key, Json::object());
    if (run.result) line["warnings"] = result.at("warnings"), line["failed"] = result.at("failed"), line["notes"] = run.result->notes;
    out.push_back(std::move(line));
  });
  return out;
}

std::string sweep_timing(const SweepRuns& sweep) {
  std::string out;
  sweep.each([&](const SweepRun& run) {
    if (!run.result) return;
    Json line = name_of(sweep, run);
    line.update({{"device", run.result->device}, {"train_s", run.result->timing.train}, {"attack_s", run.result->timing.attack}});
    out += line.dump() + "\n";
  });
  return out;
}

std::string sweep_lines(const SweepRuns& sweep) {
  std::string out;
  for (const Json& line : sweep_json(sweep)) out += line.dump() + "\n";
  return out;
}

std::string sweep_csv(const SweepRuns& sweep) {
  std::string out;
  for (const std::string& path : sweep.paths) out += csv_field(path) + ",";
  out += "runs,failed,refused";
  std::vector<std::pair<Measures Result::*, std::string>> measures;
  const SweepFigures given = sweep.given();
  for (const Group& g : kGroups)
    for (const std::string& name : names_in(given, g.key)) {
      measures.emplace_back(g.measures, name);
      for (const char* part : {"_mean", "_sd", "_n", "_baseline"}) out += "," + csv_field(name + part);
    }
  out += "\n";
  sweep.each_combination([&](std::size_t combination, const Runs& runs) {
    for (const Json& value : sweep.combinations[combination]) out += csv_field(plain(value)) + ",";
    const auto count = [&](auto which) { return std::to_string(std::count_if(runs.begin(), runs.end(), which)); };
    out += count([](const SweepRun* r) { return r->result && !failed(*r); }) + "," + count([](const SweepRun* r) { return failed(*r); }) +
           "," + count([](const SweepRun* r) { return !r->refused.empty(); });
    for (const auto& [group, name] : measures) {
      const Cell m = cell(runs, group, name);
      out += "," + (m.value ? number(m.value->mean) : "") + "," + (m.value ? number(m.value->sd) : "") + "," +
             (m.value ? std::to_string(m.value->n) : "0") + "," + number(m.baseline);
    }
    out += "\n";
  });
  return out;
}

std::string sweep_text(const SweepRuns& sweep) {
  struct Figures {  // a column
    Measures Result::* group;
    std::string name, unit;
    Column cells;
  };
  std::vector<Figures> figures;
  const SweepFigures given = sweep.given();
  for (const Group& g : kGroups)
    for (const std::string& name : names_in(given, g.key)) figures.push_back({g.measures, name, {}, {name}});
  std::vector<std::size_t> rows;  // combinations with a figure to show
  std::size_t with_figures = 0, troubles = 0;
  std::string trouble, last;
  const auto tell = [&](const std::string& line) {
    if (++troubles <= kMostTextRows) trouble += line;
  };
  sweep.each_combination([&](std::size_t combination, const Runs& runs) {
    for (const SweepRun* r : runs) {
      if (r->refused.empty() && !failed(*r)) continue;
      const std::string words = combination_words(sweep, combination);
      if (!r->refused.empty()) {
        // Refusals rarely depend on the seed: one line for them all.
        if (const std::string line = "refused: " + words + ": " + r->refused + "\n"; line != last) tell(last = line);
      } else {
        tell("failed: " + words + ", seed " + std::to_string(r->seed) + ": " + r->result->failed->sentence + "\n");
      }
    }
    if (std::none_of(runs.begin(), runs.end(), [](const SweepRun* r) { return r->result.has_value(); })) return;
    if (++with_figures > kMostTextRows) return;
    rows.push_back(combination);
    for (Figures& f : figures) {
      const Cell m = cell(runs, f.group, f.name);
      if (!m.unit.empty()) f.unit = m.unit;
      f.cells.push_back(measure_cell(m));
    }
  });
  const std::size_t seeds = sweep.seed_count();
  std::string out = how_many(sweep.combinations.size(), "combination", "combinations") + ", " + how_many(seeds, "seed", "seeds") + ": ";
  out += seeds > 1 ? "mean ± standard deviation over the seeds (baseline)\n" : "value (baseline)\n";

  std::vector<Column> first;
  for (std::size_t v = 0; v < sweep.paths.size(); ++v) {
    Column column{sweep.paths[v]};
    for (std::size_t c : rows) column.push_back(cell_words(sweep.combinations[c][v]));
    first.push_back(std::move(column));
  }
  if (first.empty()) first.push_back(Column(rows.size() + 1));
  for (const Group& g : kGroups) {
    std::vector<Column> rest;
    for (Figures& f : figures) {
      if (f.group != g.measures) continue;
      if (!unit_words(f.unit).empty()) f.cells[0] += ", " + std::string(unit_words(f.unit));
      // A measure that no run could give fills no column.
      if (std::any_of(f.cells.begin() + 1, f.cells.end(), [](const std::string& text) { return text != "–"; }))
        rest.push_back(std::move(f.cells));
    }
    if (!rest.empty()) out += "\n" + std::string(g.title) + "\n" + blocks(first, rest);
  }
  const auto more = [](std::size_t all, const char* what, const char* where) {
    return all > kMostTextRows
               ? "and " + count_words(static_cast<long long>(all - kMostTextRows)) + " " + what + " more: " + where + " has them all\n"
               : "";
  };
  if (const std::string rest = more(with_figures, "combinations", "table.csv"); !rest.empty()) out += "\n" + rest;
  return trouble.empty() ? out : out + "\n" + trouble + more(troubles, "refusals and failures", "results.sqlite");
}

}  // namespace mid
