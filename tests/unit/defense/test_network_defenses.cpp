// Defences of networks: by hand (method.md 4.1), against PyTorch (golden/defense.json), against differences.
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
extern const Defense bido, conditional_mid, dp_sgd, dropout, label_smoothing, purification;
}

namespace {

Json golden(const char* part) {
  return Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/defense.json"))[part];
}

Matrix read(Executable& run, Var v) {
  Matrix out;
  REQUIRE(run.read(v, out));
  return out;
}

void require_close(const Matrix& found, const Matrix& wanted, double tolerance) {
  REQUIRE(found.rows() == wanted.rows());
  REQUIRE(found.cols() == wanted.cols());
  for (Eigen::Index i = 0; i < wanted.size(); ++i) REQUIRE_THAT(found.data()[i], WithinAbs(wanted.data()[i], tolerance));
}

/// What a defence makes of the targets `y` after the part `progress` of the training.
Matrix target(double alpha, const Matrix& y, float progress) {
  const NetworkHooks hooks = defense::label_smoothing.network({{"kind", "label_smoothing"}, {"alpha", alpha}});
  Program p;
  Batch batch;
  batch.progress = p.constant(Matrix::Constant(1, 1, progress));
  const Var out = hooks.target(p, p.constant(y), batch);
  auto run = cpu_device()->compile(p);
  run->run();
  return read(*run, out);
}

/// BiDO's penalty of one hidden layer `z`, and its gradient.
std::pair<double, Matrix> bido(const Matrix& x, const Matrix& y, const Matrix& z, double input, double label, const char* hsic = "plain") {
  const NetworkHooks hooks = defense::bido.network({{"kind", "bido"}, {"input", input}, {"label", label}, {"hsic", hsic}});
  Parameter hidden;
  hidden.value = z;
  Program p;
  NetworkVars v;
  const Var layer = p.parameter(hidden);
  v.inside = {layer};
  Batch batch;
  batch.rows = static_cast<int>(x.rows()), batch.data = {p.constant(x), p.constant(y)};
  const Var total = hooks.penalty(p, v, batch);
  const std::vector<Var> gradient = p.gradient(total, std::vector<Var>{layer});
  auto run = cpu_device()->compile(p);
  run->run();
  return {read(*run, total)(0, 0), read(*run, gradient[0])};
}

/// tr(K H L H) / (n - 1)^2 in double, as it is written.
double hsic(const MatrixD& k, const MatrixD& l) {
  const auto n = k.rows();
  const MatrixD h = MatrixD::Identity(n, n) - MatrixD::Constant(n, n, 1. / static_cast<double>(n));
  return (k * h * l * h).trace() / static_cast<double>((n - 1) * (n - 1));
}
MatrixD kernel(const MatrixD& a) {
  MatrixD k(a.rows(), a.rows());
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < a.rows(); ++j)
      k(i, j) = std::exp(-(a.row(i) - a.row(j)).squaredNorm() / (50. * static_cast<double>(a.cols())));
  return k;
}

}  // namespace

TEST_CASE("label smoothing: the method's examples", "[label_smoothing]") {
  require_close(target(.1, row({0, 1, 0, 0}), .9f), row({.025f, .925f, .025f, .025f}), 1e-6);
  // Below 0 it begins in the middle of the training and is whole at its end.
  require_close(target(-.05, row({1, 0, 0, 0}), 1), row({1.0375f, -.0125f, -.0125f, -.0125f}), 1e-6);
  require_close(target(-.05, row({1, 0, 0, 0}), .75f), row({1.01875f, -.00625f, -.00625f, -.00625f}), 1e-6);
  require_close(target(-.05, row({1, 0, 0, 0}), .4f), row({1, 0, 0, 0}), 0);
  // Two classes have one logit: the target of class 1 among two.
  require_close(target(.1, row({1}), 0), row({.95f}), 1e-6);
  require_close(target(-.05, row({0}), 1), row({-.025f}), 1e-6);
}

