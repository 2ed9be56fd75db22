#pragma once
#include <cstddef>
#include <vector>

#include "mid/report/sweep_runs.hpp"
#include "mid/report/trade_off.hpp"

namespace mid {

// Successive halving over seeds (Karnin, Koren and Somekh 2013; Jamieson and Talwalkar 2016): all settings get a few seeds, the better half
// some more, its better half more still.

/// A round: so many settings have so many seeds each when it ends.
struct HalvingRound {
  std::size_t settings = 0, seeds = 0;
};

/// The rounds for `settings` settings with at most `seeds` seeds each and at most `budget` runs: as many as settings can be halved until
/// one is left (rounded up), each with an equal part of the budget, of which what does not divide among its settings is left over. Settings
/// that go on are half of those before, rounded up. Empty where the first round has not a run a setting.
std::vector<HalvingRound> halving_rounds(std::size_t settings, std::size_t seeds, std::size_t budget);

/// The `keep` settings of `settings` (places in SweepRuns::combinations) that go on, in the order of the list: those than which the fewest
/// of `settings` are at least as good in both measures and better in one, by means over all runs that ended well; of equal ones the first.
/// Good is what its user gains (utility) and what its attacker loses (privacy). Settings without a value of both never go on.
std::vector<std::size_t> better_settings(const SweepRuns& sweep, const std::vector<std::size_t>& settings, std::size_t keep,
                                         const TradeOffMeasures& measures);

}  // namespace mid
