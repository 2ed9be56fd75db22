// Defences with noise of a fixed size or with learners beside the network: by hand (method.md 4.1), against PyTorch
// (golden/defense.json) and the authors' code (golden/rivals.json), and what a training with them does.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/defense/defense.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace mid::defense {
extern const Defense adversarial, cem, fisher_noise, trained_noise;
}

namespace {

Json golden_of(const char* part, const char* file = "defense.json") {
  return Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden" / file))[part];
}

Matrix value_of(Executable& run, Var v) {
  Matrix out;
  REQUIRE(run.read(v, out));
  return out;
}

/// What a penalty gives and its gradient by `at`.
struct Found {
  double value = 0;
  Matrix gradient;
};
Found derived(Program& p, Var value, Var at) {
  const std::vector<Var> gradient = p.gradient(value, std::vector<Var>{at});
  auto run = cpu_device()->compile(p);
  run->run();
  return {value_of(*run, value)(0, 0), value_of(*run, gradient[0])};
}

/// CEM's companion of a network with three classes and codes of three numbers, fitted to three rows, one of each class.
std::unique_ptr<Companion> companion_of(const NetworkHooks& hooks, Network& net, const Matrix& inputs, const Matrix& targets) {
  auto companion = hooks.companion();
  companion->begin(net, {inputs, targets, {}, 0}, Stream{3});
  return companion;
}

}  // namespace

TEST_CASE("trained noise is tanh plus noise of that size, and nothing is paid for", "[trained_noise]") {
  const NetworkHooks hooks = defense::trained_noise.network({{"kind", "trained_noise"}, {"noise", .25}});
  CHECK(hooks.stochastic);
  CHECK(hooks.noise_sd == .25);
  CHECK_FALSE(hooks.penalty);
  Network net = make_network({{}, "relu", 2, 5}, true, 2, 3, Stream{1}, {}, hooks.noise_sd);
  REQUIRE(net.bottleneck->weight.value.cols() == 2);
  net.bottleneck->weight.value = Matrix::Identity(2, 2), net.bottleneck->bias.value.setZero();
  Program p;
  const NetworkVars v = net.record(p, p.constant(row({.5f, -2})), p.constant(row({1, -2})));
  auto run = cpu_device()->compile(p);
  run->run();
  const Matrix z = value_of(*run, v.z), sigma = value_of(*run, v.sigma);
  CHECK_THAT(z(0, 0), WithinAbs(std::tanh(.5) + .25, 1e-6));
  CHECK_THAT(z(0, 1), WithinAbs(std::tanh(-2.) - .5, 1e-6));
  CHECK(sigma.minCoeff() == .25f);
  CHECK(sigma.maxCoeff() == .25f);
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  Activations inside;
  finish(activations(context, net, row({.5f, -2}), inside));
  CHECK_THAT(inside.mu(0, 0), WithinAbs(std::tanh(.5), 1e-6));
  CHECK(inside.sigma == sigma);
}

TEST_CASE("CEM's price by hand: one cluster of variances .25 and .01, noise .5", "[cem]") {
  const NetworkHooks hooks = defense::cem.network({{"kind", "cem"}, {"noise", .5}, {"lambda", 1}});
  Network net = make_network({{}, "relu", 2, 5}, true, 2, 3, Stream{1}, {}, hooks.noise_sd);
  const Matrix inputs = Matrix::Zero(1, 2), targets = row({1, 0, 0});
  const auto companion = companion_of(hooks, net, inputs, targets);
  REQUIRE(companion->record_data()->cols() == 1);
  const std::vector<Parameter*> kept = companion->kept();
  kept[1]->value(0, 0) = 1e6f;   // the other rows' variance, which must not count
  kept[2]->value(0, 0) = 1e-3f;  // one row of hardly any: nearly all of the weight is the batch's
  kept[5]->value(0, 0) = 0;      // the first epoch
  Program p;
  NetworkVars v;
  Parameter mu;
  mu.value = row({.5f, .1f});
  v.mu = p.parameter(mu);
  Batch batch;
  batch.rows = 1, batch.record_data = p.constant(row({1}));
  const Var penalty = companion->penalty(p, v, batch);
  CHECK(derived(p, penalty, v.mu).value == 0);
  kept[5]->value(0, 0) = 1, kept[1]->value(0, 0) = .13f;
  CHECK_THAT(derived(p, penalty, v.mu).value, WithinAbs(1.221991, 2e-6));
}

