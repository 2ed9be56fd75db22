// Models from ONNX files: answers are those of the exporter (tests/golden/make_golden_onnx.py), gradients those of finite differences,
// and what is not read is refused by its name.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_layers.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_writer.hpp"
#include "mid/model/file/safetensors.hpp"
#include "mid/model/file/to_onnx.hpp"

using namespace mid;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

std::filesystem::path golden_folder() { return std::filesystem::path(__FILE__).parent_path() / "../../golden"; }
std::string golden_file(const std::string& name) { return read_file(golden_folder() / "onnx" / (name + ".onnx")); }
Json golden_answers() { return Json::parse(read_file(golden_folder() / "onnx.json")); }

Matrix rows_of_json(const Json& j) {
  Matrix out(static_cast<Eigen::Index>(j.size()), static_cast<Eigen::Index>(j[0].size()));
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c) out(r, c) = j[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<float>();
  return out;
}

/// Two logits as the one that a network of two classes has.
Matrix as_ours(const Matrix& logits) { return logits.cols() == 2 ? Matrix(logits.col(1) - logits.col(0)) : logits; }

Matrix logits_for(const Network& net, const Matrix& x) {
  const std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{1}};
  Activations inside;
  finish(activations(context, net, x, inside));
  return logits_of(net, inside.mu);
}

double largest_difference(const Matrix& a, const Matrix& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  return (a - b).cwiseAbs().maxCoeff();
}

