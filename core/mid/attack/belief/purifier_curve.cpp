#include "mid/attack/belief/purifier_curve.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace mid {
namespace {

// ln 1e-10 is -23: beyond it a purifier reads the same whatever the logit.
constexpr double kFirst = -24, kStep = 1. / 64;
constexpr int kPoints = 3073;

double logit_of(int point) { return kFirst + kStep * point; }

}  // namespace

PurifierCurve::PurifierCurve(const Network& network) {
  assert(network.purifier && network.outputs() == 1);
  Network end;  // the purifier alone, behind a head that changes nothing
  end.classes = 2, end.purifier = network.purifier;
  end.head.weight.value = Matrix::Ones(1, 1), end.head.bias.value = Matrix::Zero(1, 1);
  Matrix logits(kPoints, 1);
  for (int i = 0; i < kPoints; ++i) logits(i, 0) = static_cast<float>(logit_of(i));
  const Matrix out = logits_of(end, logits);
  released_.assign(out.data(), out.data() + out.size());
}

double PurifierCurve::at(double logit) const {
  const double place = std::clamp((logit - kFirst) / kStep, 0., kPoints - 1.);
  const auto left = std::min(static_cast<std::size_t>(place), released_.size() - 2);
  const double share = place - static_cast<double>(left);
  return (1 - share) * released_[left] + share * released_[left + 1];
}

std::vector<std::pair<double, double>> PurifierCurve::before(double low, double high) const {
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  std::vector<std::pair<double, double>> out;
  const auto add = [&](double from, double to) {
    if (!out.empty() && from <= out.back().second)
      out.back().second = std::max(out.back().second, to);
    else
      out.emplace_back(from, to);
  };
  const auto inside = [&](double v) { return low <= v && v <= high; };
  if (inside(released_.front())) add(-kEndless, kFirst);
  double nearest = kEndless;
  int nearest_point = 0;
  for (int i = 0; i + 1 < kPoints; ++i) {
    const double a = released_[static_cast<std::size_t>(i)], b = released_[static_cast<std::size_t>(i) + 1];
    const double off = std::max({0., low - std::max(a, b), std::min(a, b) - high});
    if (off < nearest) nearest = off, nearest_point = i;
    if (off > 0) continue;
    if (a == b) {
      add(logit_of(i), logit_of(i + 1));
      continue;
    }
    const double one = std::clamp((low - a) / (b - a), 0., 1.), other = std::clamp((high - a) / (b - a), 0., 1.);
    add(logit_of(i) + kStep * std::min(one, other), logit_of(i) + kStep * std::max(one, other));
  }
  if (inside(released_.back())) add(logit_of(kPoints - 1), kEndless);
  if (out.empty()) out.emplace_back(logit_of(nearest_point), logit_of(nearest_point + 1));
  return out;
}

}  // namespace mid
