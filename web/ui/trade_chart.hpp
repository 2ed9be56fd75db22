#pragma once
#include <string>
#include <vector>

#include "mid/report/chart.hpp"
#include "mid/report/equal_use.hpp"
#include "ui/page_model.hpp"

namespace mid::ui {

/// The trade-off of the runs that can be compared with what is chosen, as data: the page, its exports and the form that reads it out all
/// take it from here. A point is one strength of one defence, the mean over its seeds.
struct TradeChart {
  Chart chart;
  /// Of each point of each series: its runs, places in Runs::list(); the one of the chosen seed first, else the newest.
  std::vector<std::vector<std::vector<std::size_t>>> runs;
  EqualUse use;
  double usual = .95;  ///< floor that the chart suggests
  bool empty() const { return chart.series.empty(); }
};
/// `floor`: the use that is asked for; below 0: the usual one. `with_line`: it is drawn.
TradeChart trade_chart(const PageModel& model, double floor, bool with_line);

/// "At 96 % right MID leaves the attacker least: 43 %." and who else does within the intervals, whoever it is; or why nobody can say.
/// Empty without runs.
std::string winner_sentence(const PageModel& model, const TradeChart& trade);

/// What the slider is set to, as a sentence names it: "Defence strength 0.1", "Rounding 2", "Label only Off".
std::string slider_words(const Choice& choice);
/// A strength of its slider as a number; of a budget, which protects less the larger it is, Off is no limit: "∞".
std::string slider_number(const Choice& choice, double strength);

/// A defence or a release as the chart and the switch call it; `inside`: of the numbers inside, where some are called otherwise.
std::string short_name(const std::string& section, const std::string& entry, bool inside = false);

/// The same for those who cannot see it: {"sentence", "floor", "utility", "privacy" (what the axes are), "rows": [{"name", "strength",
/// "seeds", "utility": [value, low, high], "privacy": ...}]}.
Json trade_table(const PageModel& model, const TradeChart& trade);

}  // namespace mid::ui
