#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/chart.hpp"

namespace mid {

/// Defences at equal utility under every attacker, over some seeds.
struct Comparison {
  struct Row {
    std::string name;     ///< the defence
    std::string setting;  ///< the strength chosen for it: "beta 0.1"
    bool equal = true;    ///< whether it keeps the utility; if not, the setting shown is its weakest
    Spread utility;
    std::vector<std::optional<Spread>> attackers;  ///< in the order of Comparison::attackers; empty: not defined, or failed
    /// The attacker that gets most, as a place in `attackers`.
    std::optional<std::size_t> best() const;
  };
  std::string what;             ///< the experiment in one line
  std::string utility, judged;  ///< names of the measures: "accuracy", "line_up"
  std::string utility_unit, judged_unit;
  double baseline = 0;  ///< of `judged`: what an attacker gets without the answer
  double tolerance = 0;
  int seeds = 1;
  std::vector<std::string> attackers;  ///< "ridge_inversion", "ridge_inversion, 10 answers"
  std::vector<Row> rows;               ///< the first is the one whose utility the others keep
  std::vector<std::string> troubles;   ///< runs that failed or were refused, with their sentences
};

/// Everything, with full precision.
Json comparison_json(const Comparison& comparison);
/// Reads it back. Throws Error naming `where` for anything else.
Comparison comparison_from_json(const Json& j, const std::string& where);

/// Rows in order of what their best attacker gets, least first, that attacker's figure marked; then those that do not keep
/// the utility.
std::string comparison_text(const Comparison& comparison);
/// The same as a table of Markdown.
std::string comparison_markdown(const Comparison& comparison);

/// Utility against what the best attacker gets: a point a defence.
Figure comparison_figure(const Comparison& comparison);

}  // namespace mid
