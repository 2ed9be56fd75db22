#include "mid/attack/belief/asked_values.hpp"

namespace mid {
namespace {

constexpr double kImpossible = -1e6;  // ln likelihood of what cannot be: finite, so that the prior decides among impossibles

}  // namespace

MatrixD certain_score(const VectorXi& guess, const MatrixD& prior) {
  MatrixD score = prior.array() + kImpossible;
  for (Eigen::Index i = 0; i < guess.size(); ++i) score(i, guess[i]) = prior(i, guess[i]);
  return score;
}

Task ask_values(Context& context, Oracle& oracle, const Knowledge& knowledge, Matrix known, AskedValues& out) {
  const Secret& secret = *knowledge.auxiliary.secret;
  const int values = static_cast<int>(secret.values.size()), n = oracle.victims();
  out.prior = knowledge.secret_share.array().log().matrix().transpose().replicate(n, 1);
  out.predicted.resize(n, values), out.top.resize(n, values), out.of_outcome.resize(n, values), out.answer.clear();
  for (int v = 0; v < values; ++v) {
    Answers if_v;
    Matrix inputs = with_secret(known, secret, v);
    std::function<void(const Answers&)> keep = [&if_v](const Answers& heard) { if_v = heard; };
    co_await oracle.ask(context, std::move(inputs), 1, std::move(keep));
    out.labels_only = if_v.form == AnswerForm::label;
    for (int i = 0; i < n; ++i) {
      Eigen::Index best = 0;
      out.top(i, v) = static_cast<double>(if_v.value.row(i).maxCoeff(&best));
      out.predicted(i, v) = static_cast<int>(best);
      out.of_outcome(i, v) = static_cast<double>(if_v.value(i, knowledge.label[i]));
    }
    count_work(8. * static_cast<double>(if_v.value.size()));
    out.answer.push_back(std::move(if_v.value));
    co_await Tick{};
  }
}

Task seen(const AskedValues& asked, const Oracle& oracle, Answers overheard, MatrixD& score) {
  const Matrix& heard = overheard.value;
  const float same = 1e-6f + 2 * static_cast<float>(oracle.release().cut->inverse_error);
  score = asked.prior;
  for (Eigen::Index v = 0; v < score.cols(); ++v) {
    for (Eigen::Index i = 0; i < score.rows(); ++i)
      if ((asked.answer[static_cast<std::size_t>(v)].row(i) - heard.row(i)).cwiseAbs().maxCoeff() > same) score(i, v) += kImpossible;
    if (tick_due(3. * static_cast<double>(heard.size()))) co_await Tick{};
  }
}

}  // namespace mid
