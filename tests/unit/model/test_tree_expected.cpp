// The Adult table of method.md section 3, with our own splits: first 10,000 lines, 7,500 for training, seeds 0, 1, 2.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "mid/data/source.hpp"
#include "mid/measure/classification.hpp"
#include "mid/model/attribute_scores.hpp"
#include "tree_data.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

struct Figures {
  double accuracy = 0, leaves = 0, information = 0, attack_train = 0, attack_test = 0, matthews_train = 0, matthews_test = 0;
};

TreeData rows_for_tree(const Dataset& set, const std::vector<int>& rows) {
  TreeData data;
  for (const Column& c : set.table.columns) data.columns.push_back({c.name, c.numeric, c.categories});
  data.values = rows_of(set.table.values, rows);
  data.label = rows_of(set.label, rows);
  data.classes = set.classes;
  return data;
}

/// p(v) conf_y(v, x_K) with the true y: accuracy and Matthews correlation of the guesses.
std::pair<double, double> attacked(const Tree& tree, const TreeData& data, int secret, const MatrixD& prior) {
  MatrixD confidence(data.label.size(), prior.cols());
  for (int v = 0; v < prior.cols(); ++v) {
    MatrixD asked = data.values;
    asked.col(secret).setConstant(v);
    const MatrixD answer = confidences(tree, asked);
    for (Eigen::Index i = 0; i < confidence.rows(); ++i) confidence(i, v) = answer(i, data.label[i]);
  }
  const VectorXi guess = guesses(confidence_score(confidence, prior), prior), truth = data.values.col(secret).cast<int>();
  return {wins(guess, truth).mean(), matthews(guess, truth, 1)};
}

Figures mean_of(const std::vector<Data>& splits, const TreePenalty& wanted) {
  Figures mean;
  const double part = 1. / static_cast<double>(splits.size());
  for (const Data& d : splits) {
    TreePenalty penalty = wanted;
    penalty.secret = d.set.table.find("married");
    const TreeData train = rows_for_tree(d.set, d.split.train), test = rows_for_tree(d.set, d.split.test);
    const Tree tree = grown(train, {}, penalty);
    const double married = train.values.col(penalty.secret).mean();
    const MatrixD prior = (MatrixD(1, 2) << 1 - married, married).finished();
    const auto [on_train, matthews_train] = attacked(tree, train, penalty.secret, prior);
    const auto [on_test, matthews_test] = attacked(tree, test, penalty.secret, prior);
    mean.accuracy += part * wins(predicted(tree, test.values), test.label).mean();
    mean.leaves += part * tree.leaves();
    mean.information += part * leaf_information(tree);
    mean.attack_train += part * on_train, mean.attack_test += part * on_test;
    mean.matthews_train += part * matthews_train, mean.matthews_test += part * matthews_test;
  }
  return mean;
}

void compare(const Figures& ours, const Figures& expected) {
  CHECK_THAT(ours.accuracy, WithinAbs(expected.accuracy, .012));
  CHECK_THAT(ours.leaves, WithinAbs(expected.leaves, 8));
  CHECK_THAT(ours.information, WithinAbs(expected.information, .15));
  CHECK_THAT(ours.attack_train, WithinAbs(expected.attack_train, .02));
  CHECK_THAT(ours.attack_test, WithinAbs(expected.attack_test, .025));
  CHECK_THAT(ours.matthews_train, WithinAbs(expected.matthews_train, .05));
  CHECK_THAT(ours.matthews_test, WithinAbs(expected.matthews_test, .06));
}

}  // namespace

TEST_CASE("Adult: global MID halves what the leaves tell and leaves the attack; targeted MID stops it", "[tree][expected]") {
  const DataSource* adult = nullptr;
  for (const DataSource* source : data_sources())
    if (source->about.name == "adult") adult = source;
  REQUIRE(adult);
  std::vector<Data> splits;
  for (std::uint64_t seed : {0, 1, 2})
    splits.push_back(
        adult->load({{"name", "adult"}, {"sensitive", "married"}, {"rows", 10000}, {"private", 7500}, {"held_out", 2500}, {"auxiliary", 0}},
                    Stream{seed}));
  TreePenalty penalty;
  compare(mean_of(splits, penalty), {.826, 90.7, 6.10, .708, .704, .439, .434});
  penalty.lambda = .02;
  compare(mean_of(splits, penalty), {.823, 18.3, 2.65, .712, .709, .443, .441});
  penalty.lambda = .2;
  compare(mean_of(splits, penalty), {.758, 1, 0, .546, .541, 0, 0});
  penalty.on = TreePenalty::On::secret;
  penalty.lambda = .4;
  compare(mean_of(splits, penalty), {.798, 86, 6.04, .546, .541, 0, 0});
}
