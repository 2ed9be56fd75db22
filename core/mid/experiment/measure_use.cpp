#include "mid/experiment/measures.hpp"

#include <cmath>

#include "mid/experiment/measure_parts.hpp"
#include "mid/measure/classification.hpp"
#include "mid/measure/regression.hpp"

namespace mid {
namespace {

constexpr Eigen::Index kRowsOfBlock = 4096;

/// What somebody without the answers says about each row: how common each class is.
MatrixD log_shares(const VectorXi& label, int classes) {
  MatrixD out(label.size(), classes);
  for (int c = 0; c < classes; ++c)
    out.col(c).setConstant(std::log(static_cast<double>((label.array() == c).count()) / static_cast<double>(label.size())));
  return out;
}

}  // namespace

Task measure_use(Context& context, Oracle& user, const Model& model, VectorXi label, std::string suffix, Result& result) {
  const int classes = classes_of(model), draws = user.fresh() ? kUtilityDraws : 1, n = static_cast<int>(label.size());
  double right = 0, surprise = 0;
  const auto entries = suffix.empty() ? entries_of(result, &FigureEntry::of_answers) : std::vector<const FigureEntry*>{};
  std::vector<double> values(entries.size());
  for (int draw = 0; draw < draws; ++draw) {
    Released released;
    co_await user.serve(context, draw, released);
    MatrixD log_p(released.value.rows(), classes);
    for (Eigen::Index first = 0; first < log_p.rows(); first += kRowsOfBlock) {
      const Eigen::Index count = std::min(kRowsOfBlock, log_p.rows() - first);
      const Released part{released.value.middleRows(first, count), released.form};
      log_p.middleRows(first, count) = log_probability_of(part, model);
      if (tick_due(40. * static_cast<double>(count * classes))) co_await Tick{};
    }
    count_work(8. * static_cast<double>(log_p.size()));
    right += correct_share(log_p, label) / draws;
    surprise += negative_log_likelihood(log_p, label) / draws;
    for (std::size_t i = 0; i < entries.size(); ++i) values[i] += entries[i]->of_answers(log_p, label) / draws;
    co_await Tick{};
  }
  result.utility["accuracy" + suffix] = proportion(right * n, n, majority_share(label, classes));
  Measure nll = measure(surprise, class_entropy(label, classes), n, "nats");
  warn_if_empty(result, nll, "nll" + suffix, "warning.confidence_zero");
  result.utility["nll" + suffix] = nll;
  const MatrixD shares = log_shares(label, classes);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const FigureEntry& f = *entries[i];
    result.utility[std::string(f.kind.key)] =
        measure(values[i], f.baseline ? *f.baseline : f.of_answers(shares, label), n, std::string(f.kind.unit).c_str());
  }
}

Task measure_purifier(Context& context, const Network& network, const Data& data, Result& result) {
  constexpr double kLeast = .99;
  const int n = static_cast<int>(data.split.test.size());
  Activations inside;
  co_await activations(context, network, rows_of(data.set.inputs, data.split.test), inside);
  co_await Tick{};
  const Matrix before = purifier_input(unpurified_logits_of(network, inside.mu)), after = purifier_input(logits_of(network, inside.mu));
  int same = 0;
  for (Eigen::Index r = 0; r < before.rows(); ++r) {
    Eigen::Index a = 0, b = 0;
    before.row(r).maxCoeff(&a), after.row(r).maxCoeff(&b);
    same += a == b ? 1 : 0;
  }
  result.utility["purifier_agreement"] = proportion(same, n, std::nullopt);
  if (same < kLeast * n)
    result.warnings.push_back(Message("warning.purifier").with("found", std::to_string(n - same)).with("of", std::to_string(n)));
}

Task measure_fit(Context& context, Oracle& user, Oracle& trainer, const Model& model, const Data& data, Result& result) {
  const Dataset& set = data.set;
  const auto readable = [&](const VectorXd& v) { return VectorXd(v.unaryExpr([&](double x) { return set.readable(x); })); };
  const VectorXd truth = readable(rows_of(set.target, data.split.test)), train_target = rows_of(set.target, data.split.train);
  const double constant = readable(train_target).mean();
  const auto person = gather_or_empty(set.person, data.split.test);
  const int n = static_cast<int>(truth.size()), draws = user.fresh() ? kUtilityDraws : 1;
  const std::string unit = set.target_is_root ? "" : set.target_name;
  const Stream bootstrap = context.random.sub("bootstrap");

  Activations inside;
  co_await pre_noise_output(context, model, rows_of(set.inputs, data.split.test), inside);
  const VectorXd exact = readable(inside.mu.col(0).cast<double>());
  Released answer;
  co_await trainer.serve(context, 0, answer);
  const Line line = rescale_line(answer.value.col(0).cast<double>(), train_target);
  VectorXd released_error = VectorXd::Zero(n), rescaled_error = released_error, released_hits = released_error;
  for (int draw = 0; draw < draws; ++draw) {
    co_await user.serve(context, draw, answer);
    const VectorXd y = answer.value.col(0).cast<double>(), released = readable(y), rescaled = readable(line.of(y));
    released_error += (released - truth).array().square().matrix() / draws;
    rescaled_error += (rescaled - truth).array().square().matrix() / draws;
    released_hits += within(released, truth, .2) / draws;
  }
  const VectorXd exact_error = (exact - truth).array().square();
  const double same_for_all = n ? within(VectorXd::Constant(n, constant), truth, .2).mean() : 0;
  const std::pair<const char*, const VectorXd*> errors[] = {
      {"rmse", &exact_error}, {"rmse_released", &released_error}, {"rmse_rescaled", &rescaled_error}};
  for (const auto& [name, error] : errors) {
    co_await root_mean_square(list(*error), truth, constant, person, unit, bootstrap.sub(name), result.utility[name]);
    co_await Tick{};
  }
  const VectorXd squared = (inside.mu.col(0).cast<double>() - rows_of(set.target, data.split.test)).array().square();
  const double of_the_mean = (rows_of(set.target, data.split.test).array() - train_target.mean()).square().mean();
  co_await mean_with_bootstrap(list(squared), person, of_the_mean, "", bootstrap.sub("mse"), result.utility["mse"]);
  result.utility["within_20"] = proportion(within(exact, truth, .2).sum(), n, same_for_all);
  result.utility["within_20_released"] = proportion(released_hits.sum(), n, same_for_all);
}

}  // namespace mid
