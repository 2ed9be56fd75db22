#include "mid/measure/interval.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>
#include <vector>

#include "mid/base/normal_blocks.hpp"

namespace mid {
namespace {

constexpr int kResamples = 1000;
constexpr std::uint64_t kDrawsOfBlock = 4096;
constexpr double kWorkOfDraw = 15, kWorkOfWeight = 40;
constexpr double kNormal975 = 1.959963984540054;  // 97.5 % point of the standard normal

/// What one person adds to a ratio of sums.
struct Share {
  double numerator = 0, denominator = 0;
};

/// Each record's place among the persons.
std::vector<std::size_t> places(std::size_t records, std::span<const int> person) {
  std::vector<int> known(person.begin(), person.end());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::vector<std::size_t> out(records);
  for (std::size_t i = 0; i < records; ++i)
    out[i] = person.empty() ? i : static_cast<std::size_t>(std::lower_bound(known.begin(), known.end(), person[i]) - known.begin());
  return out;
}

std::vector<Share> by_person(std::span<const double> numerator, std::span<const double> denominator, std::span<const int> person) {
  assert(numerator.size() == denominator.size() && (person.empty() || person.size() == numerator.size()));
  const std::vector<std::size_t> place = places(numerator.size(), person);
  std::vector<Share> shares(place.empty() ? 0 : *std::max_element(place.begin(), place.end()) + 1);
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    shares[place[i]].numerator += numerator[i];
    shares[place[i]].denominator += denominator[i];
  }
  return shares;
}

/// The q-quantile of values, linear between neighbours (NumPy's default). Those before place `from` are no larger than the rest.
double quantile(std::vector<double>& values, double q, std::size_t from) {
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(from), at, values.end());
  const double above = at + 1 == values.end() ? *at : *std::min_element(at + 1, values.end());
  return *at + (place - static_cast<double>(below)) * (above - *at);
}

/// The ends of the middle 95 % of `values`, whose order changes; empty of none.
std::pair<std::optional<double>, std::optional<double>> middle(std::vector<double>& values) {
  if (values.empty()) return {};
  const double low = quantile(values, .025, 0);
  return {low, quantile(values, .975, static_cast<std::size_t>(.025 * static_cast<double>(values.size() - 1)))};
}

/// `sum` and the persons that some words draw. Apart from the task, whose variables lie in memory.
template <class Drawn>
Share with_drawn(Share sum, std::span<const Share> shares, std::span<const std::uint32_t> words, const Drawn& drawn) {
  const std::uint64_t persons = shares.size();
  for (const std::uint32_t word : words) {
    const std::size_t one = (word * persons) >> 32;
    sum.numerator += shares[one].numerator, sum.denominator += shares[one].denominator;
    drawn(one);
  }
  return sum;
}

/// The measure sum(numerator) / sum(denominator). `drawn` hears each person that is drawn, `done` the end of each resample.
template <class Drawn, class Done>
Task ratio(std::vector<Share> shares, int n, std::optional<double> baseline, std::string unit, Stream random, Drawn drawn, Done done,
           Measure& m) {
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
  std::array<std::uint32_t, std::size_t{4} * kNormalBlocks> words{};
  for (int r = 0; r < kResamples; ++r) {
    Share sum;
    for (std::uint64_t left = persons; left > 0;) {
      const std::uint64_t used = draw % words.size(), count = std::min<std::uint64_t>(left, words.size() - used);
      if (used == 0) word_blocks(random.seed, random.name, draw / 4, kNormalBlocks, words.data());
      sum = with_drawn(sum, shares, std::span(words).subspan(used, count), drawn);
      if (draw % kDrawsOfBlock == 0 && tick_due(kWorkOfDraw * kDrawsOfBlock)) co_await Tick{};
      left -= count, draw += count;
    }
    done();
    // A resample of nothing but perfect average pictures has no ratio; the other resamples stand.
    if (const double x = sum.numerator / sum.denominator; std::isfinite(x)) resampled.push_back(x);
  }
  std::tie(m.low, m.high) = middle(resampled);
}

