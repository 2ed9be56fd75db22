// Which value of the secret makes the overheard answer most likely? Exact, for a model whose noise is Gaussian.
// Attacker (a) of method.md section 1 on networks; derived: the mean and the variance of a logit of z ~ N(mu, sigma^2).
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/completions.hpp"
#include "mid/attack/belief/purifier_curve.hpp"
#include "mid/base/square_root.hpp"
#include "mid/info/secret.hpp"
#include "mid/model/linear/logistic.hpp"

namespace mid::attack {
namespace {

struct Spec {
  int repeats = 1;
  double ridge = 1e-3;
  static std::vector<Param> params() {
    return {param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.likelihood_inference.repeats"),
            param(&Spec::ridge, "ridge", 0, 1000, "", "attack.likelihood_inference.ridge")};
  }
};

/// A deterministic model's answers are compared as numbers; this far apart they are different for certain.
constexpr double kExactSd = 1e-6;
constexpr double kReading = 1e-6;     // of a released logit: its last digits
constexpr int kNoiseDraws = 200;      // of the noise before a purifier of three classes and more
constexpr double kImpossible = -1e6;  // ln likelihood of what cannot be: finite, so that the prior decides among impossibles

/// ln P(low < N(mean, sd^2) < high).
double log_interval(double low, double high, double mean, double sd) {
  if (sd <= 0) return low <= mean && mean <= high ? 0 : kImpossible;
  const double a = (low - mean) / sd, b = (high - mean) / sd, p = share_between(a, b);
  return p > 0 ? std::log(p) : std::max(kImpossible, -.5 * std::min(a * a, b * b) - 50);
}

double log_normal(double x, double mean, double sd) {
  const double s = std::max(sd, kExactSd), t = (x - mean) / s;
  return std::max(kImpossible, -.5 * t * t - std::log(s));
}

double logit(double p) {
  return p <= 0 ? -std::numeric_limits<double>::infinity() : p >= 1 ? std::numeric_limits<double>::infinity() : std::log(p / (1 - p));
}

/// The answers' distribution if the secrets were `v`: independent Gaussian coordinates (one logit, or the code's units).
struct Coordinates {
  Matrix mean, sd;
};

/// Where a rounded or cut coordinate came from.
std::pair<double, double> preimage(double shown, AnswerForm form, const Release& release, double unit_mean, double unit_sd) {
  const double half = release.cut->quantisation_half_width;  // of confidences: two classes alone come here
  switch (form) {
    case AnswerForm::label: return shown > .5 ? std::pair{0.0, 1e30} : std::pair{-1e30, 0.0};
    case AnswerForm::probability: return {logit(shown - half), logit(shown + half)};
    case AnswerForm::code_rounded: return {shown - half * unit_sd, shown + half * unit_sd};
    case AnswerForm::code_sign: return shown > unit_mean ? std::pair{unit_mean, 1e30} : std::pair{-1e30, unit_mean};
    default: throw Failure(Message("refusal.release_cut"));
  }
}

bool is_code(AnswerForm form) { return form == AnswerForm::code || form == AnswerForm::code_rounded || form == AnswerForm::code_sign; }

/// One logit or the code: every coordinate has a Gaussian of its own, so the likelihood is exact for every release.
Task add_by_coordinates(const Answers& answer, const Coordinates& if_v, const Release& release, const Network& network, double extra_sd,
                        VectorXd& log_posterior) {
  const bool exact = answer.form == AnswerForm::logit || answer.form == AnswerForm::code;
  const bool scaled = is_code(answer.form) && network.code_sd.size() != 0;
  for (Eigen::Index r = 0; r < answer.value.rows(); ++r) {
    if (tick_due(80. * static_cast<double>(answer.value.cols()))) co_await Tick{};
    for (Eigen::Index c = 0; c < answer.value.cols(); ++c) {
      const double x = answer.value(r, c), mean = if_v.mean(r, c);
      const double sd = std::hypot(if_v.sd.size() ? if_v.sd(r, c) : 0.0, extra_sd);
      if (exact)
        log_posterior[r] += log_normal(x, mean, std::hypot(sd, release.cut->quantisation_half_width));
      else {
        const auto [low, high] =
            preimage(x, answer.form, release, scaled ? network.code_mean(0, c) : 0, scaled ? std::max(network.code_sd(0, c), 1e-6f) : 1);
        // Without noise the rounding of the same number is the same: allow for the last bit of float.
        const double slack = sd > 0 ? 0 : 1e-5 * (1 + std::abs(mean));
        log_posterior[r] += log_interval(low - slack, high + slack, mean, sd);
      }
    }
  }
}

/// One logit behind a purifier, the noise before it: the chance of the logits that the answer may have come from.
Task add_behind_purifier(const Answers& answer, const Coordinates& if_v, const PurifierCurve& curve, const Release& release,
                         double extra_sd, VectorXd& log_posterior) {
  constexpr int kNodes = 121;  // of the noise, six standard deviations to either side
  const double half = release.cut->quantisation_half_width;
  for (Eigen::Index r = 0; r < answer.value.rows(); ++r) {
    if (tick_due(2e4)) co_await Tick{};
    const double x = answer.value(r, 0), mean = if_v.mean(r, 0), sd = std::max(static_cast<double>(if_v.sd(r, 0)), kExactSd);
    double chance = kImpossible;
    if (answer.form == AnswerForm::logit && extra_sd > 0) {
      for (int i = 0; i < kNodes; ++i) {
        const double t = .1 * (i - kNodes / 2);
        chance = log_sum(chance, log_normal(x, curve.at(mean + sd * t), std::hypot(extra_sd, half)) - .5 * t * t);
      }
    } else {
      const bool exact = answer.form == AnswerForm::logit;
      const double reach = std::max(half, kReading * (1 + std::abs(x)));
      const auto [low, high] = exact ? std::pair{x - reach, x + reach} : preimage(x, answer.form, release, 0, 1);
      for (const auto& [from, to] : curve.before(low, high)) {
        const bool narrow = to - from < .01 * sd;
        chance = log_sum(
            chance, narrow ? log_normal((from + to) / 2, mean, sd) + std::log(std::max(to - from, 1e-12) / std::sqrt(2 * std::numbers::pi))
                           : log_interval(from, to, mean, sd));
      }
    }
    log_posterior[r] += chance;
  }
}

/// The logits before a purifier that the answers came from: of several the one nearest to `about`.
VectorXd undone(const PurifierCurve& curve, const Matrix& answer, const VectorXd& about) {
  VectorXd out(answer.rows());
  for (Eigen::Index r = 0; r < out.size(); ++r) {
    const double x = answer(r, 0), reach = kReading * (1 + std::abs(x));
    double best = std::numeric_limits<double>::infinity();
    for (const auto& [from, to] : curve.before(x - reach, x + reach)) {
      const double middle = std::isinf(from) ? to : std::isinf(to) ? from : (from + to) / 2;
      if (std::abs(middle - about[r]) < best) best = std::abs(middle - about[r]), out[r] = middle;
    }
  }
  return out;
}

/// Three classes and more, exact answers: the differences to the last log-confidence are jointly Gaussian.
/// Behind a purifier they are not; then the Gaussian is that of `draws` (rows x code size, N(0, 1)) of the noise, an approximation.
Task add_by_differences(const Answers& answer, const Activations& code, const Network& network, double extra_sd, Matrix draws,
                        VectorXd& log_posterior) {
  const Eigen::MatrixXd w = network.head.weight.value.cast<double>();  // k x classes
  const Eigen::Index last = w.cols() - 1;
  const Eigen::MatrixXd m = w.leftCols(last).colwise() - w.col(last);
  const Matrix means = logits_of(network, code.mu);
  check_answers(means);
  const MatrixD logits = means.cast<double>();
  for (Eigen::Index r = 0; r < answer.value.rows(); ++r) {
    const VectorXd x = answer.value.row(r).leftCols(last).transpose().cast<double>().array() - answer.value(r, last);
    VectorXd mean = logits.row(r).leftCols(last).transpose().array() - logits(r, last);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Constant(last, last, extra_sd * extra_sd);
    covariance.diagonal().array() += extra_sd * extra_sd + kExactSd;
    if (code.sigma.size() && network.purifier) {
      Matrix z = draws.array().rowwise() * code.sigma.row(r).array();
      z.rowwise() += code.mu.row(r);
      const MatrixD drawn = logits_of(network, z).cast<double>();
      Eigen::MatrixXd off = drawn.leftCols(last).colwise() - drawn.col(last);
      mean = off.colwise().mean().transpose();
      off.rowwise() -= mean.transpose();
      covariance += off.transpose() * off / static_cast<double>(draws.rows());
      if (tick_due(static_cast<double>(draws.rows() * last) * static_cast<double>(2 * z.cols() + last))) co_await Tick{};
    } else if (code.sigma.size()) {
      const Eigen::MatrixXd half = code.sigma.row(r).transpose().cast<double>().asDiagonal() * m;
      covariance += half.transpose() * half;
    }
    if (tick_due(static_cast<double>(last * last) * (2. * static_cast<double>(code.sigma.cols()) + static_cast<double>(last) / 3 + 4)))
      co_await Tick{};
    const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
    const VectorXd white = factor.matrixL().solve(x - mean);
    log_posterior[r] += std::max(kImpossible, -.5 * white.squaredNorm() - factor.matrixLLT().diagonal().array().log().sum());
  }
}

/// Three classes and more, no noise, not all shown: the same answer, or not. `same`: two equal ones differ by no more.
Task add_by_equality(const Answers& answer, const Released& if_v, float same, VectorXd& log_posterior) {
  for (Eigen::Index r = 0; r < answer.value.rows(); ++r) {
    if (tick_due(3. * static_cast<double>(answer.value.cols()))) co_await Tick{};
    if ((answer.value.row(r) - if_v.value.row(r)).cwiseAbs().maxCoeff() > same) log_posterior[r] += kImpossible;
  }
}

/// What the rest of the record says by itself, learnt from the attacker's own records.
Task learn_prior(Context& context, const Knowledge& knowledge, double ridge, AttackResult& out) {
  const Dataset& own = knowledge.auxiliary;
  const Secret& secret = *own.secret;
  Matrix others(own.rows(), own.inputs.cols() - static_cast<Eigen::Index>(secret.inputs.size()));
  Matrix known(knowledge.known.rows(), others.cols());
  for (Eigen::Index c = 0, to = 0; c < own.inputs.cols(); ++c) {
    if (std::find(secret.inputs.begin(), secret.inputs.end(), static_cast<int>(c)) != secret.inputs.end()) continue;
    const float mean = own.input_mean(0, c), sd = own.input_sd(0, c);
    others.col(to) = (own.inputs.col(c).array() - mean) / sd;
    known.col(to++) = (knowledge.known.col(c).array() - mean) / sd;
  }
  Logistic logistic;
  count_work(4. * static_cast<double>(others.size() + known.size()));
  co_await Tick{};
  SparseRows rows;
  co_await sparse(std::move(others), rows);
  co_await fit_logistic(context, std::move(rows), secret.of_row, static_cast<int>(secret.values.size()), ridge, logistic);
  if (!logistic.converged) out.warnings.push_back(Message("warning.prior_not_best"));
  co_await sparse(std::move(known), rows);
  co_await log_probability(logistic, std::move(rows), out.prior);
}

/// The Gaussians of the one logit, or of the numbers inside.
Coordinates coordinates_of(const Activations& a, const Network& network, bool one_logit, bool before_purifier) {
  Coordinates c{a.mu, a.sigma};
  if (one_logit) {
    c.mean = before_purifier ? unpurified_logits_of(network, a.mu) : logits_of(network, a.mu);
    if (a.sigma.size()) c.sd = square_root(Matrix(a.sigma.array().square().matrix() * network.head.weight.value.array().square().matrix()));
  }
  check_answers(c.mean), check_answers(c.sd);  // the Oracle's are finite; these are of other values, and squared
  return c;
}

/// An answer in a form in which it can be weighed: of two classes the second's confidence, of more their logarithms.
void bring_into_form(Answers& answer, const Release& release, bool one_logit) {
  if (one_logit && answer.value.cols() == 2) answer.value = Matrix(answer.value.col(1));
  if (answer.form != AnswerForm::probability || one_logit) return;
  answer.value = answer.value.cwiseMax(static_cast<float>(release.cut->quantisation_half_width)).array().log();
  answer.form = AnswerForm::log_probability;
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.auxiliary.secret);  // experiment/experiment has checked that the data has one
  const Network& network = oracle.network();
  const Release& release = oracle.release();
  const Secret& secret = *knowledge.auxiliary.secret;
  const int values = static_cast<int>(secret.values.size()), n = oracle.victims();
  const bool code = oracle.release_spec().of_embedding, one_logit = !code && network.classes == 2;
  if (release.cut->cuts && !one_logit && !code && oracle.noisy())
    throw Error("release.kind", Message("refusal.no_likelihood").with("release", shown(oracle.release_spec().settings["kind"])));

