#include "mid/metric/interval.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace mid {
namespace {

constexpr int kResamples = 1000;
constexpr std::uint64_t kDrawsOfBlock = 4096;
constexpr double kWorkOfDraw = 15;
constexpr double kNormal975 = 1.959963984540054;  // 97.5 % point of the standard normal

/// What one person adds to a ratio of sums.
struct Share {
  double numerator = 0, denominator = 0;
};

std::vector<Share> by_person(std::span<const double> numerator, std::span<const double> denominator,
                             std::span<const int> person) {
  assert(numerator.size() == denominator.size() && (person.empty() || person.size() == numerator.size()));
  std::vector<int> known(person.begin(), person.end());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::vector<Share> shares(person.empty() ? numerator.size() : known.size());
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    const auto at = person.empty() ? i
                                   : static_cast<std::size_t>(std::lower_bound(known.begin(), known.end(), person[i]) - known.begin());
    shares[at].numerator += numerator[i];
    shares[at].denominator += denominator[i];
  }
  return shares;
}

/// The q-quantile of sorted values, linear between neighbours (NumPy's default).
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// The measure sum(numerator) / sum(denominator).
Task ratio(std::vector<Share> shares, int n, std::optional<double> baseline, std::string unit, Stream random, Measure& m) {
  m = {.baseline = baseline, .n = n, .unit = std::move(unit)};
  count_work(60. * static_cast<double>(shares.size()));
  Share all;
  for (const Share& s : shares) all.numerator += s.numerator, all.denominator += s.denominator;
  m.value = finite(all.numerator / all.denominator);
  if (!m.value) co_return;

  const auto persons = static_cast<std::uint64_t>(shares.size());
  std::vector<double> resampled;
  resampled.reserve(kResamples);
  std::uint64_t draw = 0;
  std::array<std::uint32_t, 4> words{};
  for (int r = 0; r < kResamples; ++r) {
    Share sum;
    for (std::uint64_t i = 0; i < persons; ++i, ++draw) {
      if (draw % 4 == 0) words = words_at(random, draw / 4);
      const Share& s = shares[(words[draw % 4] * persons) >> 32];
      sum.numerator += s.numerator, sum.denominator += s.denominator;
      if (draw % kDrawsOfBlock == 0 && tick_due(kWorkOfDraw * kDrawsOfBlock)) co_await Tick{};
    }
    // A resample of nothing but perfect average pictures has no ratio; the other resamples stand.
    if (const double x = sum.numerator / sum.denominator; std::isfinite(x)) resampled.push_back(x);
  }
  std::sort(resampled.begin(), resampled.end());
  if (resampled.empty()) co_return;
  m.low = quantile(resampled, .025), m.high = quantile(resampled, .975);
}

}  // namespace

std::pair<double, double> wilson(double wins, double n) {
  if (n <= 0) return {0, 1};
  const double z2 = kNormal975 * kNormal975, p = wins / n;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal975 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Measure proportion(double wins, int n, std::optional<double> baseline) {
  Measure m{.baseline = baseline, .n = n, .unit = "proportion"};
  if (n == 0) return m;
  const auto [low, high] = wilson(wins, n);
  m.value = wins / n, m.low = low, m.high = high;
  return m;
}

Measure mean_with_bootstrap(std::span<const double> values, std::span<const int> person, std::optional<double> baseline,
                            std::string unit, Stream random) {
  Measure out;
  finish(mean_with_bootstrap({values.begin(), values.end()}, {person.begin(), person.end()}, baseline, std::move(unit), random, out));
  return out;
}

Task mean_with_bootstrap(std::vector<double> values, std::vector<int> person, std::optional<double> baseline, std::string unit,
                         Stream random, Measure& out) {
  const std::vector<double> ones(values.size(), 1.0);
  std::vector<Share> shares = by_person(values, ones, person);
  co_await ratio(std::move(shares), static_cast<int>(values.size()), baseline, std::move(unit), random, out);
}

Measure paired_advantage(std::span<const double> wins, std::span<const double> baseline_wins, std::span<const int> person,
                         Stream random) {
  Measure out;
  finish(paired_advantage({wins.begin(), wins.end()}, {baseline_wins.begin(), baseline_wins.end()}, {person.begin(), person.end()}, random, out));
  return out;
}

Task paired_advantage(std::vector<double> wins, std::vector<double> baseline_wins, std::vector<int> person, Stream random, Measure& out) {
  assert(wins.size() == baseline_wins.size());
  std::transform(wins.begin(), wins.end(), baseline_wins.begin(), wins.begin(), std::minus<>());
  co_await mean_with_bootstrap(std::move(wins), std::move(person), 0.0, "proportion", random, out);
}

Task detail_back(std::vector<double> error_attack, std::vector<double> error_average, std::vector<int> person, Stream random, Measure& out) {
  assert(error_attack.size() == error_average.size());
  std::vector<double> won(error_attack.size());  // 1 - a/b = (b - a)/b
  std::transform(error_average.begin(), error_average.end(), error_attack.begin(), won.begin(), std::minus<>());
  std::vector<Share> shares = by_person(won, error_average, person);
  co_await ratio(std::move(shares), static_cast<int>(won.size()), 0.0, "proportion", random, out);
}

Measure detail_back(std::span<const double> error_attack, std::span<const double> error_average,
                    std::span<const int> person, Stream random) {
  Measure out;
  finish(detail_back({error_attack.begin(), error_attack.end()}, {error_average.begin(), error_average.end()}, {person.begin(), person.end()}, random, out));
  return out;
}

}  // namespace mid
