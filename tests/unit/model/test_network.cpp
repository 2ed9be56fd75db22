// The network with and without noise in its bottleneck: shapes, start, one training step, numerics.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/info/kl.hpp"
#include "mid/model/network/network.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

void require_close(const Matrix& found, const Matrix& wanted, double tolerance) {
  REQUIRE(found.rows() == wanted.rows());
  REQUIRE(found.cols() == wanted.cols());
  for (Eigen::Index i = 0; i < found.size(); ++i) REQUIRE_THAT(found.data()[i], WithinAbs(wanted.data()[i], tolerance));
}

Matrix read(Executable& executable, Var v) {
  Matrix out;
  REQUIRE(executable.read(v, out));
  return out;
}

NetworkSpec shape(std::vector<int> hidden, std::optional<int> bottleneck) {
  NetworkSpec spec;
  spec.hidden = std::move(hidden);
  spec.bottleneck = bottleneck;
  return spec;
}

Matrix normal(int rows, int cols) {
  Matrix out(rows, cols);
  fill_normal(Stream{5, 1}, 0, out);
  return out;
}

struct NetworkBench {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3, 0}};
};

/// The recorded KL of one row with one unit of the given mu and raw, and its derivatives.
struct UnitKl {
  float kl, by_mu, by_raw;
};
UnitKl recorded_kl(float mu, float raw) {
  Program p;
  NetworkVars v;
  v.stochastic = true;
  v.mu = p.input(1, 1);
  v.raw = p.input(1, 1);
  v.sigma = p.softplus(p.shift(v.raw, -5));
  const Var kl = record_kl(p, v);
  const Var of[] = {v.mu, v.raw};
  const auto gradient = p.gradient(kl, of);
  auto run = cpu_device()->compile(p);
  run->write(v.mu, Matrix::Constant(1, 1, mu));
  run->write(v.raw, Matrix::Constant(1, 1, raw));
  run->run();
  return {read(*run, kl)(0, 0), read(*run, gradient[0])(0, 0), read(*run, gradient[1])(0, 0)};
}

}  // namespace

TEST_CASE("a network has the shape that its specification asks for", "[network]") {
  const Stream random{1, 0};
  const Network plain = make_network(shape({8}, 0), false, 5, 3, random);
  CHECK(plain.inputs() == 5);
  CHECK(plain.outputs() == 3);
  CHECK(plain.code_size() == 8);
  CHECK(!plain.bottleneck);
  CHECK(plain.head.weight.value.rows() == 8);

  const Network half = make_network(shape({8, 7}, std::nullopt), false, 5, 3, random);
  CHECK(half.code_size() == 3);
  CHECK(half.bottleneck->weight.value.cols() == 3);

  Network noisy = make_network(shape({8}, 4), true, 5, 2, random);
  CHECK(noisy.code_size() == 4);
  CHECK(noisy.bottleneck->weight.value.cols() == 8);
  CHECK(noisy.classes == 2);
  CHECK(noisy.outputs() == 1);  // two classes: one logit
  CHECK(noisy.parameters().size() == 6);

  const Network linear = make_network(shape({}, 0), false, 5, 3, random);
  CHECK(linear.head.weight.value.rows() == 5);
}

TEST_CASE("weights start uniformly within 1/sqrt(inputs), the raw sigmas at sigma_start", "[network]") {
  const Network net = make_network(shape({400}, 20), true, 100, 3, Stream{1, 0});
  const Matrix& w = net.hidden[0].weight.value;
  CHECK(w.cwiseAbs().maxCoeff() <= .1f);
  CHECK(w.cwiseAbs().maxCoeff() > .0999f);
  CHECK_THAT(w.mean(), WithinAbs(0, .002));
  CHECK_THAT(w.array().square().mean(), WithinRel(.01 / 3, .02));
  CHECK(net.bottleneck->weight.value.cwiseAbs().maxCoeff() <= .05f);
  CHECK(net.bottleneck->bias.value.leftCols(20).cwiseAbs().maxCoeff() <= .05f);
  CHECK((net.bottleneck->bias.value.rightCols(20).array() == 5).all());
  CHECK(w.row(0) != w.row(1));
  CHECK(net.hidden[0].bias.value.leftCols(20) * .5f != net.bottleneck->bias.value.leftCols(20));  // a stream of its own

  const Network again = make_network(shape({400}, 20), true, 100, 3, Stream{1, 0});
  const Network other = make_network(shape({400}, 20), true, 100, 3, Stream{2, 0});
  CHECK(again.head.weight.value == net.head.weight.value);
  CHECK(other.head.weight.value != net.head.weight.value);
}