/// CEM's price of a golden batch of codes, and its gradient by them, with the shares, sizes and variances of `classes` in turn.
Found cem_of(const Json& g, const std::vector<int>& classes, double lambda) {
  const NetworkHooks hooks = defense::cem.network({{"kind", "cem"}, {"noise", g["noise"]}, {"lambda", lambda}});
  CHECK(hooks.noise_sd == g["noise"]);
  Network net = make_network({{}, "relu", 3, 5}, true, 2, 3, Stream{1}, {}, hooks.noise_sd);
  const Matrix inputs = Matrix::Zero(3, 2), targets = Matrix::Identity(3, 3);
  const auto companion = companion_of(hooks, net, inputs, targets);
  const std::vector<Parameter*> kept = companion->kept();
  const char* names[] = {"centres", "stored", "size", "share", "of_class"};
  for (std::size_t i = 0; i < std::size(names); ++i) kept[i]->value = matrix(g[names[i]]);
  for (const std::size_t i : {1, 2, 3}) {  // two clusters a class
    const Matrix own = kept[i]->value;
    for (std::size_t c = 0; c < classes.size(); ++c)
      kept[i]->value.middleCols(2 * static_cast<Eigen::Index>(c), 2) = own.middleCols(2 * classes[c], 2);
  }
  kept[5]->value.setOnes();
  Program p;
  NetworkVars v;
  Parameter mu;
  mu.value = matrix(g["mu"]);
  v.mu = p.parameter(mu);
  Batch batch;
  batch.rows = static_cast<int>(mu.value.rows()), batch.record_data = p.constant(matrix(g["cluster"]));
  return derived(p, companion->penalty(p, v, batch), v.mu);
}

void check_cem(const Found& found, const Json& wanted) {
  CHECK_THAT(found.value, WithinRel(wanted["penalty"].get<double>(), 1e-5));
  const Matrix gradient = matrix(wanted["gradient"]);
  for (Eigen::Index i = 0; i < gradient.size(); ++i) REQUIRE_THAT(found.gradient.data()[i], WithinAbs(gradient.data()[i], 2e-6));
}

TEST_CASE("CEM's price and its gradient equal PyTorch's: clusters, classes and rows outside the batch", "[cem][golden]") {
  const Json g = golden_of("cem");
  check_cem(cem_of(g, {}, g["lambda"]), g);
}

TEST_CASE("CEM's price is that of the authors' code, which takes the first class's shares for all classes of a batch", "[cem][public]") {
  const Json g = golden_of("cem", "rivals.json");
  check_cem(cem_of(g, {0, 1, 2}, 1), g["ours"]);
  check_cem(cem_of(g, {0, 0, 0}, 1), g["public"]);
}

TEST_CASE("CEM finds the clusters of each class before an epoch, one where a class has few rows", "[cem]") {
  // 40 rows of class 0 in two heaps, 3 of class 1: codes are tanh of the inputs.
  const NetworkHooks hooks = defense::cem.network({{"kind", "cem"}, {"clusters", 2}});
  Network net = make_network({{}, "relu", 2, 5}, true, 2, 3, Stream{1}, {}, hooks.noise_sd);
  net.bottleneck->weight.value = Matrix::Identity(2, 2), net.bottleneck->bias.value.setZero();
  Matrix inputs(43, 2), targets = Matrix::Zero(43, 3);
  fill_normal(Stream{2}, 0, inputs);
  inputs *= .01f;
  for (int r = 0; r < 43; ++r) {
    targets(r, r < 40 ? 0 : 1) = 1;
    inputs(r, 0) += r < 10 ? 1.f : r < 40 ? -1.f : 0.f;
  }
  const auto companion = companion_of(hooks, net, inputs, targets);
  REQUIRE(companion->record_data()->cols() == 3);
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  finish(companion->before_epoch(context, net, 0));
  CHECK(companion->record_data()->isZero());
  finish(companion->before_epoch(context, net, 1));
  const Matrix& record_data = *companion->record_data();
  for (int r = 0; r < 43; ++r) {
    INFO(r);
    CHECK(record_data.row(r).sum() == 1);
    CHECK(record_data.row(r) == record_data.row(r < 10 ? 0 : r < 40 ? 10 : 40));
  }
  CHECK(record_data.row(0) != record_data.row(10));
  CHECK(record_data(40, 2) == 1);
  const std::vector<Parameter*> kept = companion->kept();
  const Eigen::Index small = record_data(0, 0) == 1 ? 0 : 1;
  CHECK_THAT(kept[0]->value(small, 0), WithinAbs(std::tanh(1.), .01));
  CHECK(kept[1]->value.maxCoeff() < 1e-3f);
  CHECK(kept[2]->value(0, small) == 10);
  CHECK(kept[3]->value(0, small) == .25f);
}

