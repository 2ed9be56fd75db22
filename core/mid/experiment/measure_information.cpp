#include "mid/experiment/measures.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/target.hpp"
#include "mid/info/kl.hpp"
#include "mid/info/mixture.hpp"

namespace mid {
namespace {

/// The KL of every row's code.
Task kl_of_all(const Activations& inside, VectorXd& out) {
  constexpr Eigen::Index kRowsOfBlock = 1024;
  out.resize(inside.mu.rows());
  for (Eigen::Index first = 0; first < out.size(); first += kRowsOfBlock) {
    const Eigen::Index count = std::min(kRowsOfBlock, out.size() - first);
    out.segment(first, count) = kl_of_rows(inside.mu.middleRows(first, count), inside.sigma.middleRows(first, count));
    if (tick_due(25. * static_cast<double>(count * inside.mu.cols()))) co_await Tick{};
  }
}

/// Of numbers with noise, over the training rows.
Task measure_mixture(VectorXd mu, double noise, int repeats, Result& result) {
  const auto n = static_cast<int>(mu.size());
  AnswerInformation about;
  co_await answer_information(mu, noise, about);
  double truth = 0;
  co_await information_by_quadrature(std::move(mu), noise, truth);
  const auto put = [&](const char* name, double value) { result.information[name] = measure(value, 0, n, "nats"); };
  // Nobody learns more than which of the n records it was.
  put("mixture_upper", std::min(repeats * about.upper, std::log(static_cast<double>(n)))), put("taylor2", about.taylor2),
      put("mixture_lower", about.lower), put("information", truth);
}

/// What a regression predicts for the training rows.
Task predict_all(const Linear& linear, const Data& data, VectorXd& mu) {
  constexpr int kRowsOfBlock = 2048;
  const std::vector<int>& rows = data.split.train;
  const int n = static_cast<int>(rows.size());
  mu.resize(n);
  for (int first = 0; first < n; first += kRowsOfBlock) {
    const int count = std::min(kRowsOfBlock, n - first);
    const Matrix block = rows_of(data.set.inputs, std::vector<int>(rows.begin() + first, rows.begin() + first + count));
    mu.segment(first, count) = linear.predict(block);
    co_await Tick{};
  }
}

/// Of a model whose inside nobody sees: what its answers tell at most is known of labels, and of numbers with a release's noise.
Task measure_black_box(Context& context, const Spec& spec, const Release& release, const Model& model, const Data& data, Result& result) {
  if (const int classes = classes_of(model); classes > 0) {
    Measure bound;
    bound.n = static_cast<int>(data.split.attacked.size()), bound.unit = "nats", bound.baseline = 0;
    if (*release.form == AnswerForm::label) bound.value = std::log(static_cast<double>(classes));
    warn_if_empty(result, bound, "kl_bound", "warning.only_answers");
    result.information["kl_bound"] = bound;
    co_return;
  }
  if (!release.adds_noise() || release.noise_sd <= 0) {
    warn_if_empty(result, result.information["mixture_upper"], "mixture_upper", "warning.no_noise");
    co_return;
  }
  Activations inside;
  co_await pre_noise_output(context, model, rows_of(data.set.inputs, data.split.train), inside);
  VectorXd mu = inside.mu.col(0).cast<double>();
  co_await measure_mixture(std::move(mu), release.noise_sd, fresh_answers(spec, release), result);
}

Task measure_kl(Context& context, const Spec& spec, const Release& release, const Network& network, const Data& data, Result& result) {
  const bool label_only = *release.form == AnswerForm::label;
  const double most = label_only ? std::log(static_cast<double>(network.classes)) : std::numeric_limits<double>::infinity();
  const int n = static_cast<int>(data.split.attacked.size());
  Measure bound;
  bound.n = n, bound.unit = "nats", bound.baseline = 0;
  if (network.stochastic) {
    Activations inside;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.attacked), inside);
    VectorXd kl;
    co_await kl_of_all(inside, kl);
    const int repeats = fresh_answers(spec, release);  // every one may tell as much again
    const auto values = list(kl);
    const auto person = gather_or_empty(data.set.person, data.split.attacked);
    co_await mean_with_bootstrap(values, person, 0.0, "nats", context.random.sub("bootstrap").sub("kl_bound"), bound);
    for (auto* part : {&bound.value, &bound.low, &bound.high})
      if (*part) *part = std::min(**part * repeats, most * repeats);

