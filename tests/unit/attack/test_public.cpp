// The field's public programs beside midlab's, on the same data, models and answers: golden/public.json and golden/rivals.json.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../matrices.hpp"
#include "../perceptron.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/attack/search/boundary_repulsion.hpp"
#include "mid/attack/search/class_search.hpp"
#include "mid/attack/search/inversion_critic.hpp"
#include "mid/base/file.hpp"
#include "mid/model/attribute_scores.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Approx;

namespace {

Json golden_file(const char* name) { return Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden" / name)); }
const Json& published() {
  static const Json all = golden_file("public.json");
  return all;
}
const Json& rivals() {
  static const Json all = golden_file("rivals.json");
  return all;
}

/// One hidden layer of tanh, or none, from weights and biases in turn.
Network classifier(const Json& layers) {
  Network net;
  net.activation = "tanh";
  const auto layer = [&](std::size_t i) {
    DenseLayer out;
    out.weight.value = matrix(layers[2 * i]), out.bias.value = matrix(layers[2 * i + 1]);
    return out;
  };
  if (layers.size() == 4) net.hidden.push_back(layer(0));
  net.head = layer(layers.size() / 2 - 1);
  net.classes = static_cast<int>(net.head.bias.value.cols());
  const auto inputs = matrix(layers[0]).rows();
  net.input_mean = Matrix::Zero(1, inputs), net.input_sd = Matrix::Ones(1, inputs);
  return net;
}

Dataset line_of(int pixels) {
  Dataset open;
  open.input_height = open.height = 1, open.input_width = open.width = pixels;
  return open;
}

ClassCodes search_from(const Network& net, const PictureSpace& space, const ClassSearch& how, Matrix start) {
  const auto device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
  ClassCodes out;
  finish(search_classes(context, net, space, how, "search", std::move(start), out));
  return out;
}

/// MI-Face as published: 1 - p_t by plain descent from black pictures.
ClassCodes mi_face(const Json& layers, double rate, int steps, int patience, double cost_threshold) {
  const Network net = classifier(layers);
  ClassSearch how;
  how.cost = "confidence", how.optimizer = "descent", how.learning_rate = rate, how.l2_weight = 0;
  how.steps = steps, how.patience = patience, how.cost_threshold = cost_threshold;
  return search_from(net, PictureSpace::pixels(Matrix::Zero(1, net.inputs()), line_of(net.inputs())), how,
                     Matrix::Zero(net.classes, net.inputs()));
}

Matrix last_of_path(const ClassCodes& found) { return found.path.code.bottomRows(found.code.rows()); }

MatrixD standardised(const Matrix& x) {
  Matrix mean, sd;
  scale_of_columns(x, mean, sd);
  return ((x.rowwise() - mean.row(0)).array().rowwise() / sd.row(0).array()).matrix().cast<double>();
}

/// What a Program gives for `value` and for its gradient by each of `at`.
struct Derived {
  double value = 0;
  std::vector<Matrix> slope;
};
Derived derived(Program& p, Var value, const std::vector<Var>& at) {
  const std::vector<Var> gradient = p.gradient(value, at);
  p.keep(value);
  for (const Var g : gradient) p.keep(g);
  const auto device = cpu_device();
  const auto run = device->compile(std::move(p));
  run->run();
  Derived out;
  Matrix m;
  REQUIRE(run->read(value, m));
  out.value = double{m(0, 0)};
  for (const Var g : gradient) {
    REQUIRE(run->read(g, m));
    out.slope.push_back(m);
  }
  return out;
}

}  // namespace

TEST_CASE("MI-Face draws what the Adversarial Robustness Toolbox draws, and goes on where that gives up", "[public]") {
  const Json& golden = published()["mi_face"];
  const double rate = golden["rate"];
  // Never ended, as the toolbox's search: its test of the cost is the wrong way round.
  const int steps = golden["steps"];
  const ClassCodes all = mi_face(golden["layers"], rate, steps, steps + 1, -1);
  const Matrix theirs = matrix(golden["public"]["pixels"]);
  CHECK((last_of_path(all) - theirs).topRows(3).cwiseAbs().maxCoeff() < 1e-4f);
  CHECK(golden["public"]["step"] == Json{steps, steps, steps, 1});  // the fourth class begins below a confidence of .01
  CHECK(all.confidence[3] > 50 * golden["public"]["confidence"][3].get<double>());
  const ClassCodes ours = mi_face(golden["layers"], rate, steps, 100, .01);
  for (std::size_t c = 0; c < 4; ++c) {
    const int end = golden["ours"]["step"][c];
    const auto row = static_cast<Eigen::Index>(c);
    CHECK(ours.confidence[row] == Approx(golden["ours"]["best"][c].get<double>()).epsilon(1e-4));
    if (end < steps) CHECK(ours.best_step[row] == end);
  }
  // Of 150 classes nearly all begin below a confidence of .01.
  const Json& many = golden["many"];
  const ClassCodes found = mi_face(many["layers"], rate, many["steps"], 100, .01);
  CHECK(found.confidence.mean() == Approx(many["ours"].get<double>()).margin(2e-3));
  CHECK(found.confidence.mean() > 5 * many["public"].get<double>());
}

TEST_CASE("a search with a generator takes the steps of GMI's authors, whose costs are means over the classes searched at once",
          "[public]") {
  const Json& golden = published()["gmi"];
  const Network net = classifier(golden["head"]);
  const PictureSpace space =
      PictureSpace::generated({perceptron(golden["generator"], 0, true), perceptron(golden["critic"], .2f, false)}, line_of(16));
  ClassSearch how;
  how.optimizer = "nesterov", how.momentum = .9, how.weight = 100, how.critic_weight = 1, how.l2_weight = 0, how.limit = 1;
  how.steps = golden["steps"], how.patience = how.steps + 1, how.cost_threshold = -std::numeric_limits<double>::infinity();
  how.learning_rate = .02 / 5;
  CHECK((last_of_path(search_from(net, space, how, matrix(golden["start"]))) - matrix(golden["public"]["code"])).cwiseAbs().maxCoeff() <
        2e-3f);
  how.learning_rate = .02, how.steps = golden["our_steps"], how.patience = how.steps + 1;
  const ClassCodes ours = search_from(net, space, how, matrix(golden["start"]));
  CHECK((last_of_path(ours) - matrix(golden["ours"]["code"])).cwiseAbs().maxCoeff() < 2e-3f);
  CHECK(-ours.confidence.array().log().mean() == Approx(golden["ours"]["best"].get<double>()).epsilon(1e-3));
}

TEST_CASE("a decoder reads the numbers of Yang et al. but for a constant, and the same ones once they are standardised", "[public]") {
  const Json& golden = published()["inversion_network"];
  const Matrix logs = matrix(golden["confidence"]).array().log();
  const Matrix ours = decoder_input(logs, AnswerForm::log_probability, std::nullopt);
  CHECK((ours - matrix(golden["ours"])).cwiseAbs().maxCoeff() < 1e-4f);
  // Rows 3 and 4 hold zeros: theirs lie 1,000 below, ours at the floor.
  Matrix rest(10, 5), theirs(10, 5);
  const Matrix all = matrix(golden["public"]);
  for (int r = 0, to = 0; r < 12; ++r)
    if (r != 3 && r != 4) rest.row(to) = ours.row(r), theirs.row(to++) = all.row(r);
  CHECK((theirs - rest - Matrix::Constant(10, 5, golden["shift"])).cwiseAbs().maxCoeff() < 1e-4f);
  CHECK((standardised(rest) - standardised(theirs)).cwiseAbs().maxCoeff() < 1e-4);
  const Matrix kept = decoder_input(logs, AnswerForm::log_probability, golden["kept"].get<int>());
  CHECK((kept - matrix(golden["ours_kept"])).cwiseAbs().maxCoeff() < 1e-4f);
}

TEST_CASE("CSMIA guesses what its authors' code guesses, and of equal confidences the more frequent value", "[public]") {
  const Json& golden = published()["csmia"];
  const MatrixD confidence = matrix(golden["confidence"]).cast<double>();
  const Eigen::MatrixXi answer = matrix(golden["answer"]).cast<int>();
  const VectorXi label = vector(golden["label"]).cast<int>();
  const CsmiaGuess found = csmia(answer, confidence, label, vector(golden["prior"]).transpose());
  int one_of_several = 0;
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto theirs = golden["public"][at].get<std::vector<int>>();
    INFO("record " << i);
    CHECK(std::find(theirs.begin(), theirs.end(), found.guess[i]) != theirs.end());
    CHECK(found.guess[i] == golden["ours"][at]);
    CHECK(found.matches[i] == golden["matches"][at]);
    one_of_several += theirs.size() > 1 ? 1 : 0;
  }
  CHECK(one_of_several == golden["tied"]);
}