TEST_CASE("impossible shapes are refused with the field's name", "[network]") {
  const Stream random{1, 0};
  CHECK_THROWS_MATCHES(
      make_network(shape({8}, 0), true, 5, 3, random), Error,
      Catch::Matchers::Message("model.bottleneck is 0, but this defense.kind adds its noise in the bottleneck; give it 1 unit or more"));
  CHECK_THROWS_AS(make_network(shape({1}, std::nullopt), true, 5, 3, random), Error);
  CHECK_THROWS_MATCHES(make_network(shape({1, 1, 1, 1, 1, 1, 1, 1, 1}, 0), false, 5, 3, random), Error,
                       Catch::Matchers::Message("model.hidden must list at most 8 layers, found 9"));
  const auto refuse = [](const char* text) { return read<NetworkSpec>(Json::parse(text), "model"); };
  CHECK(refuse(R"({"kind": "network", "bottleneck": null})").bottleneck == std::nullopt);
  CHECK(refuse(R"({"bottleneck": 0})").bottleneck == 0);
  CHECK_THROWS_MATCHES(refuse(R"({"hidden": [128, 0]})"), Error,
                       Catch::Matchers::Message("model.hidden must lie in 1 to 4,096 units, found 0"));
  CHECK_THROWS_AS(refuse(R"({"bottleneck": -1})"), Error);
  CHECK_THROWS_AS(refuse(R"({"activation": "gelu"})"), Error);
  CHECK_THROWS_AS(refuse(R"({"sigma_start": 31})"), Error);
}

TEST_CASE("convolutions come before the hidden layers, each a layer with one weight for all places", "[network][convolution]") {
  NetworkSpec spec = shape({7}, 3);
  spec.convolutions = {{.filters = 4, .kernel = 3, .padding = 1, .pool = 2}, {.filters = 5, .kernel = 2, .stride = 2}};
  Network net = make_network(spec, true, 8 * 6 * 2, 3, Stream{1, 0}, {8, 6, 2});
  CHECK(net.inputs() == 96);
  CHECK(net.code_size() == 3);
  CHECK(net.convolutions[0].out() == PictureShape{4, 3, 4});
  CHECK(net.convolutions[1].out() == PictureShape{2, 1, 5});
  CHECK(net.convolutions[0].weights.weight.value.rows() == 18);
  CHECK(net.convolutions[0].weights.weight.value.cols() == 4);
  CHECK(net.convolutions[0].weights.weight.value.cwiseAbs().maxCoeff() <= 1 / std::sqrt(18.f));
  CHECK(net.hidden[0].weight.value.rows() == 10);
  CHECK(net.parameters().size() == 10);
  CHECK(net.parameters()[0] == &net.convolutions[0].weights.weight);

  Program p;
  const Matrix x = normal(5, 96);
  const NetworkVars v = net.record(p, p.constant(x), p.full(5, 3, 0));
  CHECK(v.layers.size() == 5);
  CHECK(v.layers[0].places == 48);
  CHECK(v.layers[2].places == 1);
  REQUIRE(v.inside.size() == 4);
  CHECK(p.cols(v.inside[0]) == 48);
  CHECK(p.cols(v.inside[1]) == 10);
  // By the pieces, the activation before the pool.
  const auto& [first, second] = std::pair{net.convolutions[0], net.convolutions[1]};
  const auto of = [&](Var a, const ConvolutionLayer& layer, const PictureWindow& window) {
    return p.leaky_relu(
        record_convolution(p, a, layer.in, window, p.constant(layer.weights.weight.value), p.constant(layer.weights.bias.value)).pictures,
        0);
  };
  const Var pooled = record_max_pool(p, of(p.constant(x), first, square_window(3, 1, 1)), {8, 6, 4}, square_window(2, 2));
  const Var features = of(pooled, second, square_window(2, 2));
  Activations found;
  NetworkBench bench;
  finish(activations(bench.context, net, x, found));
  auto run = cpu_device()->compile(p);
  run->run();
  require_close(read(*run, v.inside[1]), read(*run, features), 1e-6);
  require_close(found.mu, read(*run, v.mu), 1e-6);
}

