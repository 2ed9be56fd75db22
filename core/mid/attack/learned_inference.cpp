// What an overheard answer tells about an attribute that the task is not about: classifiers learnt on the attacker's own people, from
// answers (numbers inside or confidences) to the attribute. They are learnt afresh on whatever is released, so they judge a defence
// that learnt against adversaries of its own. Song, Shmatikov, ICLR 2020 ("Overlearning"); method.md 4.1, "Attribute from an answer".
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <numeric>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/attack/belief/nearest_belief.hpp"
#include "mid/model/linear/logistic.hpp"
#include "mid/model/network/network.hpp"
#include "mid/nn/fit.hpp"

namespace mid::attack {
namespace {

constexpr double kFloorOfLog = -25, kValidationShare = .2;
constexpr int kHiddenUnits = 64;
constexpr std::array<int, 3> kEpochs{10, 30, 100};  // of which validation chooses

struct Spec {
  int repeats = 1, draws = 4, networks = 5, neighbours = 5;
  double ridge = 1e-3;
  static std::vector<Param> params() {
    return {param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.likelihood_inference.repeats"),
            param(&Spec::draws, "draws", 1, 50, "draws", "attack.inversion_network.draws"),
            param(&Spec::networks, "networks", 1, 20, "", "attack.learned_inference.networks", "Elazar, Goldberg, EMNLP 2018"),
            param(&Spec::neighbours, "neighbours", 1, 1000, "records", "attack.learned_inference.neighbours"),
            param(&Spec::ridge, "ridge", 0, 1000, "", "attack.learned_inference.ridge")};
  }
};

/// What an attacker learns from: standardised answers and what their people's secret is.
struct Lessons {
  Matrix z;
  VectorXi secret;
};

Lessons part_of(const Lessons& all, const std::vector<int>& rows) { return {rows_of(all.z, rows), rows_of(all.secret, rows)}; }

Task by_logistic(Context& context, Lessons from, Matrix z, int values, double ridge, MatrixD& out) {
  SparseRows rows, asked;
  co_await sparse(std::move(from.z), rows);
  Logistic model;
  co_await fit_logistic(context, std::move(rows), std::move(from.secret), values, ridge, model);
  co_await sparse(std::move(z), asked);
  co_await log_probability(model, std::move(asked), out);
}

/// A network of 64 hidden units; `name` is unique within the run.
Task by_network(Context& context, std::string name, Lessons from, Matrix z, int values, int epochs, MatrixD& out) {
  NetworkSpec shape;
  shape.hidden = {kHiddenUnits}, shape.bottleneck = 0;
  Network network = make_network(shape, false, static_cast<int>(from.z.cols()), values, context.random.sub(name).sub("weights"));
  const Matrix y = targets_of(from.secret, values);
  Training training;
  training.parameters = network.parameters();
  training.data = {&from.z, &y};
  training.loss = [&](Program& p, const Batch& batch) {
    return p.mean_of_rows(record_cross_entropy(p, network.record(p, batch.data[0]).logits, batch.data[1]));
  };
  TrainSpec train;
  train.epochs = epochs, train.batch = 64;
  co_await fit(context, std::move(name), train, std::move(training));
  check_finite(network);
  Activations inside;
  co_await activations(context, network, std::move(z), inside);
  out = purifier_input(logits_of(network, inside.mu)).cast<double>();
}

double share_named(const MatrixD& belief, const VectorXi& truth) {
  int right = 0;
  for (Eigen::Index r = 0; r < belief.rows(); ++r) {
    Eigen::Index best = 0;
    belief.row(r).maxCoeff(&best);
    right += best == truth[r] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(std::max<Eigen::Index>(1, belief.rows()));
}

/// ln of the mean of several beliefs.
MatrixD mean_belief(const std::vector<MatrixD>& all) {
  MatrixD sum = MatrixD::Zero(all[0].rows(), all[0].cols());
  for (const MatrixD& one : all) sum += one.array().exp().matrix() / static_cast<double>(all.size());
  return sum.array().max(1e-10).log();
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& own = knowledge.auxiliary;
  const Secret& secret = *own.secret;  // experiment/experiment has checked that the data has one
  const int values = static_cast<int>(secret.values.size()), n = oracle.victims();
  std::vector<int> known;
  for (int r = 0; r < own.rows(); ++r)
    if (secret.of_row[r] >= 0) known.push_back(r);
  std::vector<int> people;
  for (int r : known) people.push_back(own.person.empty() ? r : own.person[static_cast<std::size_t>(r)]);
  if (known.size() < 10) throw Error("data.auxiliary", Message("refusal.too_few_with_secret").with("found", std::to_string(known.size())));

  // Answers as they will be overheard: means of `repeats` where repeats are fresh.
  const int averaged_over = oracle.fresh() ? spec.repeats : 1, stacked = oracle.fresh() ? spec.draws : 1;
  const double half_width = oracle.release().cut->quantisation_half_width;
  std::vector<Matrix> draws;
  AverageAnswer average(half_width, kFloorOfLog);
  int heard = 0;
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) {
    average.add(answer);
    if (++heard % averaged_over != 0) return;
    draws.push_back(average.mean());
    average = AverageAnswer(half_width, kFloorOfLog);
  };
  co_await oracle.ask(context, rows_of(own.inputs, known), stacked * averaged_over, listen);
  AverageAnswer overheard(half_width, kFloorOfLog);
  for (int r = 0; r < averaged_over; ++r) {
    Answers answer;
    co_await oracle.observe(context, r, answer);
    overheard.add(answer);
  }
  Lessons all{Matrix(static_cast<Eigen::Index>(known.size()) * stacked, draws[0].cols()),
              rows_of(secret.of_row, known).replicate(stacked, 1)};
  for (int d = 0; d < stacked; ++d) all.z.middleRows(d * draws[0].rows(), draws[0].rows()) = draws[static_cast<std::size_t>(d)];
  Matrix mean, sd;
  scale_of_columns(all.z, mean, sd);
  const auto standardised = [&](const Matrix& z) -> Matrix { return (z.rowwise() - mean.row(0)).array().rowwise() / sd.row(0).array(); };
  all.z = standardised(all.z);
  const Matrix asked = standardised(overheard.mean());
  if (tick_due(12. * static_cast<double>(all.z.size() + asked.size()))) co_await Tick{};

  // A fifth of the attacker's people say which attacker is best, and how long the network learns.
  std::vector<int> learn, check;
  const int most = 1 + *std::max_element(people.begin(), people.end());
  const std::vector<int> place = permutation(context.random.sub("validation"), most);
  for (int d = 0; d < stacked; ++d)
    for (std::size_t i = 0; i < known.size(); ++i) {
      const bool held = place[static_cast<std::size_t>(people[i])] < kValidationShare * most;
      (held ? check : learn).push_back(d * static_cast<int>(known.size()) + static_cast<int>(i));
    }
  if (check.empty() || learn.empty()) {
    learn.resize(static_cast<std::size_t>(all.z.rows()));
    std::iota(learn.begin(), learn.end(), 0);
    check = learn;
  }
  const Lessons first = part_of(all, learn), rest = part_of(all, check);
  context.progress.begin("attacking", static_cast<int>(kEpochs.size()) + spec.networks, "search");
  std::map<std::string, double> right;
  MatrixD belief;
  co_await by_logistic(context, first, rest.z, values, spec.ridge, belief);
  right["logistic"] = share_named(belief, rest.secret);
  co_await nearest_belief(first.z, first.secret, values, spec.neighbours * stacked, rest.z, belief);
  right["nearest"] = share_named(belief, rest.secret);
  int epochs = kEpochs[0], trained = 0;
  for (const int e : kEpochs) {
    co_await by_network(context, "attribute network/checked/" + std::to_string(e), first, rest.z, values, e, belief);
    const double share = share_named(belief, rest.secret);
    if (e == kEpochs[0] || share > right["network"]) epochs = e, right["network"] = share;
    context.progress.done = ++trained;
  }

  co_await by_logistic(context, all, asked, values, spec.ridge, out.more["logistic"]);
  co_await nearest_belief(all.z, all.secret, values, spec.neighbours * stacked, asked, out.more["nearest"]);
  std::vector<MatrixD> beliefs;
  for (int i = 0; i < spec.networks; ++i) {
    beliefs.emplace_back();
    co_await by_network(context, "attribute network/" + std::to_string(i), all, asked, values, epochs, beliefs.back());
    context.progress.done = ++trained;
  }
  out.more["network"] = mean_belief(beliefs);
  std::string best = "logistic";
  for (const auto& [name, share] : right)
    if (share > right[best]) best = name;
  out.log_posterior = out.more[best];
  out.prior = knowledge.secret_share.array().max(1e-10).log().matrix().transpose().replicate(n, 1);

  // What the task's class tells by itself: no answer could tell less and be of use.
  const int classes = static_cast<int>(own.classes.size());
  const VectorXi own_label = classes > 0 ? rows_of(own.label, known) : VectorXi();
  if (classes > 1 && knowledge.label.size() == n && own_label.minCoeff() >= 0 && knowledge.label.minCoeff() >= 0) {
    const auto one_hot = [&](const VectorXi& label) {
      Matrix m = Matrix::Zero(label.size(), classes);
      for (Eigen::Index r = 0; r < label.size(); ++r) m(r, label[r]) = 1;
      return m;
    };
    Lessons of_label{one_hot(own_label), rows_of(secret.of_row, known)};
    Matrix asked_label = one_hot(knowledge.label);
    co_await by_logistic(context, std::move(of_label), std::move(asked_label), values, spec.ridge, out.more["label"]);
  }
  out.notes["attacker"] = best, out.notes["network_rounds"] = epochs;
  for (const auto& [name, share] : right) out.notes["validation_accuracy"][name] = share;
}

}  // namespace

extern const Attack learned_inference;
const Attack learned_inference{{"learned_inference",
                                "attack.learned_inference.title",
                                "attack.learned_inference.summary",
                                "Song, Shmatikov, ICLR 2020; Elazar, Goldberg, EMNLP 2018",
                                &Spec::params,
                                {"network"}},
                               Access::scores,
                               Attack::Finds::attribute,
                               &run};

}  // namespace mid::attack
