#include "mid/info/gauss_sum.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace mid {
namespace {

constexpr int kOrder = 16;            // Chebyshev polynomials T_0 .. T_15 of a box
constexpr int kMostReach = 12;        // enough for any N that an int counts
constexpr double kNeglected = 1e-12;  // what all boxes out of reach add together, at most
constexpr int kDirectPairs = 96;      // fewer pairs than this are cheaper point by point
constexpr int kChunk = 64;            // points whose polynomials fit the first cache
constexpr int kTickWork = 4096;       // points a tick
constexpr double kWorkOfPoint = 100;  // operations
constexpr int kMeetingWork = 100;     // what meeting its neighbours costs a box, in points

using Square = Eigen::Matrix<double, kOrder, kOrder>;
using Basis = Eigen::Matrix<double, Eigen::Dynamic, kOrder, Eigen::ColMajor, kChunk, kOrder>;

/// From the Chebyshev moments of a source box to the Chebyshev coefficients of a target box, for each distance and power.
struct Tables {
  std::array<std::array<Square, GaussSum::kMostPowers>, 2 * kMostReach + 1> from;

  Tables() {
    Square coefficients;  // of the interpolant, from values at the nodes
    Eigen::Matrix<double, kOrder, 1> node;
    for (int k = 0; k < kOrder; ++k) {
      const double angle = (2 * k + 1) * std::numbers::pi / (2 * kOrder);
      node[k] = std::cos(angle) / 2;
      for (int n = 0; n < kOrder; ++n) coefficients(n, k) = (n == 0 ? 1. : 2.) / kOrder * std::cos(n * angle);
    }
    for (int offset = -kMostReach; offset <= kMostReach; ++offset)
      for (int power = 0; power < GaussSum::kMostPowers; ++power) {
        Square kernel;
        for (int a = 0; a < kOrder; ++a)
          for (int b = 0; b < kOrder; ++b) {
            const double z = offset + (node[b] - node[a]);
            kernel(a, b) = std::exp(-z * z / 2) * std::pow(z, power);
          }
        at(offset, power).noalias() = coefficients * kernel * coefficients.transpose();
      }
  }
  Square& at(int offset, int power) { return from[static_cast<std::size_t>(offset + kMostReach)][static_cast<std::size_t>(power)]; }
  const Square& at(int offset, int power) const { return const_cast<Tables*>(this)->at(offset, power); }
};

const Tables& tables() {
  static const Tables once;
  return once;
}

/// T_0 .. T_15 at points of a box, one a row.
void chebyshev(const Eigen::Ref<const VectorXd>& local, Basis& out) {
  out.resize(local.size(), kOrder);
  out.col(0).setOnes();
  out.col(1) = 2 * local;
  for (int n = 2; n < kOrder; ++n) out.col(n) = 4 * local.cwiseProduct(out.col(n - 1)) - out.col(n - 2);
}

/// Adds some points, at most kChunk, to the Chebyshev moments sum_j h_j T_n(x_j) of their box.
void collect(const Eigen::Ref<const VectorXd>& local, const Eigen::Ref<const VectorXd>& h, Eigen::Ref<VectorXd> moments) {
  Basis basis;
  chebyshev(local, basis);
  moments.noalias() += basis.transpose() * h;
}

}  // namespace

GaussSum::GaussSum(const VectorXd& mu, double s) {
  assert(mu.size() > 0 && mu.allFinite() && s > 0);
  const auto n = static_cast<std::size_t>(mu.size());
  std::vector<std::pair<double, int>> sorted(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = {mu[static_cast<Eigen::Index>(i)], static_cast<int>(i)};
  std::sort(sorted.begin(), sorted.end());
  count_work(200. * static_cast<double>(n));

  // Boxes whose nearest points are further apart than this add less than kNeglected.
  reach_ = 1 + static_cast<std::int64_t>(std::sqrt(2 * std::log(static_cast<double>(n) / kNeglected)));
  assert(reach_ <= kMostReach);

  // Places are counted from the left end of each stretch, so that they stay small and exact however small s is.
  order_.resize(n);
  local_.resize(mu.size());
  double origin = sorted[0].first;
  std::int64_t base = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = sorted[i].first;
    if (i > 0 && (value - sorted[i - 1].first) / s > static_cast<double>(reach_ + 1)) {
      origin = value;
      base = boxes_.back().place + reach_ + 1;
    }
    const double along = (value - origin) / s, whole = std::floor(along);
    const std::int64_t place = base + static_cast<std::int64_t>(whole);
    if (boxes_.empty() || boxes_.back().place != place) boxes_.push_back({place, static_cast<int>(i), 0});
    ++boxes_.back().count;
    order_[i] = sorted[i].second;
    local_[static_cast<Eigen::Index>(i)] = along - whole - .5;
  }
}

