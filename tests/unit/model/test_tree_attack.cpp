// The inner mathematics of the attacks on trees, by hand.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/measure/classification.hpp"
#include "mid/model/attribute_scores.hpp"
#include "mid/model/tree/tree_inversion.hpp"
#include "tree_data.hpp"

using namespace mid;
using Catch::Approx;

namespace {

VectorXi labels(std::initializer_list<int> values) {
  VectorXi v(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), v.data());
  return v;
}

/// The belief in value 1, normalised, of each record.
VectorXd belief(const MatrixD& score) {
  const MatrixD p = score.array().exp();
  return p.col(1).array() / p.rowwise().sum().array();
}

/// method.md section 3: a = 0 (50 rows); a = 1, s = 0 (40); a = 1, s = 1 (10). The classes are ours.
Tree example() {
  Tree tree{{{"a", false, {"0", "1"}}, {"s", false, {"0", "1"}}}, {{}, {}}, {"no", "yes"}, {}, "entropy"};
  const auto node = [&](int parent, int depth, double no, double yes) {
    TreeNode t;
    t.parent = parent, t.depth = depth;
    t.counts = (VectorXd(2) << no, yes).finished();
    tree.nodes.push_back(t);
  };
  node(-1, 0, 60, 40), node(0, 1, 25, 25), node(0, 1, 35, 15), node(2, 2, 32, 8), node(2, 2, 3, 7);
  tree.nodes[0].split = tree.nodes[2].split = TreeNode::Split::multiway;
  tree.nodes[0].column = 0, tree.nodes[0].child = {1, 2, -1};
  tree.nodes[2].column = 1, tree.nodes[2].child = {3, 4, -1};
  return tree;
}

TreePriors example_priors() {
  TreePriors priors{1, VectorXd(2), VectorXd(2), {VectorXd(3), VectorXd()}};
  priors.secret_value << 0, 1;
  priors.prior << .7, .3;
  priors.share[0] << .5, .5, 0;
  return priors;
}

MatrixD example_records() {
  MatrixD known(2, 2);
  known << 0, kMissing, 1, kMissing;
  return known;
}

}  // namespace

TEST_CASE("white-box scores: the method's example", "[tree][attack]") {
  const VectorXd density = belief(density_score(example(), example_priors(), example_records(), {}));
  CHECK(density[0] == Approx(.3));
  CHECK(density[1] == Approx(.2));
  const VectorXd ratio = belief(ratio_score(example(), example_priors(), example_records(), {}));
  CHECK(ratio[0] == Approx(.25 / (.25 + .7 * 5 / 9)));
  CHECK(ratio[0] == Approx(.391).margin(5e-4));
  CHECK(ratio[1] == Approx(.138).margin(5e-4));
}

TEST_CASE("white-box scores with the class known count its rows only", "[tree][attack]") {
  const VectorXd density = belief(density_score(example(), example_priors(), example_records(), labels({1, 1})));
  CHECK(density[0] == Approx(.3));
  CHECK(density[1] == Approx(7. / 15));  // .7 * 8 / .35 against .3 * 7 / .15
  const VectorXd ratio = belief(ratio_score(example(), example_priors(), example_records(), labels({1, 1})));
  const double one = .3 * 7 / 32, zero = .7 * 8 / 33;  // q(C(v)): 25 + 7 and 25 + 8
  CHECK(ratio[1] == Approx(one / (one + zero)));
}

TEST_CASE("a value that no training row had on the way gets no belief", "[tree][attack]") {
  Tree tree = example();
  tree.nodes[2].child = {3, -1, -1};
  const MatrixD density = density_score(tree, example_priors(), example_records(), {});
  CHECK(std::isinf(density(1, 1)));
  CHECK(belief(density)[1] < 1e-300);
  MatrixD unseen = example_records();
  unseen(0, 0) = 9;
  CHECK(guesses(density_score(tree, example_priors(), unseen, {}), example_priors().prior.transpose())[0] == 0);  // the prior's
}

