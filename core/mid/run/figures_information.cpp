#include "mid/run/figures.hpp"

#include <algorithm>
#include <cmath>

#include "mid/info/kl.hpp"
#include "mid/info/mixture.hpp"
#include "mid/run/figure_parts.hpp"

namespace mid {
namespace {

/// Of a regression with noise, over the training rows.
Task measure_mixture(const Linear& linear, double noise, const Data& data, Result& result) {
  VectorXd mu = linear.predict(rows_of(data.set.inputs, data.split.train));
  const int n = static_cast<int>(mu.size());
  AnswerInformation about;
  co_await answer_information(mu, noise, about);
  double truth = 0;
  co_await information_by_quadrature(std::move(mu), noise, truth);
  const auto put = [&](const char* name, double value) { result.information[name] = measure(value, 0, n, "nats"); };
  put("mixture_upper", about.upper), put("taylor2", about.taylor2), put("mixture_lower", about.lower), put("information", truth);
}

Task measure_kl(Context& context, const Spec& spec, const Network& network, const Data& data, Result& result) {
  const bool label_only = spec.release["kind"] == "label_only" && spec.release["of"] == "answer";
  const double most = label_only ? std::log(static_cast<double>(network.classes)) : std::numeric_limits<double>::infinity();
  const int n = static_cast<int>(data.split.attacked.size());
  Measure bound;
  bound.n = n, bound.unit = "nats", bound.baseline = 0;
  if (network.stochastic) {
    Activations inside;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.attacked), inside);
    const VectorXd kl = kl_of_rows(inside.mu, inside.sigma);
    co_await Tick{};
    const int repeats = fresh_answers(spec);  // every one may tell as much again
    const auto values = list(kl);
    const auto person = some(data.set.person, data.split.attacked);
    bound = mean_with_bootstrap(values, person, 0.0, "nats", context.random.sub("bootstrap").sub("kl_bound"));
    for (auto* part : {&bound.value, &bound.low, &bound.high})
      if (*part) *part = std::min(**part * repeats, most * repeats);

    Activations train;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.train), train);
    const auto train_values = list(kl_of_rows(train.mu, train.sigma));
    result.information["kl_train"] = mean_with_bootstrap(train_values, some(data.set.person, data.split.train), 0.0, "nats", context.random.sub("bootstrap").sub("kl_train"));
  } else if (label_only) {
    bound.value = most;
  }
  warn_if_empty(result, bound, "kl_bound", "without noise inside the model nothing bounds what an exact answer tells");
  result.information["kl_bound"] = bound;
}

}  // namespace

Task measure_information(Context& context, const Spec& spec, const Model& model, const Data& data, Result& result) {
  if (const auto* network = std::get_if<Network>(&model)) {
    co_await measure_kl(context, spec, *network, data, result);
    co_await measure_codes(context, spec, *network, data, result);
  } else if (const auto* linear = std::get_if<Linear>(&model)) {
    const double noise = std::hypot(linear->noise, spec.release["kind"] == "noise" ? spec.release["scale"].get<double>() : 0.);
    if (noise > 0) co_await measure_mixture(*linear, noise, data, result);
    else warn_if_empty(result, result.information["mixture_upper"], "mixture_upper", "without noise nothing bounds what an exact number tells");
  } else {
    const Tree& tree = std::get<Tree>(model);
    const bool label = spec.release["kind"] == "label_only";
    result.information["leaf_information"] = measure(label ? label_information(tree) : leaf_information(tree), 0, static_cast<int>(data.split.train.size()), "bits");
    result.information["leaves"] = measure(tree.leaves(), 1, static_cast<int>(data.split.train.size()), "");
  }
}

}  // namespace mid