    Activations train;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.train), train);
    co_await kl_of_all(train, kl);
    co_await mean_with_bootstrap(list(kl), gather_or_empty(data.set.person, data.split.train), 0.0, "nats",
                                 context.random.sub("bootstrap").sub("kl_train"), result.information["kl_train"]);
  } else if (label_only) {
    bound.value = most;
  }
  warn_if_empty(result, bound, "kl_bound", "warning.no_noise_inside");
  result.information["kl_bound"] = bound;
}

/// What the code tells beyond the class: I(X; Z | Y) <= mean KL to N(m_y, I), over the attacked records that have a class
/// (times repeats, as kl_bound) and over the training records. No bound on what the answer tells.
Task measure_conditional_kl(Context& context, const Spec& spec, const Release& release, const Network& network, const Data& data,
                            Result& result) {
  const std::tuple<const char*, const std::vector<int>*, int> parts[] = {
      {"conditional_kl", &data.split.attacked, fresh_answers(spec, release)}, {"conditional_kl_train", &data.split.train, 1}};
  for (const auto& [name, part, times] : parts) {
    std::vector<int> rows;
    for (const int row : *part)
      if (data.set.label[row] >= 0) rows.push_back(row);
    Measure bound;
    bound.unit = "nats", bound.baseline = 0;
    if (!rows.empty()) {
      Activations inside;
      co_await activations(context, network, rows_of(data.set.inputs, rows), inside);
      for (Eigen::Index r = 0; r < inside.mu.rows(); ++r)
        inside.mu.row(r) -= network.class_mean.value.row(data.set.label[rows[static_cast<std::size_t>(r)]]);
      VectorXd kl;
      co_await kl_of_all(inside, kl);
      co_await mean_with_bootstrap(list(kl), gather_or_empty(data.set.person, rows), 0.0, "nats", context.random.sub("bootstrap").sub(name),
                                   bound);
      for (auto* figure : {&bound.value, &bound.low, &bound.high})
        if (*figure) *figure = **figure * times;
    }
    warn_if_empty(result, bound, name, "warning.no_common_class");
    result.information[name] = bound;
  }
}

/// Of a training with differential privacy.
void tell_privacy_loss(const PrivacyLoss& loss, int records, Result& result) {
  const Measure epsilon = measure(loss.epsilon, 0, records, "");
  warn_if_empty(result, epsilon, "epsilon", "warning.no_noise_on_steps");
  result.information["epsilon"] = epsilon;
  Json& note = result.notes["privacy_loss"] = {{"delta", loss.delta}, {"about", loss.about}};
  if (loss.steps == 0) return;  // of descent alone: composed of its steps
  note["renyi_order"] = loss.order, note["steps"] = loss.steps;
  note["conversion"] = "Balle et al. 2020, Canonne et al. 2020";
}

}  // namespace

Task measure_information(Context& context, const Spec& spec, const Release& release, const Model& model, const Data& data, Result& result) {
  const int records = static_cast<int>(data.split.train.size());
  if (const auto loss = guarantee_of(spec, records)) tell_privacy_loss(*loss, records, result);
  if (const auto* network = std::get_if<Network>(&model)) {
    co_await measure_kl(context, spec, release, *network, data, result);
    co_await measure_codes(context, spec, release, *network, data, result);
    if (network->class_mean.value.size()) co_await measure_conditional_kl(context, spec, release, *network, data, result);
  } else if (const auto* linear = std::get_if<Linear>(&model)) {
    const double noise = std::hypot(linear->noise, release.adds_noise() ? release.noise_sd : 0.);
    if (noise > 0) {
      VectorXd mu;
      co_await predict_all(*linear, data, mu);
      co_await measure_mixture(std::move(mu), noise, fresh_answers(spec, release), result);
    } else
      warn_if_empty(result, result.information["mixture_upper"], "mixture_upper", "warning.no_noise");
  } else if (std::holds_alternative<BlackBox>(model)) {
    co_await measure_black_box(context, spec, release, model, data, result);
  } else {
    const Tree& tree = std::get<Tree>(model);
    const bool label = *release.form == AnswerForm::label;
    result.information["leaf_information"] =
        measure(label ? label_information(tree) : leaf_information(tree), 0, static_cast<int>(data.split.train.size()), "bits");
    result.information["leaves"] = measure(tree.leaves(), 1, static_cast<int>(data.split.train.size()), "");
  }
}

}  // namespace mid
