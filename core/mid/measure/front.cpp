#include "mid/measure/front.hpp"

#include <algorithm>
#include <numeric>

namespace mid {

std::vector<std::size_t> front(std::span<const Trade> trades) {
  std::vector<std::size_t> order(trades.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return trades[a].leak != trades[b].leak ? trades[a].leak < trades[b].leak : trades[a].utility > trades[b].utility;
  });
  std::vector<std::size_t> kept;
  for (const std::size_t at : order)
    if (kept.empty() || trades[at].utility > trades[kept.back()].utility) kept.push_back(at);
  return kept;
}

double hypervolume(std::span<const Trade> trades) {
  double covered = 0, reached = 0;
  for (const std::size_t at : front(trades)) {
    const auto& [utility, leak] = trades[at];
    if (leak >= 1) break;
    if (utility <= reached) continue;
    covered += (utility - reached) * (1 - std::max(leak, 0.));
    reached = utility;
  }
  return covered;
}

}  // namespace mid