TEST_CASE("dropout silences hidden units in training, and never in an answer", "[dropout]") {
  // h = (2, 4), keep 1/2, mask (1, 0): (4, 0).
  Network net;
  net.classes = 2;
  net.input_mean = Matrix::Zero(1, 2), net.input_sd = Matrix::Ones(1, 2);
  DenseLayer through;
  through.weight.value = Matrix::Identity(2, 2), through.bias.value = Matrix::Zero(1, 2);
  net.hidden = {through};
  net.head.weight.value = Matrix::Ones(2, 1), net.head.bias.value = Matrix::Zero(1, 1);
  Program p;
  const std::vector<Var> masks{p.constant(row({2, 0}))};
  const NetworkVars v = net.record(p, p.constant(row({2, 4})), {}, masks), plain = net.record(p, p.constant(row({2, 4})));
  auto run = cpu_device()->compile(p);
  run->run();
  require_close(read(*run, v.features), row({4, 0}), 0);
  CHECK(read(*run, v.logits)(0, 0) == 4);
  CHECK(read(*run, plain.logits)(0, 0) == 6);
  CHECK(defense::dropout.network({{"kind", "dropout"}}).dropout == .5);
}

TEST_CASE("conditional MID by hand: mu .5, m 1, raw 5", "[conditional_mid]") {
  const NetworkHooks hooks = defense::conditional_mid.network({{"kind", "conditional_mid"}, {"beta", 1}});
  CHECK(hooks.stochastic);
  CHECK(hooks.class_means);
  for (const bool two : {false, true}) {
    Parameter mean;
    mean.value = Matrix::Zero(two ? 2 : 3, 1);
    mean.value(1, 0) = 1;
    Program p;
    NetworkVars v;
    v.stochastic = true;
    v.mu = p.constant(row({.5f})), v.raw = p.constant(row({5})), v.sigma = p.softplus(p.shift(v.raw, -5)), v.class_mean = p.parameter(mean);
    Batch batch;
    batch.rows = 1, batch.data = {Var{}, p.constant(two ? row({1}) : row({0, 1, 0}))};
    const Var kl = hooks.penalty(p, v, batch);
    const std::vector<Var> gradient = p.gradient(kl, std::vector<Var>{v.class_mean});
    auto run = cpu_device()->compile(p);
    run->run();
    CHECK_THAT(read(*run, kl)(0, 0), WithinAbs(.2317394, 2e-7));
    CHECK_THAT(read(*run, gradient[0])(1, 0), WithinAbs(.5, 1e-6));  // -(mu - m)
    CHECK(read(*run, gradient[0])(0, 0) == 0);
  }
}

TEST_CASE("the conditional KL and its derivatives equal PyTorch's", "[conditional_mid][golden]") {
  const Json g = golden("conditional");
  const NetworkHooks hooks = defense::conditional_mid.network({{"kind", "conditional_mid"}, {"beta", g["beta"]}});
  Parameter mu, raw, mean;
  mu.value = matrix(g["mu"]), raw.value = matrix(g["raw"]), mean.value = matrix(g["mean"]);
  Program p;
  NetworkVars v;
  v.stochastic = true;
  v.mu = p.parameter(mu), v.raw = p.parameter(raw), v.sigma = p.softplus(p.shift(v.raw, -5)), v.class_mean = p.parameter(mean);
  Batch batch;
  batch.rows = static_cast<int>(mu.value.rows()), batch.data = {Var{}, p.constant(matrix(g["y"]))};
  const Var loss = hooks.penalty(p, v, batch);
  const std::vector<Var> gradient = p.gradient(loss, std::vector<Var>{v.mu, v.raw, v.class_mean});
  auto run = cpu_device()->compile(p);
  run->run();
  CHECK_THAT(read(*run, loss)(0, 0), WithinRel(g["loss"].get<double>(), 1e-6));
  require_close(read(*run, gradient[0]), matrix(g["by_mu"]), 1e-6);
  require_close(read(*run, gradient[1]), matrix(g["by_raw"]), 1e-6);
  require_close(read(*run, gradient[2]), matrix(g["by_mean"]), 1e-6);
}