TEST_CASE("convolutions that fit no picture are refused with the field's name", "[network][convolution]") {
  const auto refused = [](ConvolutionSpec one, PictureShape picture, const char* field, int times = 1) {
    NetworkSpec spec = shape({4}, 0);
    spec.convolutions.assign(static_cast<std::size_t>(times), one);
    try {
      make_network(spec, false, 36, 3, Stream{1, 0}, picture);
    } catch (const Error& e) {
      CHECK(e.field() == field);
      return;
    }
    FAIL(field);
  };
  refused({}, {}, "model.convolutions");
  refused({}, {4, 4, 1}, "model.convolutions");
  refused({.kernel = 1}, {6, 6, 1}, "model.convolutions", 9);
  refused({.kernel = 7}, {6, 6, 1}, "model.convolutions[0].kernel");
  refused({.kernel = 3}, {6, 6, 1}, "model.convolutions[2].kernel", 3);
  refused({.kernel = 3, .pool = 5}, {6, 6, 1}, "model.convolutions[0].pool");
  refused({.kernel = 64, .padding = 63}, {6, 6, 1}, "model.convolutions[0]");
}

TEST_CASE("two training steps of the stochastic bottleneck equal NumPy's", "[network][golden]") {
  const Json g = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/nn.json"))["step"];
  const Json& start = g["start"];
  Network net;
  net.stochastic = true;
  net.classes = 4;
  net.hidden.resize(1);
  net.bottleneck.emplace();
  const std::vector<std::pair<std::string, Parameter*>> weights = {
      {"hidden.0.weight", &net.hidden[0].weight}, {"hidden.0.bias", &net.hidden[0].bias}, {"bottleneck.weight", &net.bottleneck->weight},
      {"bottleneck.bias", &net.bottleneck->bias}, {"head.weight", &net.head.weight},      {"head.bias", &net.head.bias}};
  for (const auto& [name, p] : weights) p->value = matrix(start[name]);

  const Matrix first = matrix(g["steps"][0]["x"]);
  const int rows = static_cast<int>(first.rows());
  Program p;
  const Var x = p.input(rows, static_cast<int>(first.cols())), y = p.input(rows, 4), eps = p.input(rows, 3), rate = p.input(1, 1);
  const NetworkVars v = net.record(p, x, eps);
  const Var kl = record_kl(p, v);
  const Var error = p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(v.logits))), -1);
  const Var loss = p.add(error, p.scale(p.mean_of_rows(kl), g["beta"].get<float>()));
  std::vector<Var> vars;
  for (const auto& [name, parameter] : weights) vars.push_back(p.parameter(*parameter));
  const auto gradient = p.gradient(loss, vars);
  for (std::size_t i = 0; i < vars.size(); ++i) p.adam(vars[i], gradient[i], rate);
  auto run = cpu_device()->compile(p);
  run->write(rate, Matrix::Constant(1, 1, g["rate"].get<float>()));
  for (const Json& step : g["steps"]) {
    run->write(x, matrix(step["x"]));
    run->write(y, matrix(step["y"]));
    run->write(eps, matrix(step["eps"]));
    run->run();
    CHECK_THAT(read(*run, loss)(0, 0), WithinRel(step["loss"].get<double>(), 1e-6));
    const Matrix kl_found = read(*run, kl);
    for (int r = 0; r < rows; ++r) CHECK_THAT(kl_found(r, 0), WithinRel(step["kl"][static_cast<std::size_t>(r)].get<double>(), 1e-5));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      INFO(weights[i].first);
      require_close(read(*run, gradient[i]), matrix(step["gradient"][weights[i].first]), 2e-6);
      require_close(weights[i].second->value, matrix(step["after"][weights[i].first]), 1e-5);
    }
  }
}

TEST_CASE("the recorded KL and its gradient are those worked out by hand", "[network][kl]") {
  // method.md section 4.1
  const UnitKl a = recorded_kl(.5f, 5);
  CHECK_THAT(a.kl, WithinAbs(.2317394, 2e-7));
  CHECK_THAT(a.by_mu, WithinAbs(.5, 1e-7));
  CHECK_THAT(a.by_raw, WithinAbs(-.3747739, 2e-7));
  const UnitKl b = recorded_kl(-1.2f, 5.5f);
  CHECK_THAT(b.kl, WithinAbs(.7206779, 2e-7));
  CHECK_THAT(b.by_raw, WithinAbs(-.0327015, 2e-7));
  CHECK_THAT(recorded_kl(0, 0).kl, WithinAbs(4.50338, 5e-6));
  CHECK_THAT(recorded_kl(2, -10).kl, WithinAbs(16.50, 5e-3));
}

TEST_CASE("the recorded KL equals the exact one for every raw output and is never infinite", "[network][kl]") {
  for (float raw = -300; raw <= 60; raw += .37f) {
    const UnitKl found = recorded_kl(.75f, raw);
    INFO("raw " << raw);
    CHECK_THAT(found.kl, WithinRel(kl_of_raw(.75, raw), 2e-6));
    CHECK_THAT(found.by_raw, WithinAbs(kl_by_raw(raw), 5e-6 * (1 + std::abs(kl_by_raw(raw)))));
  }
}