  co_await learn_prior(context, knowledge, spec.ridge, out);
  std::vector<Activations> if_value(static_cast<std::size_t>(values));
  for (int v = 0; v < values; ++v) {
    Matrix inputs = with_secret(knowledge.known, secret, v);
    co_await activations(context, network, std::move(inputs), if_value[static_cast<std::size_t>(v)]);
  }
  const double extra_sd = release.adds_noise() ? release.noise_sd : 0;
  // Noise before a purifier: the weights lead back to where it is still a Gaussian.
  const bool bent = network.purifier && network.stochastic && !code;
  std::optional<PurifierCurve> curve;
  if (bent && one_logit) curve.emplace(network);
  Matrix draws(bent && !one_logit ? kNoiseDraws : 0, network.code_size());
  fill_normal(context.random.sub("noise before the purifier"), 0, draws);

  // Repeats of an answer that never changes say nothing new, however often the attacker asks.
  const int answers = oracle.fresh() ? spec.repeats : 1;
  out.log_posterior = out.prior;
  for (int repeat = 0; repeat < spec.repeats; ++repeat) {
    Answers answer;
    co_await oracle.observe(context, repeat, answer);
    if (repeat >= answers) continue;
    if (one_logit || oracle.noisy()) bring_into_form(answer, release, one_logit);
    if (repeat == 0 && answer.form == AnswerForm::logit && !(curve && extra_sd > 0)) out.answer = answer.value.col(0).cast<double>();
    const bool bells = repeat == 0 && one_logit && !(curve && (answer.form != AnswerForm::logit || extra_sd > 0));
    if (bells) out.conditional_mean.resize(n, values), out.conditional_sd.setZero(n, values);
    for (int v = 0; v < values; ++v) {
      const Activations& a = if_value[static_cast<std::size_t>(v)];
      VectorXd log_posterior = out.log_posterior.col(v);
      if (one_logit || code) {
        const Coordinates c = coordinates_of(a, network, one_logit, curve.has_value());
        if (bells) out.conditional_mean.col(v) = c.mean.col(0).cast<double>();
        for (Eigen::Index r = 0; bells && r < n; ++r) out.conditional_sd(r, v) = std::hypot(c.sd.size() ? c.sd(r, 0) : 0.f, extra_sd);
        if (curve)
          co_await add_behind_purifier(answer, c, *curve, release, extra_sd, log_posterior);
        else
          co_await add_by_coordinates(answer, c, release, network, extra_sd, log_posterior);
      } else if (answer.form == AnswerForm::log_probability) {
        co_await add_by_differences(answer, a, network, extra_sd, draws, log_posterior);
      } else {
        const std::vector<std::uint64_t> no_hash(static_cast<std::size_t>(n));
        const Released of_value = (*release.invert)(shown_answer(release, oracle.weights(), a.mu, a.sigma, no_hash, 0, {}));
        if (tick_due(40. * static_cast<double>(of_value.value.size()))) co_await Tick{};
        co_await add_by_equality(answer, of_value, 1e-6f + 2 * static_cast<float>(release.cut->inverse_error), log_posterior);
      }
      out.log_posterior.col(v) = log_posterior;
      co_await Tick{};
    }
    if (bells && curve) out.answer = undone(*curve, answer.value, out.conditional_mean.rowwise().mean());
  }
}

}  // namespace

extern const Attack likelihood_inference;
const Attack likelihood_inference{{"likelihood_inference",
                                   "attack.likelihood_inference.title",
                                   "attack.likelihood_inference.summary",
                                   "derived; attacker (a) of method.md section 1",
                                   &Spec::params,
                                   {"network"}},
                                  Access::scores | Access::weights,
                                  Attack::Finds::attribute,
                                  &run};

}  // namespace mid::attack