/// Whether a box within reach takes this one's moments; where few meet few, nobody does.
bool GaussSum::is_met_as_polynomials(std::size_t number) const {
  const Box& source = boxes_[number];
  std::size_t b = number;
  while (b > 0 && source.place - boxes_[b - 1].place <= reach_) --b;
  for (; b < boxes_.size() && boxes_[b].place - source.place <= reach_; ++b)
    if (static_cast<std::int64_t>(boxes_[b].count) * source.count > kDirectPairs) return true;
  return false;
}

/// What comes to a box from all within reach: as Chebyshev coefficients into `arrived`, from boxes with few points straight
/// into `sums`. Whether there are any of the former.
bool GaussSum::meet(std::size_t number, const VectorXd& h, const Eigen::MatrixXd& collected, Eigen::MatrixXd& arrived,
                    MatrixD& sums) const {
  using Few = Eigen::Array<double, Eigen::Dynamic, 1, 0, kDirectPairs, 1>;
  const Box& target = boxes_[number];
  const auto powers = static_cast<int>(sums.cols());
  arrived.setZero(kOrder, powers);
  bool any = false;
  std::size_t b = number;
  while (b > 0 && target.place - boxes_[b - 1].place <= reach_) --b;
  for (; b < boxes_.size() && boxes_[b].place - target.place <= reach_; ++b) {
    const Box& source = boxes_[b];
    const auto offset = static_cast<int>(source.place - target.place);
    if (static_cast<std::int64_t>(target.count) * source.count > kDirectPairs) {
      any = true;
      for (int k = 0; k < powers; ++k) arrived.col(k).noalias() += tables().at(offset, k) * collected.col(static_cast<Eigen::Index>(b));
      continue;
    }
    for (int i = target.first; i < target.first + target.count; ++i) {
      const Few z = offset + (local_.segment(source.first, source.count).array() - local_[i]);
      Few term = (-.5 * z.square()).exp() * h.segment(source.first, source.count).array();
      for (int k = 0; k < powers; ++k) {
        if (k > 0) term *= z;
        sums(order_[static_cast<std::size_t>(i)], k) += term.sum();
      }
    }
  }
  return any;
}

/// Adds what has arrived at a box to the sums of some of its points, at most kChunk.
void GaussSum::read(int first, int count, const Eigen::MatrixXd& arrived, MatrixD& sums) const {
  Basis basis;
  chebyshev(local_.segment(first, count), basis);
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, kChunk, kMostPowers> add = basis * arrived;
  for (int i = 0; i < count; ++i) sums.row(order_[static_cast<std::size_t>(first + i)]) += add.row(i);
}

Task GaussSum::moments(VectorXd h, int powers, MatrixD& out) const {
  assert(h.size() == local_.size() && powers >= 1 && powers <= kMostPowers);
  VectorXd sorted(h.size());
  for (Eigen::Index i = 0; i < h.size(); ++i) sorted[i] = h[order_[static_cast<std::size_t>(i)]];
  // A box may hold a million points, so work is counted by chunks of them.
  int work = 0;
  Eigen::MatrixXd collected = Eigen::MatrixXd::Zero(kOrder, static_cast<Eigen::Index>(boxes_.size()));
  for (std::size_t b = 0; b < boxes_.size(); ++b) {
    if (!is_met_as_polynomials(b)) continue;
    const int end = boxes_[b].first + boxes_[b].count;
    for (int first = boxes_[b].first; first < end; first += kChunk) {
      const int count = std::min(kChunk, end - first);
      collect(local_.segment(first, count), sorted.segment(first, count), collected.col(static_cast<Eigen::Index>(b)));
      count_work(kWorkOfPoint * count);
      if ((work += count) < kTickWork) continue;
      work = 0;
      co_await Tick{};
    }
  }
  out.setZero(h.size(), powers);
  Eigen::MatrixXd arrived;
  for (std::size_t b = 0; b < boxes_.size(); ++b) {
    const bool any = meet(b, sorted, collected, arrived, out);
    work += kMeetingWork;
    count_work(kWorkOfPoint * kMeetingWork);
    const int end = boxes_[b].first + boxes_[b].count;
    for (int first = boxes_[b].first; first < end; first += kChunk) {
      const int count = std::min(kChunk, end - first);
      if (any) read(first, count, arrived, out);
      count_work(kWorkOfPoint * count);
      if ((work += count) < kTickWork) continue;
      work = 0;
      co_await Tick{};
    }
  }
}

MatrixD GaussSum::moments(const VectorXd& h, int powers) const {
  MatrixD out;
  finish(moments(h, powers, out));
  return out;
}

}  // namespace mid
