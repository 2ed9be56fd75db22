#include "mid/experiment/judge.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <Eigen/Eigenvalues>

#include "mid/base/stage_cache.hpp"
#include "mid/data/pictures.hpp"
#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/measures.hpp"
#include "mid/measure/classification.hpp"
#include "mid/measure/interval.hpp"
#include "mid/model/network/log_softmax.hpp"
#include "mid/nn/fit.hpp"

namespace mid {
namespace {

constexpr Eigen::Index kNoisePictures = 600;
constexpr int kTop = 5, kMembers = 3;
constexpr Eigen::Index kBlock = 256, kLookBlock = 32;
constexpr std::size_t kMostPairs = 128;  // their scatter's eigenvectors must be found within a tick
constexpr double kFloor = .05;           // of a direction's variance, in means over the pixels: below it nothing is damped

/// Pictures of nobody: noise alone, the average picture under little or much of it, and real ones under noise that drowns them.
Matrix noise_pictures(const Matrix& real, Stream random) {
  const Eigen::Index n = kNoisePictures;
  Matrix out(n, real.cols());
  const Matrix mean = real.colwise().mean();
  fill_normal(random, 0, out);
  Random draw(random.sub("kind"));
  for (Eigen::Index r = 0; r < n; ++r) {
    const float sd = static_cast<float>(.15 + .45 * draw.uniform());
    const double kind = draw.uniform();
    if (kind < .3)
      out.row(r) = (.5f + sd * out.row(r).array()).matrix();
    else if (kind < .6)
      out.row(r) = mean.row(0) + sd * static_cast<float>(draw.uniform()) * out.row(r);
    else
      out.row(r) = real.row(draw.below(static_cast<int>(real.rows()))) + 1.5f * sd * out.row(r);
  }
  return out.cwiseMax(0.f).cwiseMin(1.f);
}

/// Each row made to have a mean square of 1.
void to_unit(Matrix& pictures) {
  for (auto row : pictures.rowwise()) row /= std::max(1e-3f, std::sqrt(row.squaredNorm() / static_cast<float>(row.size())));
}

/// Each picture with its own brightness and contrast taken out: light changes from photo to photo, people do not.
Matrix evened(MatrixRef pictures) {
  Matrix out = pictures.colwise() - pictures.rowwise().mean();
  to_unit(out);
  return out;
}

/// Differences between two records of a label, divided by sqrt(2): their scatter is that of one record around its label's mean.
Matrix within_labels(const Matrix& pictures, const VectorXi& label) {
  std::map<int, Eigen::Index> last;
  std::vector<std::pair<Eigen::Index, Eigen::Index>> pairs;
  for (Eigen::Index i = 0; i < pictures.rows(); ++i) {
    const auto [found, first] = last.emplace(label[i], i);
    if (!first) pairs.emplace_back(std::exchange(found->second, i), i);
  }
  const std::size_t n = std::min(pairs.size(), kMostPairs);
  Matrix out(static_cast<Eigen::Index>(n), pictures.cols());
  for (std::size_t i = 0; i < n; ++i) {
    const auto [a, b] = pairs[i * pairs.size() / n];
    out.row(static_cast<Eigen::Index>(i)) = (pictures.row(b) - pictures.row(a)) / std::sqrt(2.f);
  }
  return out;
}

/// Where and how strongly it damps: along each eigenvector of the differences' scatter to 1 / sqrt(1 + variance / floor).
void learn_to_look(const Matrix& pictures, const VectorXi& label, Judge& judge) {
  const Matrix even = evened(pictures), changes = within_labels(even, label);
  judge.average = even.colwise().mean();
  // There are fewer differences than pixels: the scatter's eigenvectors are those of the small matrix of their products.
  const MatrixD products = (changes * changes.transpose()).cast<double>() / static_cast<double>(std::max<Eigen::Index>(1, changes.rows()));
  const double floor = kFloor * products.trace() / static_cast<double>(pictures.cols());
  judge.directions.resize(0, pictures.cols()), judge.damping.resize(1, 0);
  if (!(floor > 0)) return;
  const Eigen::SelfAdjointEigenSolver<MatrixD> scatter(products);
  judge.directions = scatter.eigenvectors().transpose().cast<float>() * changes;
  judge.damping.resize(1, judge.directions.rows());
  for (Eigen::Index i = 0; i < judge.directions.rows(); ++i) {
    const double variance = std::max(0., scatter.eigenvalues()[i]);
    const float length = judge.directions.row(i).norm();
    // A difference that others make up has no direction of its own left.
    const bool real = variance > 1e-6 * floor && length > 0;
    if (real) judge.directions.row(i) /= length;
    judge.damping(0, i) = real ? static_cast<float>(1 - 1 / std::sqrt(1 + variance / floor)) : 0.f;
  }
}

/// Judge::seen(), a few pictures at a time.
Task look_at(const Judge& judge, const Matrix& pictures, Matrix& out) {
  out.resize(pictures.rows(), pictures.cols());
  for (Eigen::Index first = 0; first < pictures.rows(); first += kLookBlock) {
    const Eigen::Index n = std::min(kLookBlock, pictures.rows() - first);
    out.middleRows(first, n) = judge.seen(pictures.middleRows(first, n));
    if (tick_due(static_cast<double>(n * pictures.cols()) * (10. + 4. * static_cast<double>(judge.directions.rows())))) co_await Tick{};
  }
}

}  // namespace

Matrix Judge::seen(MatrixRef pictures) const {
  Matrix out = evened(pictures).rowwise() - Eigen::RowVectorXf(average.row(0));
  if (directions.rows() > 0) {
    const Matrix along = (out * directions.transpose()).array().rowwise() * damping.row(0).array();
    out -= along * directions;
  }
  to_unit(out);
  return out;
}

Task train_judge(Context& context, const Data& data, std::string records, Judge& out) {
  const Dataset& set = data.set;
  out.classes = static_cast<int>(set.classes.size());
  std::vector<int> rows = data.split.train;
  rows.insert(rows.end(), data.split.auxiliary.begin(), data.split.auxiliary.end());
  // Others are told apart, too: from their several photos it learns what changes from photo to photo of one person. To call
  // them all one class would teach it that whoever smiles is none of the enrolled, of whom it sees one photo each.
  std::map<int, int> others;
  VectorXi label = rows_of(set.label, rows);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (int& l = label[static_cast<Eigen::Index>(i)]; l < 0) {
      const int person = set.person.empty() ? rows[i] : set.person[static_cast<std::size_t>(rows[i])];
      l = out.classes + others.emplace(person, static_cast<int>(others.size())).first->second;
    }
  const int nobody = out.classes + static_cast<int>(others.size());
  NetworkSpec shape;
  shape.hidden = {256}, shape.activation = "leaky_relu", shape.bottleneck = 0;
  for (std::uint64_t m = 0; m < kMembers; ++m)
    out.members.push_back(make_network(shape, false, static_cast<int>(set.inputs.cols()), nobody + 1, context.random.sub("judge").sub(m)));
  const std::string key = StageCache::key("judge", Json{{"records", records}, {"device", context.device.name()}});
  const bool kept = context.cache && context.cache->load(key, [&](Unpacker& in) {
    Judge read = out;
    in.get(read.average), in.get(read.directions), in.get(read.damping);
    const Eigen::Index pixels = set.inputs.cols();
    Unpacker::expect(read.average.rows() == 1 && read.average.cols() == pixels &&
                     (read.directions.rows() == 0 || read.directions.cols() == pixels));
    Unpacker::expect(read.directions.rows() == 0 || (read.damping.rows() == 1 && read.damping.cols() == read.directions.rows()));
    for (Network& member : read.members)
      for (Parameter* p : member.parameters()) in.get_same(p->value);
    out = std::move(read);
  });
  if (kept) co_return;

  const Matrix once = rows_of(set.inputs, rows);
  // Moved a little and a little more, so that it looks at the face and not at the place.
  const Matrix near = with_shifts(once, set.input_height, set.input_width, 1),
               far = with_shifts(once, set.input_height, set.input_width, 2);
  co_await Tick{};
  const Matrix nothing = noise_pictures(once, context.random.sub("judge").sub("noise"));
  Matrix raw(near.rows() + far.rows() - once.rows() + nothing.rows(), once.cols());
  raw << near, far.bottomRows(far.rows() - once.rows()), nothing;
  learn_to_look(once, label, out);
  co_await Tick{};
  Matrix x;
  co_await look_at(out, raw, x);
  co_await Tick{};
  Matrix y = Matrix::Zero(x.rows(), nobody + 1);
  for (Eigen::Index r = 0; r < y.rows(); ++r) y(r, r < y.rows() - nothing.rows() ? label[r % once.rows()] : nobody) = 1;

  TrainSpec train;
  train.learning_rate = 2e-3, train.batch = 25, train.weight_decay = 0;
  train.epochs = std::clamp(static_cast<int>(20'000 / x.rows()), 3, 40);
  for (std::size_t m = 0; m < out.members.size(); ++m) {
    Network& member = out.members[m];
    Training training;
    training.parameters = member.parameters();
    training.data = {&x, &y};
    training.loss = [&](Program& p, const Batch& batch) {
      return p.scale(p.mean_of_rows(p.mul(batch.data[1], p.log_softmax(member.record(p, batch.data[0]).logits))), -1);
    };
    context.progress.begin("judging", train.epochs, "round");
    co_await fit(context, "judge " + std::to_string(m), train, training);
    check_finite(member);
  }
  if (!context.cache) co_return;
  Packer bytes;
  bytes.add(out.average), bytes.add(out.directions), bytes.add(out.damping);
  for (Network& member : out.members)
    for (Parameter* p : member.parameters()) bytes.add(p->value);
  context.cache->put(key, bytes.take());
}

Task ask_judge(Context& context, const Judge& judge, Matrix inputs, Judgement& out) {
  Matrix seen;
  co_await look_at(judge, inputs, seen);
  out.log_probability.setZero(seen.rows(), judge.members.front().classes);
  out.features.resize(seen.rows(), static_cast<Eigen::Index>(judge.members.size()) * judge.members.front().code_size());
  Eigen::Index column = 0;
  for (const Network& member : judge.members) {
    Activations inside;
    co_await activations(context, member, seen, inside);
    out.features.middleCols(column, inside.mu.cols()) = inside.mu;
    column += inside.mu.cols();
    for (Eigen::Index first = 0; first < seen.rows(); first += kBlock) {
      const Eigen::Index n = std::min(kBlock, seen.rows() - first);
      out.log_probability.middleRows(first, n) += logits_of(member, inside.mu.middleRows(first, n)).cast<double>();
      co_await Tick{};
    }
  }
  out.log_probability = log_softmax(std::move(out.log_probability));
}

Task measure_judged(Context& context, const Data& data, std::string records, const AttackResult& attack_result, Result& result) {
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
  if (target.value && accuracy.value && *accuracy.value < *target.value - 1e-9) result.warnings.push_back(Message("warning.weak_judge"));

  const int factor = set.height / set.input_height;
  const auto seen = [&](const Matrix& pictures) { return reduced(pictures, set.height, set.width, factor); };
  const ShownPictures all = shown_pictures(data, Attack::Finds::class_picture);  // the first 60 classes
  co_await ask_judge(context, judge, seen(attack_result.pictures.front().topRows(all.truth.rows())), of_guess);
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
    return mean_with_bootstrap(list(values), {}, baseline, unit, bootstrap.sub(name), result.privacy[name]);
  };
  co_await put("identified", named(of_guess, 1), named(of_average, 1).mean(), "proportion");
  co_await put("identified_top5", named(of_guess, kTop), named(of_average, kTop).mean(), "proportion");
  const auto far = [&](const Judgement& a) {
    return VectorXd((a.features - of_truth.features).rowwise().squaredNorm().cast<double>().cwiseSqrt());
  };
  co_await put("feature_distance", far(of_guess), far(of_average).mean(), "");
}

}  // namespace mid
