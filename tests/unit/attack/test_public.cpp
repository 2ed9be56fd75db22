// The field's public programs beside midlab's, on the same data, models and answers: golden/public.json.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../matrices.hpp"
#include "../perceptron.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/attack/search/class_search.hpp"
#include "mid/base/file.hpp"
#include "mid/model/attribute_scores.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Approx;

namespace {

const Json& published() {
  static const Json all = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/public.json"));
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
