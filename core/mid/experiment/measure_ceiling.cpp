#include <algorithm>
#include <cmath>

#include "mid/base/square_root.hpp"
#include "mid/base/work.hpp"
#include "mid/data/pictures.hpp"
#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/measures.hpp"
#include "mid/experiment/population.hpp"
#include "mid/info/kl.hpp"
#include "mid/info/reconstruction.hpp"
#include "mid/model/model.hpp"

namespace mid {
namespace {

constexpr int kFisherPeople = 500, kFisherBlock = 50;  // whose Fisher information is averaged

/// The mean Fisher information of the code about the coordinates of `people`, and how far its trace, weighed by the variances, may be off.
struct MeanFisher {
  MatrixD value;
  double relative_error = 0;
};

Task mean_fisher(Context& context, Network network, const Population& people, double release_noise, Stream random, MeanFisher& out) {
  const int k = network.code_size(), m = static_cast<int>(people.variance.size());
  const bool noisy = network.stochastic, learnt = noisy && network.noise_sd.size() == 0;
  const auto extra = static_cast<float>(release_noise * release_noise);
  Program p;
  const Var coordinates = p.input(kFisherBlock, m);
  const Var picture = p.add(p.matmul(coordinates, p.constant(people.components)), p.spread_rows(p.constant(people.mean), kFisherBlock));
  const NetworkVars v = network.record(p, network.record_normalised(p, picture), p.full(kFisherBlock, noisy ? k : 0, 0));
  const Var mu = noisy ? v.mu : v.z.id >= 0 ? v.z : v.features;
  Var log_sigma, sigma;
  if (learnt && extra == 0) {
    sigma = v.sigma, log_sigma = p.log_softplus(p.shift(v.raw, -5));
  } else if (noisy) {
    sigma = p.sqrt(p.shift(p.mul(v.sigma, v.sigma), extra));
    if (learnt) log_sigma = p.log(sigma);
  } else {
    sigma = p.full(kFisherBlock, k, static_cast<float>(release_noise));
  }
  std::vector<Var> mean_slope, log_slope;
  const std::vector<Var> of{coordinates};
  for (int j = 0; j < k; ++j) {
    mean_slope.push_back(p.gradient(p.sum(p.columns(mu, j, 1)), of)[0]);
    if (learnt) log_slope.push_back(p.gradient(p.sum(p.columns(log_sigma, j, 1)), of)[0]);
  }
  for (const auto* slopes : {&mean_slope, &log_slope})
    for (const Var s : *slopes) p.keep(s);
  p.keep(sigma);
  const std::unique_ptr<Executable> run = context.device.compile(std::move(p));

  out.value = MatrixD::Zero(m, m);
  VectorXd trace(kFisherPeople);
  for (int first = 0; first < kFisherPeople; first += kFisherBlock) {
    Matrix g(kFisherBlock, m), noise;
    fill_normal(random, static_cast<std::uint64_t>(first) * static_cast<std::uint64_t>(m), g);
    g.array().rowwise() *= people.variance.cwiseSqrt().cast<float>().transpose().array();
    run->write(coordinates, g);
    while (run->run_part()) co_await Tick{};
    while (!run->read(sigma, noise)) co_await Tick{};
    std::vector<Matrix> mean(static_cast<std::size_t>(k)), log(log_slope.size());
    for (std::size_t j = 0; j < mean.size(); ++j)
      while (!run->read(mean_slope[j], mean[j])) co_await Tick{};
    for (std::size_t j = 0; j < log.size(); ++j)
      while (!run->read(log_slope[j], log[j])) co_await Tick{};
    for (int row = 0; row < kFisherBlock; ++row) {
      MatrixD by_mean(k, m), by_log(log.empty() ? 0 : k, m);
      for (int j = 0; j < k; ++j) {
        by_mean.row(j) = mean[static_cast<std::size_t>(j)].row(row).cast<double>();
        if (!log.empty()) by_log.row(j) = log[static_cast<std::size_t>(j)].row(row).cast<double>();
      }
      const MatrixD fisher = fisher_information(by_mean, by_log, noise.row(row).cast<double>().transpose());
      out.value += fisher / kFisherPeople;
      trace[first + row] = fisher.diagonal().dot(people.variance);
      if (tick_due(4. * k * m * m)) co_await Tick{};
    }
  }
  const double mean = trace.mean(), sd = std::sqrt((trace.array() - mean).square().sum() / (kFisherPeople - 1));
  out.relative_error = mean > 0 ? sd / std::sqrt(static_cast<double>(kFisherPeople)) / mean : 0;
}

/// The smallest bound of what one code tells about a person of the population, in nats.
Task information_at_most(Context& context, const Network& network, Matrix inputs, double release_noise, Stream random, double& out) {
  Activations inside;
  co_await activations(context, network, std::move(inputs), inside);
  const Eigen::Index n = inside.mu.rows(), k = inside.mu.cols();
  Matrix variance = Matrix::Constant(n, k, static_cast<float>(release_noise * release_noise));
  if (inside.sigma.size()) variance += Matrix(inside.sigma.array().square());
  const Matrix sigma = square_root(variance);
  out = kl_of_rows(inside.mu, sigma).mean();
  co_await Tick{};
  if (n / 2 < 2 * (k + 1)) co_return;
  Matrix eps(n, k);
  fill_normal(random, 0, eps);
  const Matrix drawn = inside.mu + sigma.cwiseProduct(eps);
  const double fitted = fitted_information(inside.mu.cast<double>(), sigma.cast<double>(), drawn.cast<double>());
  out = std::min(out, fitted);
  count_work(4. * static_cast<double>(n * k * k));
  co_await Tick{};
}

}  // namespace

Task measure_ceiling(Context& context, const Spec& spec, const Release& release, const Model& model, const Data& data,
                     const Population& people, Result& result) {
  const auto* network = std::get_if<Network>(&model);
  if (!network) co_return;
  const bool of_code = release.subject.of == ReleaseSubject::Of::code;
  const double noise = of_code && release.adds_noise() ? release.noise_sd : 0;
  const int repeats = fresh_answers(spec, release), n = static_cast<int>(data.split.attacked.size());
  const double total = people.variance.sum();
  const bool noisy = network->stochastic || noise > 0;
  const double most = *release.form == AnswerForm::label ? repeats * std::log(static_cast<double>(network->classes))
                                                         : std::numeric_limits<double>::infinity();
  const Stream random = context.random.sub("ceiling");
  double nats = most;
  MeanFisher fisher;
  if (noisy) {
    double information = 0;
    co_await information_at_most(context, *network, rows_of(data.set.inputs, data.split.attacked), noise, random.sub("draws"), information);
    nats = std::min(most, repeats * information);
    // The network's inputs are reduced pictures, and so is everything linear about them.
    Population reduced_people = people;
    const int factor = data.set.height / data.set.input_height;
    reduced_people.mean = reduced(people.mean, data.set.height, data.set.width, factor);
    reduced_people.components = reduced(people.components, data.set.height, data.set.width, factor);
    co_await mean_fisher(context, *network, reduced_people, noise, random.sub("fisher"), fisher);
    fisher.value *= repeats;
  }
  const auto put = [&](const char* name, double error) {
    result.information[name] = measure(std::min(1., 1 - error / total), 0, n, "proportion");
    return *result.information[name].value;
  };
  double least = 1;
  if (noisy) {
    put("ceiling_fisher", unbiased_error_by_trace(fisher.value));
    // A mean over few people promises too much: by as much as it may be off, twice.
    least = std::min(least, put("ceiling_van_trees", van_trees((1 + 2 * fisher.relative_error) * fisher.value, people.variance)));
  }
  if (std::isfinite(nats)) {
    least = std::min(least, put("ceiling_rate_distortion", rate_distortion(people.variance, nats).error));
    put("ceiling_cem", entropy_power_error(people.variance, nats));
  }
  result.information["ceiling"] = measure(least, 0, n, "proportion");
  result.notes["ceiling"] = {{"components", people.variance.size()},
                             {"nats", finite(nats) ? Json(nats) : Json()},
                             {"fisher_people", noisy ? kFisherPeople : 0},
                             {"fisher_relative_error", fisher.relative_error}};
}

}  // namespace mid
