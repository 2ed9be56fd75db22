#pragma once
#include <string>

#include "mid/report/chart.hpp"
#include "mid/report/sweep_runs.hpp"

namespace mid {

/// The two measures of a trade-off.
struct TradeOffMeasures {
  std::string utility, privacy;
};

/// Which measures to draw: those that are named, else the first of midlab's order that a run gave (accuracy before nll; of
/// privacy advantage before the rest, and kl_bound where nobody attacked). `privacy` may be a figure of information, too. Empty where
/// the runs have none. Throws Error naming --utility or --privacy, with what there is, for a measure that no run gave.
TradeOffMeasures trade_off_measures(const SweepRuns& sweep, const std::string& utility, const std::string& privacy);

/// Utility against privacy: a point a combination, with the standard deviation over the seeds (of one seed: its own
/// interval); a series for each defence and what is released, joined by its strength, the first and the last strength named;
/// the baselines dashed. Other varied fields make small multiples. Proportions go from 0 to 100 %; where the points fill
/// only a corner of that, a second panel beside it shows the corner enlarged.
Figure trade_off(const SweepRuns& sweep, const TradeOffMeasures& measures);

}  // namespace mid