TEST_CASE("learning against an attribute by hand: code 1, weight 2, secret 1", "[adversarial]") {
  for (const bool confuse : {true, false}) {
    const NetworkHooks hooks =
        defense::adversarial.network({{"kind", "adversarial"}, {"strength", 3}, {"against", confuse ? "confuse" : "reverse"}});
    Network net = make_network({{1}, "relu", 0, 5}, false, 2, 2, Stream{1});
    const Matrix inputs = Matrix::Zero(3, 2), targets = Matrix::Zero(3, 1);
    const auto companion = hooks.companion();
    companion->begin(net, {inputs, targets, (VectorXi(3) << 1, -1, 0).finished(), 2}, Stream{3});
    const Matrix record_data = (Matrix(3, 2) << 1, 1, 0, 0, 0, 1).finished();  // the secret, and whether it is known
    CHECK(*companion->record_data() == record_data);
    const std::vector<Parameter*> learners = companion->learners();
    REQUIRE(learners.size() == 12);
    for (std::size_t i = 0; i < learners.size(); ++i) learners[i]->value.setZero();
    for (std::size_t i = 0; i < 3; ++i) learners[4 * i]->value(0, 0) = 1, learners[4 * i + 2]->value(0, 0) = 2;
    Parameter code;
    code.value = (Matrix(3, 1) << 1, 5, 0).finished();
    Program p;
    NetworkVars v;
    v.features = p.parameter(code);
    Batch batch;
    batch.rows = 1, batch.record_data = p.constant(row({1, 1})), batch.progress = p.constant(row({.2f}));
    NetworkVars first = v;
    Parameter alone;
    alone.value = row({1});
    first.features = p.parameter(alone);
    const Found learns = derived(p, companion->loss(p, first, batch), first.features);
    CHECK_THAT(learns.value, WithinAbs(.126928, 1e-6));
    CHECK_THAT(learns.gradient(0, 0), WithinAbs(-.238406, 1e-6));
    const double grown = 3 * std::tanh(1.);  // 3 (2 / (1 + e^-2) - 1)
    const Found pays = derived(p, companion->penalty(p, first, batch), first.features);
    CHECK_THAT(pays.gradient(0, 0), WithinAbs(grown * (confuse ? .761594 : .238406), 5e-6));
    // A row whose secret nobody knows does not count.
    Batch all;
    all.rows = 3, all.record_data = p.constant(record_data), all.progress = batch.progress;
    const Found three = derived(p, companion->loss(p, v, all), v.features);
    CHECK_THAT(three.value, WithinAbs((.126928 + std::log(2.)) / 2, 1e-6));
    CHECK(three.gradient(1, 0) == 0);
  }
}

TEST_CASE("adversaries forget in turn, and data without a secret are refused", "[adversarial]") {
  const NetworkHooks hooks = defense::adversarial.network({{"kind", "adversarial"}});
  Network net = make_network({{4}, "relu", 0, 5}, false, 2, 2, Stream{1});
  const Matrix inputs = Matrix::Zero(2, 2), targets = Matrix::Zero(2, 1);
  const auto companion = hooks.companion();
  CHECK_THROWS_AS(companion->begin(net, {inputs, targets, {}, 0}, Stream{3}), Error);
  companion->begin(net, {inputs, targets, (VectorXi(2) << 0, 2).finished(), 3}, Stream{3});
  CHECK(companion->record_data()->cols() == 4);
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  const auto weights = [&] {
    std::vector<Matrix> out;
    for (const Parameter* p : companion->learners()) out.push_back(p->value);
    return out;
  };
  const std::vector<Matrix> before = weights();
  finish(companion->before_epoch(context, net, 0));
  finish(companion->before_epoch(context, net, 9));
  CHECK(weights() == before);
  finish(companion->before_epoch(context, net, 10));
  const std::vector<Matrix> after = weights();
  CHECK(after[0] != before[0]);
  for (std::size_t i = 4; i < after.size(); ++i) CHECK(after[i] == before[i]);
}

TEST_CASE("Fisher noise by hand: slopes (2, 0), (0, 1), (1, 1), target 1", "[fisher_noise]") {
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  const Json spec{{"kind", "fisher_noise"}, {"fisher", 1}};
  const NetworkHooks hooks = defense::fisher_noise.network(spec);
  Network net = make_network({{}, "relu", 3, 5}, true, 2, 3, Stream{1}, {}, hooks.noise_sd);
  net.bottleneck->weight.value = (Matrix(2, 3) << 2, 0, 1, 0, 1, 1).finished(), net.bottleneck->bias.value.setZero();
  finish(hooks.finish(context, Matrix::Zero(4, 2), spec, net));  // where tanh has slope 1
  REQUIRE(net.noise_sd.cols() == 3);
  for (int j = 0; j < 3; ++j) CHECK_THAT(net.noise_sd(0, j), WithinAbs(1.870829, 2e-6));
  Json less = spec;
  less["fisher"] = 100;
  finish(hooks.finish(context, Matrix::Zero(4, 2), less, net));
  CHECK_THAT(net.noise_sd(0, 0), WithinAbs(.1870829, 2e-7));
  // By the power of their sd: rows that differ along the first input move the first and the third number.
  less["power"] = 1;
  finish(hooks.finish(context, (Matrix(2, 2) << -1e-3f, 0, 1e-3f, 0).finished(), less, net));
  CHECK_THAT(net.noise_sd(0, 0) / net.noise_sd(0, 2), WithinAbs(2, 1e-3));
}

TEST_CASE("defences of embeddings are of networks alone, and say why", "[defense]") {
  for (const Defense* d : {&defense::adversarial, &defense::cem, &defense::fisher_noise, &defense::trained_noise}) {
    CHECK(d->about.models == std::vector<std::string>{"network"});
    CHECK(d->why_not != nullptr);
    CHECK(d->strengths.size() > 3);
  }
}
