// Which value of the secret makes the number most likely? For regressions, whose answer is a Gaussian around mu.
// Fredrikson, Lantz, Jha, Lin, Page, Ristenpart, USENIX Security 2014; constants pinned in method.md section 2.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "mid/attack/belief/completions.hpp"

namespace mid::attack {
namespace {

struct Spec {
  int repeats = 1;
  std::vector<std::string> also_unknown;
  static std::vector<Param> params() {
    return {param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.repeats"), also_unknown_param<Spec>()};
  }
};

/// What an answer without noise is exact to, as an sd: the step between two floats of its size. A fixed number would depend on
/// the target's unit, and would take a regression that was shrunk until its answers hardly differ for one that hides something.
double exact_sd(const VectorXd& numbers) { return std::max(numbers.cwiseAbs().maxCoeff() * std::numeric_limits<float>::epsilon(), 1e-30); }

/// Of a number known to half a step: the sd of a uniform error, so that an answer is not taken for more exact than it is.
double rounding_sd(const Release& release) { return 2 * release.cut->quantisation_half_width / std::sqrt(12.); }

/// ln P(v) + ln N(y; mu_v, sd), without what all values share.
MatrixD scores(const VectorXd& y, const MatrixD& mu, double sd, const MatrixD& prior) {
  return prior.array() - .5 * ((mu.colwise() - y) / sd).array().square();
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  // Of a model that only answers it asks for what the other computes, and the release's noise on it is noise.
  const bool asks = oracle.only_answers();
  const double own_noise = asks ? 0 : std::get<Linear>(oracle.weights()).noise;
  const Release& release = oracle.release();
  if (*release.form != AnswerForm::number)
    throw Error("release.kind", Message("refusal.must_show_number").with("release", shown(oracle.release_spec().settings["kind"])));
  const Secret& secret = *knowledge.auxiliary.secret;
  const int values = static_cast<int>(secret.values.size()), n = oracle.victims();
  out.prior = knowledge.secret_share.array().log().matrix().transpose().replicate(n, 1);

  // Repeats of an answer that never changes say nothing new, however often the attacker asks.
  const int answers = oracle.fresh() ? spec.repeats : 1;
  VectorXd first, sum = VectorXd::Zero(n);
  for (int repeat = 0; repeat < spec.repeats; ++repeat) {
    Answers answer;
    co_await oracle.observe(context, repeat, answer);
    if (repeat == 0) first = answer.value.col(0).cast<double>();
    if (repeat < answers) sum += answer.value.col(0).cast<double>();
  }
  const VectorXd heard = sum / answers;
  const double noise = std::hypot(own_noise, release.adds_noise() ? release.noise_sd : 0.);
  // Two noisy answers are compared where one's own are asked for, too.
  const double both = asks ? std::sqrt(2.) : 1;
  const double sd = std::max({both * std::hypot(noise / std::sqrt(static_cast<double>(answers)), rounding_sd(release)),
                              release.cut->inverse_error, exact_sd(heard)});
  // Shown apart: whoever holds the true number needs no answer at all.
  const bool holds_target = knowledge.target.size() > 0;
  const double error = holds_target ? std::max(knowledge.training_error, exact_sd(knowledge.target)) : 0;

  // What else is unknown is tried in all combinations.
  const Completions completions(knowledge.unknown);
  const bool all_known = completions.count() == 1;
  MatrixD by_target;
  for (int c = 0; c < completions.count(); ++c) {
    const double share = completions.share(c);
    const Matrix known = completions.fill(knowledge.known, c);
    MatrixD mu(n, values);
    for (int v = 0; v < values; ++v) {
      Activations if_v;
      Matrix inputs = with_secret(known, secret, v);
      if (asks) {
        VectorXd total = VectorXd::Zero(n);
        std::function<void(const Answers&)> add = [&total](const Answers& seen) { total += seen.value.col(0).cast<double>(); };
        co_await oracle.ask(context, std::move(inputs), answers, std::move(add));
        mu.col(v) = total / answers;
        continue;
      }
      co_await pre_noise_output(context, oracle.weights(), std::move(inputs), if_v);
      check_answers(if_v.mu);  // the Oracle's are finite; these are of other values
      mu.col(v) = if_v.mu.col(0).cast<double>();
    }
    const MatrixD prior = out.prior.array() + std::log(share);
    add_logs(out.log_posterior, scores(heard, mu, sd, prior));
    if (holds_target) add_logs(by_target, scores(knowledge.target, mu, error, prior));
    // With more unknown than the secret the answers of a value are a mixture of bells, and none is told of.
    if (all_known) out.answer = first, out.conditional_mean = mu, out.conditional_sd = MatrixD::Constant(n, values, noise);
    co_await Tick{};
  }
  out.notes["answer_sd"] = sd;
  if (!all_known) out.notes["completions"] = completions.count();
  if (holds_target) out.more["true_target"] = std::move(by_target);
}

}  // namespace

extern const Attack map_inference;
const Attack map_inference{{"map_inference",
                            "attack.map_inference.title",
                            "attack.map_inference.summary",
                            "Fredrikson et al., USENIX Security 2014; method.md section 2",
                            &Spec::params,
                            {"linear", "black_box"}},
                           Access::scores | Access::weights,
                           Attack::Finds::attribute,
                           &run,
                           false};

}  // namespace mid::attack
