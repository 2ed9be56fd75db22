#include <algorithm>
#include <cmath>
#include <limits>

#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/measures.hpp"
#include "mid/info/gaussian_rows.hpp"
#include "mid/info/kl.hpp"

namespace mid {
namespace {

constexpr std::size_t kRows = 300;      // of codes and single numbers: time grows with the square
constexpr std::size_t kFullRows = 120;  // of full covariances
constexpr int kDraws = 20;
constexpr double kLeastSd = 1e-9;       // sd of an answer that does not change at all
constexpr double kMostPairWork = 3e11;  // of the pairs of answers: minutes

/// The released logit of two classes, or the differences of the logits to the last one: all that confidences tell.
Task answer_rows(const Network& network, const Activations& inside, double noise, GaussianRows& out) {
  const MatrixD w = network.head.weight.value.cast<double>();
  const MatrixD logits = logits_of(network, inside.mu).cast<double>();
  if (w.cols() == 1) {
    out.mean = logits;
    VectorXd variance = VectorXd::Constant(logits.rows(), noise * noise);
    if (inside.sigma.size()) variance += inside.sigma.cast<double>().array().square().matrix() * w.col(0).array().square().matrix();
    out.sd = variance.array().sqrt().max(kLeastSd);
    co_return;
  }
  const Eigen::Index last = w.cols() - 1;
  const MatrixD m = w.leftCols(last).colwise() - w.col(last);
  out.mean = logits.leftCols(last).colwise() - logits.col(last);
  // The last logit's noise is in every difference.
  Eigen::MatrixXd own = Eigen::MatrixXd::Constant(last, last, noise * noise);
  own.diagonal().array() += noise * noise + kLeastSd * kLeastSd;
  for (Eigen::Index i = 0; i < logits.rows(); ++i) {
    Eigen::MatrixXd covariance = own;
    if (inside.sigma.size()) {
      const Eigen::MatrixXd half = inside.sigma.row(i).transpose().cast<double>().asDiagonal() * m;
      covariance += half.transpose() * half;
    }
    covariance.diagonal() *= 1 + 1e-12;  // the last bits of a nearly singular one
    out.factor.emplace_back(Eigen::LLT<Eigen::MatrixXd>(covariance).matrixL());
    if (tick_due(static_cast<double>(last * last) * (2. * static_cast<double>(inside.sigma.cols()) + static_cast<double>(last) / 3)))
      co_await Tick{};
  }
}

GaussianRows code_rows(const Activations& inside, double noise) {
  GaussianRows out;
  out.mean = inside.mu.cast<double>();
  out.sd = MatrixD::Constant(out.mean.rows(), out.mean.cols(), noise * noise);
  if (inside.sigma.size()) out.sd += inside.sigma.cast<double>().array().square().matrix();
  out.sd = out.sd.array().sqrt().max(kLeastSd);
  return out;
}

/// All figures of one kind of rows. `cut`: what is released tells less than this, so only upper bounds are about it. `kl`: the
/// mean KL of rows that these are made from, another upper bound; infinite: none.
Task measure_rows(Context& context, int repeats, GaussianRows rows, double kl, bool cut, std::string suffix, Result& result) {
  const int n = static_cast<int>(rows.rows());
  const double most = std::log(n), se = 1.96;
  PairwiseBounds bounds;
  co_await pairwise_bounds(rows, bounds);
  const auto put = [&](const std::string& name, double value) -> Measure& {
    return result.information[name + suffix] = measure(value, 0, n, "nats");
  };
  const double upper = std::min(bounds.upper, kl);
  put("mixture_upper", std::min(upper * repeats, most));
  if (cut || n < 2) co_return;
  put("mixture_lower", bounds.lower);
  ContrastiveBounds estimates;
  // Older than the figure's name: another stream would be another figure.
  const char* stream = suffix.empty() ? "information" : "information_code";
  co_await contrastive_bounds(std::move(rows), kDraws, context.random.sub(stream), estimates);
  const auto put_estimate = [&](const std::string& name, const Estimate& e) {
    Measure& m = put(name, e.value);
    m.low = finite(e.value - se * e.standard_error), m.high = finite(e.value + se * e.standard_error);
  };
  put_estimate("information", estimates.lower);
  put_estimate("leave_one_out", estimates.upper);
  const double slack = 3 * estimates.lower.standard_error + 1e-6;
  if (estimates.lower.value > upper + slack || estimates.lower.value < bounds.lower - slack)
    result.warnings.push_back(Message("warning.outside_bounds").with("figure", "information" + suffix));
}

}  // namespace

Task measure_codes(Context& context, const Spec& spec, const Release& release, const Network& network, const Data& data, Result& result) {
  const bool of_code = release.subject.of == ReleaseSubject::Of::code;
  const double noise = release.adds_noise() ? release.noise_sd : 0.;
  const int repeats = fresh_answers(spec, release);
  if (!network.stochastic && noise == 0) co_return;
  const std::vector<int> some_rows = spread_over(data.split.attacked, kRows);
  if (some_rows.empty()) co_return;
  Activations inside;
  co_await activations(context, network, rows_of(data.set.inputs, some_rows), inside);
  // What is cut off tells less; what can be inverted tells the same.
  const double infinite = std::numeric_limits<double>::infinity();
  const double kl = network.stochastic ? kl_of_rows(inside.mu, inside.sigma).mean() : infinite;
  const bool cut = release.cut->cuts;

  if (of_code) {
    co_await measure_rows(context, repeats, code_rows(inside, noise), kl, cut, "", result);
    co_return;
  }
  // More logits than numbers inside: the answer gives these back, so both tell the same.
  const Eigen::Index differences = network.head.weight.value.cols() - 1;
  const bool same = network.stochastic && noise == 0 && differences >= network.code_size();
  if (network.stochastic) co_await measure_rows(context, repeats, code_rows(inside, 0), kl, same && cut, same ? "" : "_embedding", result);
  if (same) co_return;
  double kl_of_answers = kl;  // what is made of a code tells no more than the code
  if (differences >= 1) {
    const std::vector<int> fewer = spread_over(data.split.attacked, kFullRows);
    co_await activations(context, network, rows_of(data.set.inputs, fewer), inside);
    if (network.stochastic) kl_of_answers = kl_of_rows(inside.mu, inside.sigma).mean();
  }
  co_await Tick{};
  const double d = static_cast<double>(differences), rows = static_cast<double>(inside.mu.rows());
  if (differences >= 1 && rows * rows * 6 * d * d * d > kMostPairWork) {
    result.warnings.push_back(Message("warning.mixtures_left_out").with("classes", std::to_string(network.classes)));
    co_return;
  }
  GaussianRows answers;
  co_await answer_rows(network, inside, noise, answers);
  co_await measure_rows(context, repeats, std::move(answers), kl_of_answers, cut, "", result);
}

}  // namespace mid