TEST_CASE("clipped gradients equal PyTorch's, one record after the other", "[dp_sgd][golden]") {
  const Json g = golden("clipping");
  Network net;
  net.classes = 4;
  net.hidden.resize(1);
  net.bottleneck.emplace();
  const std::pair<const char*, Parameter*> weights[] = {
      {"hidden.0.weight", &net.hidden[0].weight}, {"hidden.0.bias", &net.hidden[0].bias}, {"bottleneck.weight", &net.bottleneck->weight},
      {"bottleneck.bias", &net.bottleneck->bias}, {"head.weight", &net.head.weight},      {"head.bias", &net.head.bias}};
  for (const auto& [name, p] : weights) p->value = matrix(g["weights"][name]);
  const Matrix x = matrix(g["x"]), y = matrix(g["y"]);
  const auto n = x.rows();
  // Two rows that fill up the batch and must not count, with inputs that would.
  Matrix more_x(n + 2, x.cols()), more_y(n + 2, y.cols()), present = Matrix::Ones(n + 2, 1);
  more_x << x, x.topRows(2);
  more_y << y, y.topRows(2);
  present.bottomRows(2).setZero();
  const NetworkHooks hooks = defense::dp_sgd.network({{"kind", "dp_sgd"}, {"clip", g["clip"]}, {"sigma", .5}});
  Program p;
  Batch batch;
  batch.rows = static_cast<int>(n + 2), batch.expected = g["expected"].get<int>();
  batch.present = p.constant(present);
  const NetworkVars v = net.record(p, p.constant(more_x));
  const Var row_loss = p.scale(p.sum_cols(p.mul(p.constant(more_y), p.log_softmax(v.logits))), -1);
  const std::vector<Var> quiet = hooks.gradient(p, v, row_loss, batch);
  for (const auto& [name, parameter] : weights)
    batch.gradient_noise.push_back(p.full(static_cast<int>(parameter->value.rows()), static_cast<int>(parameter->value.cols()), 2));
  const std::vector<Var> noisy = hooks.gradient(p, v, row_loss, batch);
  auto run = cpu_device()->compile(p);
  run->run();
  const float moved = 2 * .5f * g["clip"].get<float>() / g["expected"].get<float>();  // noise 2, sigma .5
  for (std::size_t i = 0; i < std::size(weights); ++i) {
    INFO(weights[i].first);
    const Matrix wanted = matrix(g["gradient"][weights[i].first]);
    require_close(read(*run, quiet[i]), wanted, 2e-6);
    require_close(read(*run, noisy[i]), Matrix(wanted.array() + moved), 2e-6);
  }
}

TEST_CASE("clipped gradients of convolutions are those of one record at a time", "[dp_sgd][convolution]") {
  NetworkSpec spec;
  spec.convolutions = {{.filters = 4, .kernel = 3, .stride = 2, .padding = 1}, {.filters = 3, .kernel = 2, .padding = 1, .pool = 2}};
  spec.hidden = {5}, spec.bottleneck = 0, spec.activation = "tanh";
  Network net = make_network(spec, false, 7 * 6 * 2, 4, Stream{3}, {7, 6, 2});
  constexpr int kRows = 4;
  Matrix x(kRows, net.inputs()), y = Matrix::Zero(kRows, 4);
  fill_normal(Stream{4}, 0, x);
  for (int r = 0; r < kRows; ++r) y(r, r) = 1;
  const auto loss_of = [&](Program& p, Var logits, const Matrix& target) {
    return p.scale(p.sum_cols(p.mul(p.constant(target), p.log_softmax(logits))), -1);
  };
  std::vector<std::vector<MatrixD>> of_record;
  std::vector<double> norm;
  for (int r = 0; r < kRows; ++r) {
    Program q;
    std::vector<Var> weights;
    const NetworkVars one = net.record(q, q.constant(x.row(r)));
    for (Parameter* parameter : net.parameters()) weights.push_back(q.parameter(*parameter));
    const std::vector<Var> gradient = q.gradient(q.sum(loss_of(q, one.logits, y.row(r))), weights);
    auto alone = cpu_device()->compile(q);
    alone->run();
    double square = 0;
    of_record.emplace_back();
    for (Var g : gradient) {
      of_record.back().push_back(read(*alone, g).cast<double>());
      square += of_record.back().back().squaredNorm();
    }
    norm.push_back(std::sqrt(square));
  }
  const auto [least, most] = std::minmax_element(norm.begin(), norm.end());
  const double clip = (*least + *most) / 2;  // some are clipped and some are not
  const NetworkHooks hooks = defense::dp_sgd.network({{"kind", "dp_sgd"}, {"clip", clip}, {"sigma", 1}});
  Program p;
  Batch batch;
  batch.rows = batch.expected = kRows;
  batch.present = p.full(kRows, 1, 1);
  const NetworkVars v = net.record(p, p.constant(x));
  const std::vector<Var> together = hooks.gradient(p, v, loss_of(p, v.logits, y), batch);
  auto run = cpu_device()->compile(p);
  run->run();
  REQUIRE(together.size() == of_record[0].size());
  for (std::size_t i = 0; i < together.size(); ++i) {
    MatrixD sum = MatrixD::Zero(of_record[0][i].rows(), of_record[0][i].cols());
    for (std::size_t r = 0; r < kRows; ++r) sum += std::min(1., clip / norm[r]) * of_record[r][i] / kRows;
    require_close(read(*run, together[i]), sum.cast<float>(), 2e-6);
  }
}

