#include "mid/attack/search/sep_cma_es.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace mid {

SepCmaEs::Constants SepCmaEs::constants(int numbers) {
  Constants c;
  const double n = numbers;
  c.population = 4 + static_cast<int>(std::floor(3 * std::log(n))), c.parents = c.population / 2;
  c.weight.resize(c.parents);
  for (int i = 0; i < c.parents; ++i) c.weight[i] = std::log((c.population + 1) / 2.) - std::log(i + 1.);
  c.weight /= c.weight.sum();
  const double me = c.effective = 1 / c.weight.squaredNorm();
  c.path_rate = (me + 2) / (n + me + 5);
  c.damping = 1 + c.path_rate + 2 * std::max(0., std::sqrt((me - 1) / (n + 1)) - 1);
  c.covariance_path_rate = (4 + me / n) / (n + 4 + 2 * me / n);
  const double separable = (n + 1.5) / 3;
  c.rank_one = separable * 2 / ((n + 1.3) * (n + 1.3) + me);
  c.rank_mu = std::min(1 - c.rank_one, separable * 2 * (me - 2 + 1 / me) / ((n + 2) * (n + 2) + me));
  c.expected_length = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  return c;
}

SepCmaEs::SepCmaEs(VectorXd mean, double sd)
    : constants_(constants(static_cast<int>(mean.size()))),
      mean_(std::move(mean)),
      variance_(VectorXd::Ones(mean_.size())),
      path_(VectorXd::Zero(mean_.size())),
      covariance_path_(path_),
      sd_(sd) {}

MatrixD SepCmaEs::points(const MatrixD& e) const {
  const Eigen::ArrayXd step = sd_ * variance_.array().sqrt();
  return ((e.array().rowwise() * step.transpose()).rowwise() + mean_.transpose().array()).matrix();
}

void SepCmaEs::learn(const MatrixD& e, const VectorXd& value) {
  assert(e.rows() == constants_.population && value.size() == e.rows());
  std::vector<Eigen::Index> order(static_cast<std::size_t>(e.rows()));
  std::iota(order.begin(), order.end(), 0);
  const auto worth = [&](Eigen::Index i) { return std::isnan(value[i]) ? std::numeric_limits<double>::infinity() : value[i]; };
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return worth(a) < worth(b); });
  const Constants& c = constants_;
  const VectorXd spread = variance_.array().sqrt();
  VectorXd step = VectorXd::Zero(mean_.size()), squares = step;
  for (int i = 0; i < c.parents; ++i) {
    const VectorXd y = e.row(order[static_cast<std::size_t>(i)]).transpose().cwiseProduct(spread);
    step += c.weight[i] * y, squares += c.weight[i] * y.cwiseAbs2();
  }
  mean_ += sd_ * step;
  path_ = (1 - c.path_rate) * path_ + std::sqrt(c.path_rate * (2 - c.path_rate) * c.effective) * step.cwiseQuotient(spread);
  const double n = static_cast<double>(mean_.size());
  const double usual = std::sqrt(1 - std::pow(1 - c.path_rate, 2. * (generation_ + 1)));
  const double hs = path_.norm() / usual < (1.4 + 2 / (n + 1)) * c.expected_length ? 1 : 0;
  const double cc = c.covariance_path_rate;
  covariance_path_ = (1 - cc) * covariance_path_ + hs * std::sqrt(cc * (2 - cc) * c.effective) * step;
  variance_ = (1 - c.rank_one - c.rank_mu) * variance_ +
              c.rank_one * (covariance_path_.cwiseAbs2() + (1 - hs) * cc * (2 - cc) * variance_) + c.rank_mu * squares;
  sd_ *= std::exp(c.path_rate / c.damping * (path_.norm() / c.expected_length - 1));
  ++generation_;
}

void SepCmaEs::unpack(Unpacker& in) {
  in.get_same(mean_), in.get_same(variance_), in.get_same(path_), in.get_same(covariance_path_);
  in.get(sd_), in.get_index(generation_, 0, std::numeric_limits<int>::max());
}

}  // namespace mid