TEST_CASE("density by cuts agrees with what the rows say when columns are independent", "[tree][attack]") {
  // A number and a secret that are independent, and a class that depends on both: the belief must be the rows' own share.
  Random random(Stream{5, 5});
  TreeData data{{{"x", true, {}}, {"s", false, {"0", "1"}}}, MatrixD(40000, 2), VectorXi(40000), {"no", "yes"}};
  for (int r = 0; r < 40000; ++r) {
    data.values(r, 0) = random.uniform();
    data.values(r, 1) = random.uniform() < .3;
    data.label[r] = data.values(r, 0) + .4 * data.values(r, 1) + .2 * random.normal() > .7;
  }
  const Tree tree = grown(data, {4, 100, "cuts", "entropy"});
  REQUIRE(information(tree, 1) > 0);
  TreePriors priors{1, VectorXd(2), VectorXd(2), code_shares(tree, data.values)};
  priors.secret_value << 0, 1;
  priors.prior = priors.share[1].head(2);
  for (int y : {0, 1}) {
    std::array<std::vector<int>, 2> side;
    for (int r = 0; r < 40000; ++r)
      if (data.label[r] == y && data.values(r, 0) > .5 && data.values(r, 0) < .625) side[data.values(r, 1) > .5].push_back(r);
    const double share = static_cast<double>(side[1].size()) / static_cast<double>(side[0].size() + side[1].size());
    MatrixD known(1, 2);
    known << .56, kMissing;
    CHECK(belief(density_score(tree, priors, known, labels({y})))[0] == Approx(share).margin(.06));
  }
}

TEST_CASE("confusion is smoothed by one and its columns sum to one", "[attack]") {
  const MatrixD pi = confusion(labels({0, 0, 1, 1, 1}), labels({0, 1, 1, 1, 0}), 2);
  CHECK(pi(0, 0) == Approx(2. / 4));
  CHECK(pi(0, 1) == Approx(2. / 5));
  CHECK(pi(1, 1) == Approx(3. / 5));
  CHECK(pi.colwise().sum().isOnes(1e-12));
  CHECK(confusion(VectorXi(), VectorXi(), 3).isApproxToConstant(1. / 3));
}

TEST_CASE("black-box scores: prior times confusion or confidence, in logarithms", "[attack]") {
  const MatrixD prior = (MatrixD(1, 2) << .7, .3).finished(), pi = (MatrixD(2, 2) << .8, .3, .2, .7).finished();
  const Eigen::MatrixXi answer = (Eigen::MatrixXi(1, 2) << 0, 1).finished();
  const MatrixD score = confusion_score(answer, labels({1}), pi, prior);
  CHECK(std::exp(score(0, 0)) == Approx(.7 * .2));
  CHECK(std::exp(score(0, 1)) == Approx(.3 * .7));
  const MatrixD none = confidence_score(MatrixD::Zero(1, 2), prior);
  CHECK(std::isinf(none(0, 0)));
  CHECK(guesses(none, prior)[0] == 0);
}

TEST_CASE("CSMIA: the method's examples, and ties", "[attack]") {
  const MatrixD prior = (MatrixD(1, 2) << .4, .6).finished();
  Eigen::MatrixXi answer(4, 2);
  answer << 1, 0, 1, 1, 0, 0, 1, 1;
  MatrixD confidence(4, 2);
  confidence << .6, .9, .6, .8, .7, .9, .8, .8 - 1e-13;
  const CsmiaGuess found = csmia(answer, confidence, labels({1, 1, 1, 1}), prior);
  CHECK(found.guess == labels({0, 1, 0, 1}));
  CHECK(found.matches == labels({1, 2, 0, 2}));
}

