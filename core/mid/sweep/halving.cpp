#include "mid/sweep/halving.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mid/measure/figure.hpp"

namespace mid {
namespace {

/// The mean of a measure over the runs that ended well; nothing where one of them lacks it.
std::optional<double> mean_of(const std::vector<const SweepRun*>& runs, const std::string& name) {
  double sum = 0;
  std::size_t n = 0;
  for (const SweepRun* run : runs) {
    if (!run->result || run->result->failed) continue;
    std::optional<double> value;
    for (const auto* group : {&run->result->utility, &run->result->privacy, &run->result->information})
      if (const auto at = group->find(name); at != group->end() && at->second.value) value = *at->second.value;
    if (!value || !std::isfinite(*value)) return {};
    sum += *value, ++n;
  }
  return n == 0 ? std::nullopt : std::optional(sum / static_cast<double>(n));
}

/// More is better in both.
struct Worth {
  std::size_t setting = 0;
  double use = 0, privacy = 0;
  bool beats(const Worth& other) const {
    return use >= other.use && privacy >= other.privacy && (use > other.use || privacy > other.privacy);
  }
};

}  // namespace

std::vector<HalvingRound> halving_rounds(std::size_t settings, std::size_t seeds, std::size_t budget) {
  std::size_t count = 0;
  for (std::size_t left = settings; left > 1; left = (left + 1) / 2) ++count;
  count = std::max<std::size_t>(1, count);
  std::vector<HalvingRound> rounds;
  if (settings == 0 || budget < settings * count) return rounds;
  std::size_t reached = 0;
  for (std::size_t left = settings; rounds.size() < count; left = (left + 1) / 2) {
    reached = std::min(seeds, reached + budget / (left * count));
    rounds.push_back({left, reached});
  }
  return rounds;
}

std::vector<std::size_t> better_settings(const SweepRuns& sweep, const std::vector<std::size_t>& settings, std::size_t keep,
                                         const TradeOffMeasures& measures) {
  std::vector<Worth> worths;
  sweep.each_combination([&](std::size_t c, const std::vector<const SweepRun*>& runs) {
    if (!std::ranges::binary_search(settings, c)) return;
    const auto use = mean_of(runs, measures.utility), leak = mean_of(runs, measures.privacy);
    if (use && leak)
      worths.push_back({c, gains_when_lower(measures.utility) ? -*use : *use, gains_when_lower(measures.privacy) ? *leak : -*leak});
  });
  const auto beaten = [&](const Worth& w) { return std::ranges::count_if(worths, [&](const Worth& o) { return o.beats(w); }); };
  std::vector<std::pair<std::ptrdiff_t, std::size_t>> order;
  for (const Worth& w : worths) order.emplace_back(beaten(w), w.setting);
  std::ranges::sort(order);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < std::min(keep, order.size()); ++i) out.push_back(order[i].second);
  std::ranges::sort(out);
  return out;
}

}  // namespace mid
