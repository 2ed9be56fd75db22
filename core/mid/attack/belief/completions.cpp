#include "mid/attack/belief/completions.hpp"

#include <cmath>
#include <limits>

#include "mid/data/encode.hpp"

namespace mid {

Completions::Completions(const std::vector<Unknown>& unknown) : unknown_(unknown) {
  double all = 1;
  for (const Unknown& u : unknown) all *= static_cast<double>(u.share.size());
  if (all > kMostCompletions) {
    std::string each;
    for (const Unknown& u : unknown) each += (each.empty() ? "" : ", ") + u.name + " " + std::to_string(u.share.size());
    throw Error(
        "attack.also_unknown",
        Message("refusal.combinations").with("most", std::to_string(kMostCompletions)).with("found", number_text(all) + " (" + each + ")"));
  }
  count_ = static_cast<int>(all);
}

std::vector<int> Completions::values_of(int number) const {
  std::vector<int> out;
  for (const Unknown& u : unknown_) {
    const int values = static_cast<int>(u.share.size());
    out.push_back(number % values);
    number /= values;
  }
  return out;
}

double Completions::share(int number) const {
  double product = 1;
  const std::vector<int> values = values_of(number);
  for (std::size_t i = 0; i < unknown_.size(); ++i) product *= unknown_[i].share[values[i]];
  return product;
}

Matrix Completions::fill(Matrix known, int number) const {
  const std::vector<int> values = values_of(number);
  for (std::size_t i = 0; i < unknown_.size(); ++i)
    for (std::size_t k = 0; k < unknown_[i].inputs.size(); ++k)
      known.col(unknown_[i].inputs[k]).setConstant(unknown_[i].code(values[i], static_cast<Eigen::Index>(k)));
  return known;
}

double log_sum(double a, double b) {
  constexpr double kNothing = -std::numeric_limits<double>::infinity();
  const double high = std::max(a, b), low = std::min(a, b);
  return low == kNothing ? high : high + std::log1p(std::exp(low - high));
}

void add_logs(MatrixD& sum, const MatrixD& more) {
  if (sum.size() == 0) sum = MatrixD::Constant(more.rows(), more.cols(), -std::numeric_limits<double>::infinity());
  count_work(60. * static_cast<double>(sum.size()));
  for (Eigen::Index i = 0; i < sum.rows(); ++i)
    for (Eigen::Index v = 0; v < sum.cols(); ++v) sum(i, v) = log_sum(sum(i, v), more(i, v));
}

}  // namespace mid
