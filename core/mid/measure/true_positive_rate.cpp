#include "mid/measure/true_positive_rate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mid {

TruePositiveRate::TruePositiveRate(const VectorXd& score, const Eigen::Array<bool, Eigen::Dynamic, 1>& positive) : score_(score) {
  for (int i = 0; i < score.size(); ++i) (positive[i] ? positive_ : other_).push_back(i);
  for (std::vector<int>* rows : {&positive_, &other_})
    std::sort(rows->begin(), rows->end(), [&](int a, int b) { return score_[a] < score_[b]; });
}

double TruePositiveRate::at(double false_positive_rate) const {
  return at(false_positive_rate, std::vector<int>(static_cast<std::size_t>(score_.size()), 1));
}

double TruePositiveRate::at(double false_positive_rate, std::span<const int> weight) const {
  const auto times = [&](int row) { return std::int64_t{weight[static_cast<std::size_t>(row)]}; };
  std::int64_t others = 0, positives = 0;
  for (const int row : other_) others += times(row);
  for (const int row : positive_) positives += times(row);
  if (others == 0 || positives == 0) return std::numeric_limits<double>::quiet_NaN();
  const double place = (1 - false_positive_rate) * static_cast<double>(others - 1), below = std::floor(place + 1e-9);
  double low = 0, high = 0;
  bool has_low = false;
  std::int64_t seen = 0;
  for (const int row : other_) {
    seen += times(row);
    if (!has_low && static_cast<double>(seen) > below) low = high = score_[row], has_low = true;
    if (static_cast<double>(seen) > below + 1) {
      high = score_[row];
      break;
    }
  }
  const double part = std::max(0., place - below);
  // Written so that two equal scores give just themselves.
  const double threshold = low + part * (high - low);
  const auto counted = [&](const std::vector<int>& rows) {
    std::pair<std::int64_t, std::int64_t> above_and_at{0, 0};
    for (const int row : rows) {
      if (score_[row] > threshold) above_and_at.first += times(row);
      if (score_[row] == threshold) above_and_at.second += times(row);
    }
    return above_and_at;
  };
  const auto [other_above, other_at] = counted(other_);
  const auto [above, at] = counted(positive_);
  const double wanted = false_positive_rate * static_cast<double>(others) - static_cast<double>(other_above);
  const double named = other_at > 0 ? std::clamp(wanted / static_cast<double>(other_at), 0., 1.) : 0;
  return (static_cast<double>(above) + named * static_cast<double>(at)) / static_cast<double>(positives);
}

}  // namespace mid