TEST_CASE("LOMIA learns from the records with one match and answers the rest", "[tree][attack]") {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  TreeData known{{{"a", false, {"0", "1"}}}, MatrixD(60, 1), VectorXi(60), {"no", "yes"}};
  CsmiaGuess direct{VectorXi(60), VectorXi(60)};
  VectorXi truth(60);
  for (int r = 0; r < 60; ++r) {
    known.values(r, 0) = r % 2;
    known.label[r] = r / 2 % 2;
    truth[r] = r % 2 != r / 2 % 2;  // an exclusive or of what is known and y: greedy growing finds it only with an imbalance
    direct.matches[r] = r % 5 == 0 ? 2 : r % 7 == 0 ? 0 : 1;
    direct.guess[r] = direct.matches[r] == 1 ? truth[r] : 1 - truth[r];
  }
  const MatrixD prior = (MatrixD(1, 2) << .7, .3).finished();
  VectorXi guess;
  finish(lomia(context, known, {"0", "1"}, direct, prior, guess));
  for (int r = 0; r < 60; ++r)
    if (direct.matches[r] == 1) CHECK(guess[r] == truth[r]);
  CHECK(guess == truth);

  direct.matches.setConstant(2);                                        // nobody to learn from
  Context second{*device, Stream{1, 0}}, third{*device, Stream{1, 0}};  // each lesson in a run of its own, with its own save points
  finish(lomia(second, known, {"0", "1"}, direct, prior, guess));
  CHECK(guess == VectorXi::Zero(60));
  direct.matches.head(5).setOnes();  // all of one value
  direct.guess.head(5).setOnes();
  finish(lomia(third, known, {"0", "1"}, direct, prior, guess));
  CHECK(guess == VectorXi::Ones(60));
}

TEST_CASE("a secret of several columns is one secret: its mass and its leaves go by the values that it may have") {
  // Three towns as 0/1 each; the tree asks whether it is the second, and else for the size of another number.
  Tree tree;
  for (const char* name : {"town=a", "town=b", "town=c", "size"}) tree.columns.push_back({name, true, {}});
  tree.cuts = {{}, {.5}, {}, {1}}, tree.classes = {"no", "yes"}, tree.nodes.resize(5);
  tree.nodes[0].column = 1, tree.nodes[0].child = {1, 2, -1};
  tree.nodes[1].column = 3, tree.nodes[1].child = {3, 4, -1};
  const double counts[][2] = {{50, 50}, {40, 20}, {10, 30}, {30, 5}, {10, 15}};
  for (int i = 0; i < 5; ++i) {
    TreeNode& node = tree.nodes[static_cast<std::size_t>(i)];
    node.counts = Eigen::Vector2d(counts[i][0], counts[i][1]);
    node.split = i < 2 ? TreeNode::Split::cut : TreeNode::Split::leaf, node.cut = i < 2 ? 0 : -1;
    node.parent = i == 0 ? -1 : i < 3 ? 0 : 1, node.depth = i == 0 ? 0 : i < 3 ? 1 : 2;
  }
  TreePriors priors{
      0, Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(.2, .5, .3), {VectorXd(), VectorXd(), VectorXd(), Eigen::Vector3d(.6, .4, 0)}, {}};
  priors.also = {{1, Eigen::Vector3d(0, 1, 0)}, {2, Eigen::Vector3d(0, 0, 1)}};
  const MatrixD known{{0, 0, 0, .5}, {0, 0, 0, 2}};
  const MatrixD density = density_score(tree, priors, known, {}).array().exp();
  // p(v) (n_l / n) / pi_l by hand.
  const MatrixD wanted{{.2 * .35 / (.5 * .6), .5 * .4 / .5, .3 * .35 / (.5 * .6)},
                       {.2 * .25 / (.5 * .4), .5 * .4 / .5, .3 * .25 / (.5 * .4)}};
  CHECK((density - wanted).cwiseAbs().maxCoeff() < 1e-12);
  const MatrixD ratio = ratio_score(tree, priors, known, {}).array().exp();
  const MatrixD shares{{.2 * 35 / 60, .5, .3 * 35 / 60}, {.2 * 25 / 60, .5, .3 * 25 / 60}};
  CHECK((ratio - shares).cwiseAbs().maxCoeff() < 1e-12);
}