TEST_CASE("boundary repulsion moves a code as BREP-MI's authors do, 1.3 times as far where they enlarge the sphere, and enlarges sooner",
          "[public]") {
  int theirs_grown = 0, ours_grown = 0;
  for (const Json& turn : rivals()["brep_mi"]["turns"]) {
    std::vector<bool> inside;
    for (const Json& one : turn["inside"]) inside.push_back(one == 1);
    const double radius = turn["radius"];
    const Repulsion found = repulsion(matrix(turn["directions"]).cast<double>(), inside);
    const bool larger = turn["enlarges"]["public"];
    CHECK(found.enlarges == turn["enlarges"]["ours"]);
    const VectorXd code = vector(turn["code"]), theirs = vector(turn["public"]);
    const VectorXd ours = pushed(code, found, radius, kCodeLimit);
    CHECK((ours - vector(turn["ours"])).cwiseAbs().maxCoeff() < 1e-6);
    theirs_grown += larger ? 1 : 0, ours_grown += found.enlarges ? 1 : 0;
    Repulsion weaker = found;
    if (larger) weaker.push /= kRadiusGrowth;
    CHECK((pushed(code, weaker, radius, kCodeLimit) - theirs).cwiseAbs().maxCoeff() < 1e-6);
  }
  CHECK(theirs_grown >= 2);
  CHECK(ours_grown > theirs_grown);
}