TEST_CASE("a stochastic bottleneck gives mu + sigma eps without activation, a plain one is activated", "[network]") {
  Network net = make_network(shape({6}, 3), true, 4, 3, Stream{1, 0});
  const Matrix x = normal(5, 4), eps = normal(5, 3);
  Program p;
  const NetworkVars v = net.record(p, p.constant(x), p.constant(eps));
  auto run = cpu_device()->compile(p);
  run->run();
  const Matrix mu = read(*run, v.mu), sigma = read(*run, v.sigma), raw = read(*run, v.raw), z = read(*run, v.z);
  require_close(z, mu + sigma.cwiseProduct(eps), 1e-6);
  for (Eigen::Index i = 0; i < raw.size(); ++i) CHECK_THAT(sigma.data()[i], WithinRel(sigma_of_raw(raw.data()[i]), 1e-6));
  CHECK(z.minCoeff() < 0);
  require_close(read(*run, v.logits), logits_of(net, z), 1e-6);

  for (const char* activation : {"relu", "leaky_relu", "tanh"}) {
    NetworkSpec spec = shape({6}, 3);
    spec.activation = activation;
    Network plain = make_network(spec, false, 4, 3, Stream{1, 0});
    Program q;
    const NetworkVars w = plain.record(q, q.constant(x));
    auto plain_run = cpu_device()->compile(q);
    plain_run->run();
    const Matrix hidden = read(*plain_run, w.features);
    Matrix before = (hidden * plain.bottleneck->weight.value).rowwise() + plain.bottleneck->bias.value.row(0);
    const auto bend = [&](float a) {
      return spec.activation == "tanh" ? std::tanh(a) : a > 0 ? a : spec.activation == "relu" ? 0 : .01f * a;
    };
    require_close(read(*plain_run, w.z), before.unaryExpr(bend), 1e-6);
    CHECK(!w.stochastic);
  }
}

TEST_CASE("activations are the network's, whatever the number of rows", "[network]") {
  NetworkBench bench;
  for (bool stochastic : {true, false}) {
    Network net = make_network(shape({300, 200}, 16), stochastic, 120, 5, Stream{1, 0});
    net.input_mean.setConstant(.5f), net.input_sd.setConstant(2);
    const Matrix all = normal(500, 120);
    Program p;
    const NetworkVars v = net.record(p, p.constant(net.normalised(all)), p.full(500, 16, 0));
    auto run = bench.device->compile(p);
    run->run();
    for (int rows : {0, 1, 2, 77, 78, 200, 500}) {
      Activations found;
      int ticks = 0;
      Task task = activations(bench.context, net, all.topRows(rows), found);
      while (task.advance()) ++ticks;
      INFO(rows << " rows");
      require_close(found.mu, read(*run, stochastic ? v.mu : v.z).topRows(rows), 2e-6);
      CHECK((rows < 200 || ticks > 1));
      if (stochastic)
        require_close(found.sigma, read(*run, v.sigma).topRows(rows), 2e-6);
      else
        CHECK(found.sigma.size() == 0);
    }
  }
  // Without a bottleneck they are the last hidden layer.
  Network plain = make_network(shape({7}, 0), false, 4, 3, Stream{1, 0});
  Activations found;
  finish(activations(bench.context, plain, normal(9, 4), found));
  CHECK(found.mu.cols() == 7);
  CHECK(found.mu.minCoeff() >= 0);
}

TEST_CASE("inputs are normalised by the network's own mean and sd", "[network]") {
  Network net = make_network(shape({3}, 0), false, 2, 2, Stream{1, 0});
  net.input_mean << 1, -1;
  net.input_sd << 2, .5f;
  Matrix x(2, 2), wanted(2, 2);
  x << 1, -1, 5, 0;
  wanted << 0, 0, 2, 2;
  CHECK(net.normalised(x) == wanted);
}

TEST_CASE("a network of zeros answers its bias", "[network]") {
  Network net = make_network(shape({3}, 2), true, 2, 3, Stream{1, 0});
  for (Parameter* p : net.parameters()) p->value.setZero();
  CHECK(logits_of(net, normal(4, 2)) == Matrix::Zero(4, 3));
}

TEST_CASE("weights that are not finite are named", "[network]") {
  Network net = make_network(shape({3}, 2), true, 2, 3, Stream{1, 0});
  check_finite(net);
  net.bottleneck->weight.value(0, 0) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_MATCHES(
      check_finite(net), Failure,
      Catch::Matchers::Message("the network's layer bottleneck holds a weight that is infinite or not a number; train it again with a "
                               "smaller learning rate"));
}