std::string refusal_of(const std::string& bytes) {
  try {
    network_from_onnx(bytes, "m.onnx");
  } catch (const Error& e) {
    CHECK(e.field() == "m.onnx");
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("ONNX files answer as their exporter did", "[onnx][golden]") {
  const Json all = golden_answers();
  for (const auto& [name, j] : all.items()) {
    if (j.contains("refused")) continue;
    CAPTURE(name);
    const std::string bytes = golden_file(name);
    CHECK(looks_like_onnx(bytes));
    const Matrix x = rows_of_json(j["x"]), wanted = rows_of_json(j["logits"]);
    CHECK(kind_of_onnx(bytes, name) == j.value("kind", "network"));
    if (j.contains("kind")) {
      const Linear model = linear_from_onnx(bytes, name);
      CHECK(largest_difference(model.predict(MatrixRef(x)).cast<float>(), wanted) < 1e-5);
      continue;
    }
    std::vector<Message> remarks;
    const Network net = network_from_onnx(bytes, name, &remarks);
    CHECK(remarks.size() >= 1);
    CHECK(largest_difference(logits_for(net, x), as_ours(wanted)) < 1e-4);
    const Network again = network_from_safetensors(to_safetensors(net, Json::object()), "again");
    CHECK(largest_difference(logits_for(again, x), as_ours(wanted)) < 1e-4);
  }
}

TEST_CASE("perceptrons of scikit-learn's converter answer as they should, and their classes keep their names", "[onnx][golden]") {
  const Json all = Json::parse(read_file(golden_folder() / "onnx_classes.json"));
  CHECK(all.size() == 6);
  for (const auto& [name, j] : all.items()) {
    CAPTURE(name);
    const Network net = network_from_onnx(read_file(golden_folder() / "onnx_classes" / (name + ".onnx")), name);
    CHECK(net.class_names == j["classes"].get<std::vector<std::string>>());
    CHECK(largest_difference(logits_for(net, rows_of_json(j["x"])), rows_of_json(j["logits"])) < 1e-4);
  }
}

TEST_CASE("a network that predicts a number answers with it, and one of several numbers is refused", "[onnx][golden]") {
  const Json j = golden_answers()["number_opset13"];
  std::vector<Message> remarks;
  const Network net = number_network_from_onnx(golden_file("number_opset13"), "m.onnx", &remarks);
  CHECK(largest_difference(logits_for(net, rows_of_json(j["x"])), rows_of_json(j["logits"])) < 1e-3);  // of about 200
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].in("en").find("the number that it predicts") != std::string::npos);
  const auto refusal = [](const char* name, auto read) {
    try {
      read(golden_file(name), "m.onnx");
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  const auto as_number = [](const std::string& bytes, const std::string& file) { (void)number_network_from_onnx(bytes, file); };
  const auto as_linear = [](const std::string& bytes, const std::string& file) { (void)linear_from_onnx(bytes, file); };
  CHECK_THAT(refusal("digits_opset13", as_number), ContainsSubstring("(Gemm) answers with 10 numbers a record"));
  CHECK_THAT(refusal("mlp_opset9", as_number), ContainsSubstring("ends in Softmax"));
  CHECK_THAT(refusal("two_numbers", as_linear), ContainsSubstring("the node \"both\" (LinearRegressor) answers with 2 numbers a record"));
  CHECK_THAT(refusal("number_opset13", as_linear), ContainsSubstring("set model.kind to black_box"));
}

TEST_CASE("a chain of one activation is a plain network, others have a front", "[onnx]") {
  const Network plain = network_from_onnx(golden_file("mlp_opset9"), "m");
  CHECK(!plain.front);
  CHECK(plain.hidden.size() == 2);
  CHECK(plain.activation == "relu");
  CHECK(network_from_onnx(golden_file("mixed_opset14"), "m").front);
  // Norms before and behind a dense layer: none is left as a step of its own.
  const Network folded = network_from_onnx(golden_file("mixed_unfolded"), "m");
  for (const LayerGraph::Step& s : folded.front->steps) CHECK(s.kind != LayerGraph::Kind::row_scale);
}

TEST_CASE("gradients go through the layers of an ONNX file", "[onnx]") {
  for (const char* name : {"arithmetic_opset15", "residual_opset16", "lenet_opset13", "powers_opset14", "extremes_opset13"}) {
    CAPTURE(name);
    Network net = network_from_onnx(golden_file(name), name);
    const Matrix x = rows_of_json(golden_answers()[name]["x"]).topRows(1);
    Program p;
    const Var input = p.input(1, net.inputs()), logits = net.record(p, input).logits;
    const Var sum = p.sum(p.mul(logits, logits)), slope = p.gradient(sum, std::vector{input})[0];
    const auto run = cpu_device()->compile(std::move(p));
    const auto value = [&](const Matrix& at) {
      run->write(input, at), run->run();
      Matrix out;
      REQUIRE(run->read(sum, out));
      return double{out(0, 0)};
    };
    (void)value(x);
    Matrix g;
    REQUIRE(run->read(slope, g));
    // Along the gradient, where rounding is small beside the change.
    const double length = g.norm(), step = 2e-3 / length;
    REQUIRE(length > 0);
    const Matrix along = g * static_cast<float>(step);
    const double found = (value(x + along) - value(x - along)) / (2 * step);
    CHECK_THAT(found, WithinAbs(length * length, .02 * length * length));
  }
}

TEST_CASE("what midlab writes as ONNX answers the same when it is read", "[onnx]") {
  for (const char* activation : {"relu", "leaky_relu", "tanh"})
    for (auto [stochastic, bottleneck, classes] : {std::tuple{true, 3, 3}, {false, 3, 2}, {false, 0, 4}, {true, 1, 2}}) {
      NetworkSpec spec;
      spec.hidden = {7, 5}, spec.activation = activation, spec.bottleneck = bottleneck;
      Network net = make_network(spec, stochastic, 6, classes, Stream{3});
      net.input_mean.setConstant(.25f), net.input_sd.setConstant(3);
      net.input_names = {"a", "b", "c", "d", "e", "f"};
      if (classes == 4) {
        Purifier& purifier = net.purifier.emplace();
        purifier.encode = make_layer(4, 3, Stream{4}), purifier.decode = make_layer(3, 4, Stream{5});
      }
      Matrix x(5, 6);
      fill_normal(Stream{6}, 0, x);
      const Network again = network_from_onnx(to_onnx(net), "own.onnx");
      CHECK(again.input_names == net.input_names);
      CHECK(largest_difference(logits_for(again, x), logits_for(net, x)) < 1e-5);
      CHECK(again.front.has_value() == (classes == 4 || (stochastic && bottleneck > 0)));
    }
  Linear model;
  model.weight = VectorXd::LinSpaced(4, -1, 2), model.bias = .3, model.input_names = {"p", "q", "r", "s"};
  const Linear again = linear_from_onnx(to_onnx(model), "own.onnx");
  CHECK((again.weight - model.weight).cwiseAbs().maxCoeff() < 1e-6);
  CHECK(std::abs(again.bias - model.bias) < 1e-6);
  CHECK(again.input_names == model.input_names);
  CHECK(kind_of_onnx(to_onnx(model), "own.onnx") == "linear");
  const std::string bytes = golden_file("residual_opset16");
  CHECK(to_onnx(network_from_onnx(bytes, "m")) == bytes);
}

TEST_CASE("convolutions and a bottleneck with noise of a fixed size answer the same when they are read from ONNX", "[onnx]") {
  for (const bool pool : {false, true})
    for (const bool dense : {false, true}) {
      CAPTURE(pool, dense);
      NetworkSpec spec;
      spec.hidden = dense ? std::vector<int>{6} : std::vector<int>{};
      spec.convolutions = {{.filters = 3, .kernel = 3, .stride = 1, .padding = 1, .pool = pool ? 2 : 1},
                           {.filters = 4, .kernel = 2, .stride = 2, .padding = 0, .pool = 1}};
      spec.bottleneck = 0, spec.activation = pool ? "tanh" : "leaky_relu";
      Network net = make_network(spec, false, 9 * 8, 3, Stream{7}, {9, 8, 1});
      net.input_mean.setConstant(.5f), net.input_sd.setConstant(.3f);
      Matrix x(4, 72);
      fill_normal(Stream{8}, 0, x);
      CHECK(largest_difference(logits_for(network_from_onnx(to_onnx(net), "own.onnx"), x), logits_for(net, x)) < 1e-5);
    }
  NetworkSpec spec;
  spec.hidden = {7}, spec.bottleneck = 3;
  const Network net = make_network(spec, true, 6, 3, Stream{9}, {}, .5);
  REQUIRE(net.noise_sd.size() == 3);
  Matrix x(4, 6);
  fill_normal(Stream{10}, 0, x);
  CHECK(largest_difference(logits_for(network_from_onnx(to_onnx(net), "own.onnx"), x), logits_for(net, x)) < 1e-5);
}

namespace {

/// Two inputs and as many numbers: x, and x W + b by hand.
const Matrix kRecords = (Matrix(3, 2) << 1, 2, -1, .5f, 0, -3).finished();
const Matrix kWeights = (Matrix(2, 2) << 1, -2, .5f, 3).finished(), kBias = (Matrix(1, 2) << .25f, -1).finished();
const Matrix kMore = (Matrix(1, 2) << 10, 3).finished();
Matrix dense_by_hand() { return (kRecords * kWeights).rowwise() + kBias.row(0); }

/// A classifier of scikit-learn's for two classes: rows -w and w, as skl2onnx writes them.
std::string classifier(const std::string& after, const OnnxWriter::Attribute& labels, float first = -1) {
  OnnxWriter out;
  const std::string scores =
      out.node("LinearClassifier", {OnnxWriter::kInput}, {"label", "scores"},
               {OnnxWriter::numbers("coefficients", {first * 1, first * 2, 1, 2}), OnnxWriter::numbers("intercepts", {first * .5f, .5f}),
                OnnxWriter::text("post_transform", after), labels},
               OnnxWriter::kTreesAndRegressions);
  return out.finish(2, scores, 2, {});
}

}  // namespace

TEST_CASE("a layer that is wanted twice, under two names, takes nothing on that comes behind one of them", "[onnx]") {
  for (const std::string& behind : {std::string("Add"), std::string("BatchNormalization")}) {
    CAPTURE(behind);
    OnnxWriter out;
    const std::string layer = out.dense(OnnxWriter::kInput, "layer", kWeights, kBias), same = out.node("Identity", {layer}, {"same"});
    std::string moved;
    if (behind == "Add") {
      moved = out.node("Add", {same, out.weight("more", kMore, true)}, {"moved"});
    } else {
      const auto row = [&](const std::string& name, float v) { return out.weight(name, Matrix::Constant(1, 2, v), true); };
      moved = out.node("BatchNormalization", {same, row("scale", 1), out.weight("shift", kMore, true), row("mean", 0), row("variance", 1)},
                       {"moved"}, {OnnxWriter::number("epsilon", 0)});
    }
    const std::string sum = out.node("Add", {moved, layer}, {"sum"});
    const Network net = network_from_onnx(out.finish(2, sum, 2, {}), "m");
    const Matrix wanted = (2 * dense_by_hand()).rowwise() + kMore.row(0);
    CHECK(largest_difference(logits_for(net, kRecords), as_ours(wanted)) < 1e-5);
  }
}

TEST_CASE("an ONNX file's own names of its classes are kept, unless they are places", "[onnx]") {
  const Matrix logit = ((kRecords * (Matrix(2, 1) << 1, 2).finished()).array() + .5f).matrix();
  using Names = std::vector<std::string>;
  const auto read = [&](const std::string& after, const OnnxWriter::Attribute& labels) {
    const Network net = network_from_onnx(classifier(after, labels), "m");
    CHECK(largest_difference(logits_for(net, kRecords), after == "SOFTMAX" ? Matrix(2 * logit) : logit) < 1e-5);
    return net.class_names;
  };
  for (const char* after : {"LOGISTIC", "SOFTMAX", "NONE"}) {
    CHECK(read(after, OnnxWriter::texts("classlabels_strings", {"yes", "no"})) == Names{"yes", "no"});
    CHECK(read(after, OnnxWriter::wholes("classlabels_ints", {0, 1})).empty());
    CHECK(read(after, OnnxWriter::wholes("classlabels_ints", {1, 0})) == Names{"1", "0"});
    CHECK(read(after, OnnxWriter::wholes("classlabels_ints", {-1, 1})) == Names{"-1", "1"});
  }
  // Rows that are not each other's mirror: each class by itself, and their sum is 1.
  const Network each = network_from_onnx(classifier("LOGISTIC", OnnxWriter::wholes("classlabels_ints", {0, 1}), .5f), "m");
  const auto confidence = [](float z) { return 1 / (1 + std::exp(-z)); };
  const Matrix found = logits_for(each, kRecords);
  for (Eigen::Index r = 0; r < 3; ++r) {
    const float second = confidence(logit(r, 0)), first = confidence(logit(r, 0) / 2);
    CHECK_THAT(confidence(found(r, 0)), WithinAbs(second / (first + second), 1e-5));
  }
}

TEST_CASE("confidences in two classes, as scikit-learn's converter makes them of one, are read past", "[onnx]") {
  for (const bool sigmoid : {true, false}) {
    OnnxWriter out;
    const Matrix w = kWeights.leftCols(1), b = kBias.leftCols(1);
    const std::string logit = out.dense(OnnxWriter::kInput, "layer", w, b),
                      second = out.node(sigmoid ? "Sigmoid" : "HardSigmoid", {logit}, {"second"}),
                      first = out.node("Sub", {out.weight("one", {1}, {1}), second}, {"first"}),
                      both = out.node("Concat", {first, second}, {"both"}, {OnnxWriter::whole("axis", 1)}),
                      named = out.node("ZipMap", {both}, {"named"}, {OnnxWriter::texts("classlabels_strings", {"b", "a"})},
                                       OnnxWriter::kTreesAndRegressions);
    const std::string bytes = out.finish(2, named, 2, {});
    if (!sigmoid) {
      CHECK(refusal_of(bytes).find("confidences already") != std::string::npos);
      continue;
    }
    const Network net = network_from_onnx(bytes, "m");
    CHECK(net.class_names == std::vector<std::string>{"b", "a"});
    CHECK(largest_difference(logits_for(net, kRecords), dense_by_hand().leftCols(1)) < 1e-5);
  }
}

TEST_CASE("a last Softmax over the records is refused", "[onnx]") {
  OnnxWriter out;
  const std::string layer = out.dense(OnnxWriter::kInput, "layer", kWeights, kBias);
  CHECK(refusal_of(out.finish(2, out.node("Softmax", {layer}, {"y"}, {OnnxWriter::whole("axis", 0)}), 2, {})).find("Softmax") !=
        std::string::npos);
}

TEST_CASE("what is not read is refused by name", "[onnx]") {
  const Json all = golden_answers();
  for (const auto& [name, j] : all.items()) {
    if (!j.contains("refused")) continue;
    CAPTURE(name);
    const std::string sentence = refusal_of(golden_file(name));
    for (const Json& word : j["refused"]) {
      CAPTURE(sentence, word);
      CHECK(sentence.find(word.get<std::string>()) != std::string::npos);
    }
  }
  CHECK(refusal_of(golden_file("regressor").substr(0, 60)) != "accepted");
  CHECK(refusal_of("") != "accepted");
  CHECK(refusal_of("\x08\x07{}") != "accepted");
  CHECK_THROWS_AS(linear_from_onnx(golden_file("mlp_opset9"), "m"), Error);
}

TEST_CASE("docs/own-model.md lists the operators that are read, and no other", "[onnx]") {
  const std::string page = read_file(golden_folder() / "../../docs/own-model.md");
  const auto from = page.find("* **Operators**"), to = page.find("\n* ", from);
  REQUIRE(to != std::string::npos);
  std::set<std::string> listed;
  std::string word;
  for (const char c : page.substr(from, to - from)) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      word += c;
      continue;
    }
    if (!word.empty() && std::isupper(static_cast<unsigned char>(word[0]))) listed.insert(word);
    word.clear();
  }
  // Words of the text, and what is read before the layers are.
  for (const char* other : {"Operators", "Of", "LinearClassifier", "LinearRegressor", "TreeEnsembleClassifier", "TreeEnsembleRegressor"})
    CHECK(listed.erase(other) == 1);
  std::set<std::string> read;
  for (const std::string& name : supported_operators()) read.insert(name.substr(name.rfind('.') + 1));
  CHECK(listed == read);
}

TEST_CASE("every cut of an ONNX file is refused or read, and none ends the program", "[onnx]") {
  const std::string bytes = golden_file("residual_opset16");
  for (std::size_t n = 0; n < bytes.size(); n += 7) (void)refusal_of(bytes.substr(0, n));
  std::string damaged = bytes;
  for (std::size_t n = 0; n < bytes.size(); n += 5) {
    damaged[n] = static_cast<char>(damaged[n] ^ 0x5a);
    (void)refusal_of(damaged);
    damaged[n] = bytes[n];
  }
}