TEST_CASE("the privacy loss counts ceil(epochs records / batch) steps", "[dp_sgd]") {
  const NetworkHooks hooks = defense::dp_sgd.network({{"kind", "dp_sgd"}});
  TrainSpec train;
  train.batch = 10, train.epochs = 10;
  const PrivacyLoss loss = hooks.privacy_loss(train, 1000);
  CHECK(loss.steps == 1000);
  CHECK(loss.order == 9.6);
  CHECK_THAT(loss.epsilon, WithinAbs(1.71177, 1e-4));
  train.epochs = 3;
  CHECK(hooks.privacy_loss(train, 1003).steps == 301);
  train.batch = 4096;  // more than there are: all of them in every step
  CHECK(hooks.privacy_loss(train, 100).steps == 3);
}

TEST_CASE("BiDO of two records is (1 - a)(1 - b)", "[bido]") {
  // Off-diagonals: a of the hidden layer, b of the input. Distance 10 in one dimension: s = 5, exp(-2).
  const double a = std::exp(-2.), b = std::exp(-.5);
  const Matrix z = (Matrix(2, 1) << 0, 10).finished(), x = (Matrix(2, 1) << 3, 8).finished();
  CHECK_THAT(bido(x, Matrix::Zero(2, 3), z, 1, 0).first, WithinRel((1 - a) * (1 - b), 1e-6));
  const Matrix differ = (Matrix(2, 3) << 1, 0, 0, 0, 1, 0).finished(), same = (Matrix(2, 3) << 1, 0, 0, 1, 0, 0).finished();
  CHECK_THAT(bido(x, differ, z, 0, 1).first, WithinRel(-(1 - a), 1e-6));                             // b = 0: other labels
  CHECK_THAT(bido(x, same, z, 0, 1).first, WithinAbs(0, 1e-7));                                      // b = 1
  CHECK_THAT(bido(x, (Matrix(2, 1) << 1, 0).finished(), z, 0, 1).first, WithinRel(-(1 - a), 1e-6));  // two classes, one column
}

TEST_CASE("BiDO equals PyTorch's HSIC, its gradient PyTorch's and differences'", "[bido][golden]") {
  const Json g = golden("bido");
  const Matrix x = matrix(g["x"]), y = matrix(g["y"]), z = matrix(g["z"]);
  CHECK_THAT(bido(x, y, z, 1, 0).first, WithinRel(g["of_input"].get<double>(), 1e-5));
  CHECK_THAT(bido(x, y, z, 0, 1).first, WithinRel(-g["of_label"].get<double>(), 1e-5));
  const Matrix gradient = bido(x, y, z, .05, .5).second;
  require_close(gradient, matrix(g["gradient"]), 1e-7);
  const MatrixD of_x = kernel(x.cast<double>()), of_y = y.cast<double>() * y.cast<double>().transpose();
  const auto total = [&](const MatrixD& at) { return .05 * hsic(kernel(at), of_x) - .5 * hsic(kernel(at), of_y); };
  constexpr double kStep = 1e-4;
  for (Eigen::Index i = 0; i < z.size(); ++i) {
    MatrixD up = z.cast<double>(), down = up;
    up.data()[i] += kStep, down.data()[i] -= kStep;
    REQUIRE_THAT(gradient.data()[i], WithinAbs((total(up) - total(down)) / (2 * kStep), 1e-7));
  }
}

