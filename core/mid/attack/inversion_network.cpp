// From answers back to pictures by a trained network: a decoder learns on the attacker's own pictures.
// Black box. Yang, Zhang, Shao, Wang, CCS 2019; method.md section 4.1.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/data/pictures.hpp"
#include "mid/nn/fit.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::vector<int> hidden{512, 1024};
  std::optional<int> top;
  int epochs = 100, batch = 64, draws = 4, repeats = 1, trials = 4;
  double learning_rate = 1e-3;
  static std::vector<Param> params() {
    return {
        param(&Spec::hidden, "hidden", 1, 4096, "units", "attack.inversion_network.hidden"),
        param(&Spec::top, "top", 1, 100000, "classes", "attack.inversion_network.top", "method.md 4.1"),
        param(&Spec::epochs, "epochs", 1, 10000, "rounds", "attack.inversion_network.epochs"),
        param(&Spec::batch, "batch", 1, 4096, "pictures", "attack.inversion_network.batch"),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 1, "", "attack.inversion_network.learning_rate"),
        param(&Spec::draws, "draws", 1, 50, "draws", "attack.inversion_network.draws"),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.repeats"),
        param(&Spec::trials, "trials", 1, 50, "", "attack.trials"),
    };
  }
};

/// Rows between two ticks, where each takes `work` operations.
Eigen::Index rows_of_tick(double work) { return std::max<Eigen::Index>(1, static_cast<Eigen::Index>(kWorkOfTick / std::max(1., work))); }

Task decode(Context& context, const Network& decoder, Matrix answer, Matrix& out) {
  Activations inside;
  co_await activations(context, decoder, std::move(answer), inside);
  out.resize(inside.mu.rows(), decoder.head.bias.value.cols());
  const Eigen::Index block = rows_of_tick(2. * static_cast<double>(decoder.head.weight.value.size()));
  for (Eigen::Index first = 0; first < out.rows(); first += block) {
    const Eigen::Index n = std::min(block, out.rows() - first);
    const Matrix logits = logits_of(decoder, inside.mu.middleRows(first, n));
    out.middleRows(first, n) = (1 + (-logits.array()).exp()).inverse().matrix();
    co_await Tick{};
  }
}

/// For each victim the attacker's own picture whose answer is the nearest: what a decoder must beat.
Task nearest(const Matrix& own, const Matrix& pictures, Matrix overheard, Matrix& out) {
  out.resize(overheard.rows(), pictures.cols());
  const VectorXf size = own.rowwise().squaredNorm();
  const double work_of_row = 3. * static_cast<double>(own.size());
  const Eigen::Index block = rows_of_tick(work_of_row);
  for (Eigen::Index first = 0; first < overheard.rows(); first += block) {
    const Eigen::Index n = std::min(block, overheard.rows() - first);
    count_work(work_of_row * static_cast<double>(n));
    const Matrix distance = (-2 * overheard.middleRows(first, n) * own.transpose()).rowwise() + size.transpose();
    for (Eigen::Index r = 0; r < n; ++r) {
      Eigen::Index best = 0;
      distance.row(r).minCoeff(&best);
      out.row(first + r) = pictures.row(best % pictures.rows());
    }
    co_await Tick{};
  }
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& auxiliary = knowledge.auxiliary;
  assert(auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  const Matrix inputs = reduced(auxiliary.pictures, auxiliary.height, auxiliary.width, auxiliary.height / auxiliary.input_height);

  // Learn from the answers as they will be overheard: means of `repeats` where repeats are fresh.
  const int averaged_over = oracle.fresh() ? spec.repeats : 1, draws = oracle.fresh() ? spec.draws : 1;
  AnswerForm form{};
  Matrix read;  // draw after draw, each of all pictures
  AverageAnswer average(oracle.release().cut->quantisation_half_width, kLeastLogConfidence);
  int heard = 0;
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) {
    form = answer.form;
    average.add(answer);
    if (++heard % averaged_over != 0) return;
    const Matrix one = decoder_input(average.mean(), form, spec.top);
    if (read.size() == 0) read.resize(one.rows() * draws, one.cols());
    read.middleRows((heard / averaged_over - 1) * one.rows(), one.rows()) = one;
    average = AverageAnswer(oracle.release().cut->quantisation_half_width, kLeastLogConfidence);
  };
  co_await oracle.ask(context, inputs, draws * averaged_over, listen);
  const Matrix wanted = auxiliary.pictures.replicate(draws, 1);

  NetworkSpec shape;
  shape.hidden = spec.hidden, shape.bottleneck = 0;
  const int pixels = static_cast<int>(wanted.cols());
  Network decoder = make_network(shape, false, static_cast<int>(read.cols()), pixels, context.random.sub("decoder"));
  // Confidences of a sure model lie close together, far from 0: a decoder that is to tell them apart sees them spread out.
  scale_of_columns(read, decoder.input_mean, decoder.input_sd);
  const Matrix spread = decoder.normalised(read);
  TrainSpec train;
  train.learning_rate = spec.learning_rate, train.batch = spec.batch, train.epochs = std::max(1, spec.epochs / draws);
  Training training;
  training.parameters = decoder.parameters();
  training.data = {&spread, &wanted};
  training.loss = [&](Program& p, const Batch& batch) {
    const Var picture = p.sigmoid(decoder.record(p, batch.data[0]).logits), off = p.sub(picture, batch.data[1]);
    return p.scale(p.mean_of_rows(p.mul(off, off)), 1.f / static_cast<float>(pixels));
  };
  context.progress.begin("attacking", train.epochs, "round");
  co_await fit(context, "inversion_network", train, training);
  check_finite(decoder);

  const int trials = oracle.fresh() ? spec.trials : 1;
  for (int trial = 0; trial < trials; ++trial) {
    AverageAnswer overheard(oracle.release().cut->quantisation_half_width, kLeastLogConfidence);
    for (int r = 0; r < averaged_over; ++r) {
      Answers answer;
      co_await oracle.observe(context, trial * averaged_over + r, answer);
      overheard.add(answer);
    }
    const Matrix seen = decoder_input(overheard.mean(), form, spec.top);
    Matrix picture;
    co_await decode(context, decoder, seen, picture);
    out.pictures.push_back(std::move(picture));
    Matrix alike;
    co_await nearest(read, auxiliary.pictures, seen, alike);
    out.more_pictures["nearest"].push_back(std::move(alike));
  }
  out.notes["auxiliary_pictures"] = auxiliary.rows();
  out.notes["training_error"] = context.progress.live["loss"];
}

}  // namespace

extern const Attack inversion_network;
const Attack inversion_network{{"inversion_network",
                                "attack.inversion_network.title",
                                "attack.inversion_network.summary",
                                "Yang, Zhang, Shao, Wang, CCS 2019; method.md section 4.1",
                                &Spec::params,
                                {"network", "black_box"}},
                               Access::scores,
                               Attack::Finds::instance_picture,
                               &run};

}  // namespace mid::attack