Task ratio(std::vector<Share> shares, int n, std::optional<double> baseline, std::string unit, Stream random, Measure& m) {
  const auto drawn = [](std::size_t) {};
  const auto done = [] {};
  co_await ratio(std::move(shares), n, baseline, std::move(unit), random, drawn, done, m);
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

Measure mean_with_bootstrap(std::span<const double> values, std::span<const int> person, std::optional<double> baseline, std::string unit,
                            Stream random) {
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

std::vector<double> halves(std::span<const double> values, std::span<const int> person) {
  const std::vector<std::size_t> place = places(values.size(), person);
  Share half[2];
  for (std::size_t i = 0; i < values.size(); ++i) half[place[i] % 2].numerator += values[i], half[place[i] % 2].denominator += 1;
  if (half[1].denominator == 0) return {};
  return {half[0].numerator / half[0].denominator, half[1].numerator / half[1].denominator};
}

Measure paired_advantage(std::span<const double> wins, std::span<const double> baseline_wins, std::span<const int> person, Stream random,
                         AlsoResampled also) {
  Measure out;
  finish(paired_advantage({wins.begin(), wins.end()}, {baseline_wins.begin(), baseline_wins.end()}, {person.begin(), person.end()}, random,
                          std::move(also), out));
  return out;
}

Task paired_advantage(std::vector<double> wins, std::vector<double> baseline_wins, std::vector<int> person, Stream random,
                      AlsoResampled also, Measure& out) {
  assert(wins.size() == baseline_wins.size());
  const int n = static_cast<int>(wins.size());
  std::transform(wins.begin(), wins.end(), baseline_wins.begin(), wins.begin(), std::minus<>());
  if (also.measures.empty()) {
    co_await mean_with_bootstrap(std::move(wins), std::move(person), 0.0, "proportion", random, out);
    co_return;
  }
  const std::vector<double> ones(wins.size(), 1.0);
  std::vector<Share> shares = by_person(wins, ones, person);
  const std::vector<std::size_t> place = places(wins.size(), person);
  std::vector<int> times(shares.size()), weight(wins.size());
  std::vector<double> values(also.measures.size());
  std::vector<std::vector<double>> resampled(also.measures.size());
  for (std::vector<double>& of : resampled) of.reserve(kResamples);
  const auto drawn = [&](std::size_t one) { ++times[one]; };
  const auto done = [&] {
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = times[place[i]];
    also.of(weight, values);
    count_work(kWorkOfWeight * static_cast<double>(weight.size()));
    for (std::size_t f = 0; f < values.size(); ++f)
      if (std::isfinite(values[f])) resampled[f].push_back(values[f]);
    std::fill(times.begin(), times.end(), 0);
  };
  co_await ratio(std::move(shares), n, 0.0, "proportion", random, drawn, done, out);
  for (std::size_t f = 0; f < values.size(); ++f) std::tie(also.measures[f]->low, also.measures[f]->high) = middle(resampled[f]);
}

Task r_squared(std::vector<double> error_attack, std::vector<double> error_average, std::vector<int> person, Stream random, Measure& out) {
  assert(error_attack.size() == error_average.size());
  std::vector<double> won(error_attack.size());  // 1 - a/b = (b - a)/b
  std::transform(error_average.begin(), error_average.end(), error_attack.begin(), won.begin(), std::minus<>());
  std::vector<Share> shares = by_person(won, error_average, person);
  co_await ratio(std::move(shares), static_cast<int>(won.size()), 0.0, "proportion", random, out);
}

Measure r_squared(std::span<const double> error_attack, std::span<const double> error_average, std::span<const int> person, Stream random) {
  Measure out;
  finish(r_squared({error_attack.begin(), error_attack.end()}, {error_average.begin(), error_average.end()}, {person.begin(), person.end()},
                   random, out));
  return out;
}

}  // namespace mid