TEST_CASE("BiDO's normalised HSIC by hand, 93 times the plain one", "[bido]") {
  CHECK(defense::bido.network({{"kind", "bido"}}).most_batch == 256);  // the default
  const Matrix z = (Matrix(4, 2) << 0, 0, 1, 0, 0, 1, 2, 2).finished(), y = (Matrix(4, 1) << 0, 0, 1, 1).finished();
  const auto [value, gradient] = bido(z, y, z, 0, 1, "normalised");  // its reward: the negative
  CHECK_THAT(value, WithinAbs(-.9946219, 5e-4));  // e is 4e-5, and a float holds .25 + e to 3e-8: directions without a label count 4e-4
  CHECK_THAT(gradient(0, 0), WithinAbs(.0012, 5e-5));
  CHECK_THAT(gradient(0, 1), WithinAbs(.0260, 5e-5));
  CHECK_THAT(bido(z, y, z, 0, 1).first, WithinAbs(-.0107428, 5e-8));
  // Two rows, off-diagonals .9 and 0: 4 exp(-d^2 / 50) of one column apart by d.
  const Matrix two = (Matrix(2, 1) << 0, static_cast<float>(std::sqrt(-50 * std::log(.9)))).finished();
  CHECK_THAT(bido(two, (Matrix(2, 1) << 0, 1).finished(), two, 0, 1, "normalised").first, WithinAbs(-.9997800, 5e-7));
}

TEST_CASE("BiDO's normalised HSIC and its gradient equal PyTorch's, worked out as the authors' code does", "[bido][golden]") {
  const Json g = golden("bido");
  const Matrix x = matrix(g["x"]), y = matrix(g["y"]), z = matrix(g["z"]);
  const Json& wanted = g["normalised"];
  // 1 / e is 17,000 here: what a float holds of a matrix shows in the fourth digit, as in the authors' code, which has floats, too.
  CHECK_THAT(bido(x, y, z, 1, 0, "normalised").first, WithinRel(wanted["of_input"].get<double>(), 5e-4));
  CHECK_THAT(bido(x, y, z, 0, 1, "normalised").first, WithinRel(-wanted["of_label"].get<double>(), 5e-4));
  // Each of the n products that make a centred number is rounded by 6e-8 at most, and e is what that is held against.
  const Matrix slope = matrix(wanted["gradient"]);
  const auto n = static_cast<double>(x.rows());
  const double rounding = n * 6e-8 / (1e-5 * n);
  require_close(bido(x, y, z, .05, .5, "normalised").second, slope, rounding * slope.cwiseAbs().maxCoeff());
}

TEST_CASE("a purifier keeps the label of confidences it has seen, and answers are what it gives", "[purification]") {
  const auto device = cpu_device();
  for (const int classes : {2, 4}) {
    Context context{*device, Stream{5}, nullptr, {}, {}};
    Network net = make_network({{}, "relu", 0, 5}, false, 4, classes, Stream{1});
    net.head.weight.value = classes == 2 ? Matrix(Matrix::Constant(4, 1, 2)) : Matrix(3 * Matrix::Identity(4, 4));
    net.head.bias.value.setZero();
    Matrix x(600, 4);
    fill_normal(Stream{2}, 0, x);
    const Json spec{{"kind", "purification"}, {"width", classes}, {"epochs", 100}};
    const NetworkHooks hooks = defense::purification.network(spec);
    CHECK(hooks.reserved_fraction == .2);
    finish(hooks.finish(context, x, spec, net));
    REQUIRE(net.purifier.has_value());
    Matrix other(500, 4);
    fill_normal(Stream{3}, 0, other);
    const Matrix before = purifier_input(unpurified_logits_of(net, other)), after = purifier_input(logits_of(net, other));
    int same = 0;
    for (Eigen::Index r = 0; r < other.rows(); ++r) {
      Eigen::Index a = 0, b = 0;
      before.row(r).maxCoeff(&a), after.row(r).maxCoeff(&b);
      same += a == b;
    }
    INFO(classes << " classes: " << same << " of 500");
    CHECK(same >= 450);  // chance: 250 and 125
    CHECK((before - after).cwiseAbs().maxCoeff() > .01f);
    // What is served equals what was trained.
    Program p;
    const Var out = record_purifier(p, p.constant(before), *net.purifier);
    auto run = device->compile(std::move(p));
    run->run();
    require_close(after, read(*run, out).cwiseMax(std::log(1e-10f)), 2e-5);
  }
}

TEST_CASE("defences of networks say why they are none of other models", "[defense]") {
  for (const Defense* d : {&defense::bido, &defense::conditional_mid, &defense::dp_sgd, &defense::dropout, &defense::label_smoothing,
                           &defense::purification}) {
    CHECK(d->about.models == std::vector<std::string>{"network"});
    CHECK(d->why_not != nullptr);
    CHECK(d->linear == nullptr);
    CHECK(d->tree == nullptr);
  }
}