TEST_CASE("critic, generator and recovery of KED-MI pay what the authors' code pays, with the same slopes", "[public]") {
  const Json& golden = rivals()["ked_mi"];
  Matrix soft = matrix(golden["model"]).array().exp();
  soft.array().colwise() /= soft.rowwise().sum().eval().array();
  const auto close = [](const Matrix& found, const Json& wanted) { CHECK((found - matrix(wanted)).cwiseAbs().maxCoeff() < 2e-6f); };
  Parameter labelled, real, drawn, features;
  labelled.value = matrix(golden["labelled"]), real.value = matrix(golden["real"]), drawn.value = matrix(golden["drawn"]);
  features.value = matrix(golden["features"]);
  {
    Program p;
    const std::vector<Var> at{p.parameter(labelled), p.parameter(real), p.parameter(drawn)};
    const Derived critic = derived(p, record_inversion_critic_loss(p, at[0], p.constant(soft), at[1], at[2]), at);
    CHECK(critic.value == Approx(golden["critic"].get<double>()).epsilon(1e-6));
    for (std::size_t i = 0; i < 3; ++i) close(critic.slope[i], golden["critic_slopes"][i]);
  }
  {
    Program p;
    const std::vector<Var> at{p.parameter(features), p.parameter(drawn)};
    const Var gap = record_feature_gap(p, at[0], p.constant(matrix(golden["beside"])));
    const Derived generator = derived(p, p.add(gap, p.scale(record_class_entropy(p, at[1]), 1e-4f)), at);
    CHECK(generator.value == Approx(golden["generator"].get<double>()).epsilon(1e-6));
    for (std::size_t i = 0; i < 2; ++i) close(generator.slope[i], golden["generator_slopes"][i]);
  }
  Program p;
  const std::vector<Var> at{p.parameter(drawn)};
  const Derived prior = derived(p, p.mean_of_rows(record_unreal(p, at[0])), at);
  CHECK(prior.value == Approx(golden["prior"].get<double>()).epsilon(1e-5));
  close(prior.slope[0], golden["prior_slope"]);
}

TEST_CASE("a search by the logit takes the steps of LOMMA's authors where units are not scaled, and stays nearer to what is usual else",
          "[public]") {
  const Json& golden = rivals()["lomma"];
  const Network net = classifier(golden["nets"][0]);
  Perceptron generator = perceptron(golden["generator"], 0, true), critic = Perceptron::make({6, 1}, 0, false, Stream{1});
  const PictureSpace space = PictureSpace::generated({generator, critic}, line_of(6));
  ClassSearch how;
  how.cost = "lomma", how.l2_weight = 0, how.learning_rate = golden["rate"];
  how.steps = golden["steps"], how.patience = how.steps + 1, how.cost_threshold = -std::numeric_limits<double>::infinity();
  how.students = {classifier(golden["nets"][1]), classifier(golden["nets"][2])};
  how.feature_mean = matrix(golden["mean"]);
  for (const char* whose : {"public", "ours"}) {
    how.feature_sd = std::string(whose) == "ours" ? matrix(golden["sd"]) : Matrix::Ones(1, 5);
    const Matrix found = last_of_path(search_from(net, space, how, Matrix::Zero(3, 4)));
    INFO(whose);
    CHECK((found - matrix(golden[whose]["code"])).cwiseAbs().maxCoeff() < 1e-3f);
  }
  CHECK(golden["ours"]["pull"].get<double>() < golden["public"]["pull"].get<double>());
}
