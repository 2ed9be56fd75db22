#include "mid/attack/asked_values.hpp"

namespace mid {
namespace {
constexpr double kImpossible = -1e6;  // ln likelihood of what cannot be: finite, so that the prior decides among impossibles
}

MatrixD certain_score(const VectorXi& guess, const MatrixD& prior) {
  MatrixD score = prior.array() + kImpossible;
  for (Eigen::Index i = 0; i < guess.size(); ++i) score(i, guess[i]) = prior(i, guess[i]);
  return score;
}

Task ask_values(Context& context, Oracle& oracle, const Knowledge& knowledge, AskedValues& out) {
  const Secret& secret = *knowledge.open.secret;
  const int values = static_cast<int>(secret.values.size()), n = oracle.victims();
  out.prior = knowledge.secret_share.array().log().matrix().transpose().replicate(n, 1);
  out.seen = out.prior;
  out.predicted.resize(n, values), out.top.resize(n, values), out.of_outcome.resize(n, values);
  Answers overheard;
  co_await oracle.observe(context, 0, overheard);
  // Confidences count as what they were before they were mixed.
  const auto read = [&](Answers& answer) {
    auto [value, form] = undone(oracle.release(), {std::move(answer.value), answer.form}, oracle.classes());
    answer.value = std::move(value), answer.form = form;
  };
  read(overheard);
  const float same = 1e-6f + (oracle.release().kind == "mixing" ? 2 * static_cast<float>(half_step(oracle.release(), oracle.classes())) : 0.f);
  for (int v = 0; v < values; ++v) {
    Answers if_v;
    Matrix inputs = with_secret(knowledge.known, secret, v);
    std::function<void(const Answers&)> keep = [&if_v](const Answers& heard) { if_v = heard; };
    co_await oracle.ask(context, std::move(inputs), 1, std::move(keep));
    read(if_v);
    out.labels_only = if_v.form == AnswerForm::label;
    for (int i = 0; i < n; ++i) {
      Eigen::Index best = 0;
      out.top(i, v) = static_cast<double>(if_v.value.row(i).maxCoeff(&best));
      out.predicted(i, v) = static_cast<int>(best);
      out.of_outcome(i, v) = static_cast<double>(if_v.value(i, knowledge.label[i]));
      if ((if_v.value.row(i) - overheard.value.row(i)).cwiseAbs().maxCoeff() > same) out.seen(i, v) += kImpossible;
    }
    co_await Tick{};
  }
}

}  // namespace mid
