#include "mid/run/judge.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/stage_cache.hpp"
#include "mid/data/pictures.hpp"
#include "mid/metric/classification.hpp"
#include "mid/metric/interval.hpp"
#include "mid/nn/fit.hpp"
#include "mid/run/figure_parts.hpp"
#include "mid/run/figures.hpp"

namespace mid {
namespace {

constexpr double kNoiseShare = .25;  // of the rows, besides
constexpr int kTop = 5;
constexpr Eigen::Index kBlock = 256;

/// Pictures of nothing: noise alone, and real pictures under noise that drowns them.
Matrix noise_pictures(const Matrix& real, Stream random) {
  const Eigen::Index n = std::max<Eigen::Index>(8, static_cast<Eigen::Index>(kNoiseShare * static_cast<double>(real.rows())));
  Matrix out(n, real.cols());
  fill_normal(random, 0, out);
  Random draw(random.sub("kind"));
  for (Eigen::Index r = 0; r < n; ++r) {
    const float sd = static_cast<float>(.15 + .45 * draw.uniform());
    if (draw.uniform() < .5) out.row(r) = (.5f + sd * out.row(r).array()).matrix();
    else out.row(r) = real.row(draw.below(static_cast<int>(real.rows()))) + 1.5f * sd * out.row(r);
  }
  return out.cwiseMax(0.f).cwiseMin(1.f);
}

}  // namespace

Task train_judge(Context& context, const Data& data, std::string records, Judge& out) {
  const Dataset& set = data.set;
  out.classes = static_cast<int>(set.classes.size());
  const int reject = out.classes;
  NetworkSpec shape;
  shape.hidden = {192, 96}, shape.activation = "leaky_relu", shape.bottleneck = 0;
  out.network = make_network(shape, false, static_cast<int>(set.inputs.cols()), out.classes + 1, context.random.sub("judge"));
  out.network.input_mean = set.input_mean, out.network.input_sd = set.input_sd;
  const std::string key = StageCache::key("judge", Json{{"records", records}, {"device", context.device.name()}});
  if (context.cache)
    if (auto bytes = context.cache->find(key)) {
      Unpacker in(*bytes);
      for (Parameter* p : out.network.parameters()) in.get(p->value);
      co_return;
    }

  std::vector<int> rows = data.split.train;
  rows.insert(rows.end(), data.split.open.begin(), data.split.open.end());
  const Matrix once = rows_of(set.inputs, rows);
  VectorXi label = rows_of(set.label, rows);
  for (int& l : label)
    if (l < 0) l = reject;
  // Moved a little and a little more, so that it looks at the face and not at the place.
  const Matrix near = with_shifts(once, set.input_height, set.input_width, 1), far = with_shifts(once, set.input_height, set.input_width, 2);
  co_await Tick{};
  const Matrix nothing = noise_pictures(once, context.random.sub("judge").sub("noise"));
  Matrix raw(near.rows() + far.rows() - once.rows() + nothing.rows(), once.cols());
  raw << near, far.bottomRows(far.rows() - once.rows()), nothing;
  const Matrix x = out.network.normalised(raw);
  co_await Tick{};
  Matrix y = Matrix::Zero(x.rows(), out.classes + 1);
  for (Eigen::Index r = 0; r < y.rows(); ++r) y(r, r < y.rows() - nothing.rows() ? label[r % once.rows()] : reject) = 1;

  TrainSpec train;
  train.learning_rate = 2e-3, train.batch = 50, train.weight_decay = 1e-4;
  train.epochs = std::clamp(static_cast<int>(100'000 / x.rows()), 3, 40);
  Training training;
  training.parameters = out.network.parameters();
  training.data = {&x, &y};
  training.loss = [&](Program& p, const Batch& batch) {
    return p.scale(p.mean_of_rows(p.mul(batch.data[1], p.log_softmax(out.network.record(p, batch.data[0]).logits))), -1);
  };
  context.progress.begin("judging", train.epochs, "round");
  co_await fit(context, "judge", train, training);
  check_finite(out.network);
  if (!context.cache) co_return;
  Packer bytes;
  for (Parameter* p : out.network.parameters()) bytes.add(p->value);
  context.cache->put(key, bytes.take());
}

Task ask_judge(Context& context, const Judge& judge, Matrix inputs, Judgement& out) {
  Activations inside;
  co_await activations(context, judge.network, std::move(inputs), inside);
  out.features = inside.mu;
  out.log_probability.resize(inside.mu.rows(), judge.classes + 1);
  for (Eigen::Index first = 0; first < inside.mu.rows(); first += kBlock) {
    const Eigen::Index n = std::min(kBlock, inside.mu.rows() - first);
    const Matrix logits = logits_of(judge.network, inside.mu.middleRows(first, n));
    out.log_probability.middleRows(first, n) = logits.cast<double>();
    co_await Tick{};
  }
  for (Eigen::Index r = 0; r < out.log_probability.rows(); ++r) {
    const double most = out.log_probability.row(r).maxCoeff();
    out.log_probability.row(r).array() -= most + std::log((out.log_probability.row(r).array() - most).exp().sum());
  }
}

Task measure_judged(Context& context, const Data& data, std::string records, const Evidence& evidence, Result& result) {
  const Dataset& set = data.set;
  Judge judge;
  co_await train_judge(context, data, records, judge);

  Judgement of_test, of_guess, of_truth, of_average;
  co_await ask_judge(context, judge, rows_of(set.inputs, data.split.test), of_test);
  const VectorXi label = rows_of(set.label, data.split.test);
  const int n_test = static_cast<int>(label.size());
  const Measure& target = result.utility.at("accuracy");
  const Measure accuracy = proportion(correct_share(of_test.log_probability, label) * n_test, n_test, target.value);
  result.utility["judge_accuracy"] = accuracy;
  if (target.value && accuracy.value && *accuracy.value < *target.value - 1e-9 && accuracy.high && *accuracy.high < *target.value)
    result.warnings.push_back("the judge network names fewer people right than the model it judges about (" + std::to_string(*accuracy.value) + "): do not rely on identified");

  const int factor = set.height / set.input_height;
  const auto seen = [&](const Matrix& pictures) { return reduced(pictures, set.height, set.width, factor); };
  const PictureSheet all = sheet_before_attack(data, Attack::Finds::class_picture);  // the first 60 classes
  co_await ask_judge(context, judge, seen(evidence.pictures.front().topRows(all.truth.rows())), of_guess);
  co_await ask_judge(context, judge, seen(all.truth), of_truth);
  co_await ask_judge(context, judge, seen(all.average), of_average);

  const int n = static_cast<int>(all.truth.rows());
  const auto named = [&](const Judgement& j, int top) {
    VectorXd out = VectorXd::Zero(n);
    for (int r = 0; r < n; ++r) out[r] = (j.log_probability.row(r).array() > j.log_probability(r, r)).count() < top ? 1 : 0;
    return out;
  };
  const Stream bootstrap = context.random.sub("bootstrap");
  const auto put = [&](const std::string& name, const VectorXd& values, double baseline, const char* unit) {
    const auto v = list(values);
    result.privacy[name] = mean_with_bootstrap(v, {}, baseline, unit, bootstrap.sub(name));
  };
  put("identified", named(of_guess, 1), named(of_average, 1).mean(), "proportion");
  put("identified_top5", named(of_guess, kTop), named(of_average, kTop).mean(), "proportion");
  const auto far = [&](const Judgement& a) { return VectorXd((a.features - of_truth.features).rowwise().norm().cast<double>()); };
  put("feature_distance", far(of_guess), far(of_average).mean(), "");
}

}  // namespace mid
