// By-hand cases: one known input k, one secret input s in {0, 1}; logit = w.(k, s).
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/purifier_curve.hpp"
#include "mid/base/error.hpp"

using namespace mid;
using Catch::Approx;

namespace mid::attack {
extern const Attack likelihood_inference;
}

namespace {

/// logit = 2 * (tanh-free) s: no hidden layer would be needed, so the hidden layer passes (k, s) through a ReLU.
struct Fixture {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{3}, nullptr, {}, {}};
  Network network;
  Knowledge knowledge;
  Fixture(bool stochastic, float sigma) {
    network.classes = 2;
    network.stochastic = stochastic;
    network.input_mean = Matrix::Zero(1, 2), network.input_sd = Matrix::Ones(1, 2);
    DenseLayer through;
    through.weight.value = Matrix::Identity(2, 2), through.bias.value = Matrix::Zero(1, 2);
    network.hidden = {through};
    if (stochastic) {
      DenseLayer bottleneck;  // mu = (k, s), raw sigma constant
      bottleneck.weight.value = Matrix::Zero(2, 4), bottleneck.bias.value = Matrix::Zero(1, 4);
      bottleneck.weight.value(0, 0) = bottleneck.weight.value(1, 1) = 1;
      const float raw = std::log(std::expm1(sigma)) + 5;
      bottleneck.bias.value(0, 2) = bottleneck.bias.value(0, 3) = raw;
      network.bottleneck = bottleneck;
    }
    network.head.weight.value.resize(2, 1);
    network.head.weight.value << 1, 2;
    network.head.bias.value = Matrix::Zero(1, 1);

    Dataset& auxiliary = knowledge.auxiliary;  // half of the records have s = 1, whatever k is
    const int n = 200;
    auxiliary.inputs.resize(n, 2);
    Secret secret;
    secret.name = "s", secret.values = {"no", "yes"}, secret.inputs = {1}, secret.of_row.resize(n);
    secret.code.resize(2, 1);
    secret.code << 0, 1;
    for (int i = 0; i < n; ++i) {
      auxiliary.inputs(i, 0) = static_cast<float>((i / 2) % 5), auxiliary.inputs(i, 1) = static_cast<float>(i % 2);
      secret.of_row[i] = i % 2;
    }
    auxiliary.input_mean = Matrix::Zero(1, 2), auxiliary.input_sd = Matrix::Ones(1, 2);
    auxiliary.secret = secret;
  }
  AttackResult attack(const Matrix& victims, ReleaseSpec release = {}, int repeats = 1) {
    knowledge.known = victims;
    knowledge.known.col(1).setZero();
    const Model model = network;
    Oracle oracle(model, release, attack::likelihood_inference.needs, victims, Stream{5});
    AttackResult e;
    finish(attack::likelihood_inference.run(context, oracle, knowledge, {{"kind", "likelihood_inference"}, {"repeats", repeats}}, e));
    return e;
  }
};

Matrix victims(int n) {
  Matrix v(n, 2);
  for (int i = 0; i < n; ++i) v(i, 0) = static_cast<float>(i % 4), v(i, 1) = static_cast<float>((i / 4) % 2);
  return v;
}

/// A purifier with these units, each by its weights of (ln(1 - p), ln p), and their weight in the second class's logit.
Purifier bend(const std::vector<std::pair<float, float>>& units, const std::vector<float>& bias, const std::vector<float>& out) {
  const auto n = static_cast<Eigen::Index>(units.size());
  Purifier p;
  p.encode.weight.value.resize(2, n), p.encode.bias.value.resize(1, n);
  p.decode.weight.value = Matrix::Zero(n, 2), p.decode.bias.value = Matrix::Zero(1, 2);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    p.encode.weight.value(0, i) = units[at].first, p.encode.weight.value(1, i) = units[at].second;
    p.encode.bias.value(0, i) = bias[at], p.decode.weight.value(i, 1) = out[at];
  }
  return p;
}

double share_right(const AttackResult& e, const Matrix& truth) {
  double right = 0;
  for (Eigen::Index i = 0; i < truth.rows(); ++i) right += (e.log_posterior(i, 1) > e.log_posterior(i, 0)) == (truth(i, 1) > .5f);
  return right / static_cast<double>(truth.rows());
}

}  // namespace

TEST_CASE("an exact answer names the secret of every record") {
  Fixture f(false, 0);
  const Matrix v = victims(16);
  const AttackResult e = f.attack(v);
  CHECK(share_right(e, v) == 1);
  CHECK(std::exp(e.prior(0, 1)) == Approx(.5).margin(.01));
}

TEST_CASE("a noisy answer is judged by the Gaussian that the bottleneck makes of it") {
  // logit if s: k + 2 s plus noise of variance (1 + 4) sigma^2. With sigma .5 the bells' means are 2 apart, their sd 1.118.
  Fixture f(true, .5f);
  const Matrix v = victims(4000);
  const AttackResult e = f.attack(v);
  CHECK(e.conditional_mean(2, 1) - e.conditional_mean(2, 0) == Approx(2).margin(1e-4));
  CHECK(e.conditional_sd(2, 0) == Approx(std::sqrt(5.) * .5).epsilon(1e-3));
  const double d = e.answer[2], gap = (std::pow(d - e.conditional_mean(2, 0), 2) - std::pow(d - e.conditional_mean(2, 1), 2)) / (2 * 1.25);
  CHECK((e.log_posterior(2, 1) - e.prior(2, 1)) - (e.log_posterior(2, 0) - e.prior(2, 0)) == Approx(gap).margin(1e-3));
  // Best possible: Phi(1 / 1.118) = .8145, four standard errors of 4,000 records are .025.
  CHECK(share_right(e, v) == Approx(.8145).margin(.025));
}

TEST_CASE("four fresh answers halve the noise, four sticky ones do not") {
  Fixture f(true, .5f);
  const Matrix v = victims(4000);
  CHECK(share_right(f.attack(v, {}, 4), v) == Approx(.9632).margin(.015));  // Phi(2 / 1.118)
  Fixture g(true, .5f);
  const ReleaseSpec sticky = read_release({{"kind", "sticky"}}, "release");
  Matrix distinct = v;  // sticky noise hangs on the record, so equal records would share it
  for (Eigen::Index i = 0; i < distinct.rows(); ++i) distinct(i, 0) += static_cast<float>(i) * 1e-4f;
  CHECK(share_right(g.attack(distinct, sticky, 4), distinct) == Approx(.8145).margin(.025));
}

TEST_CASE("a purifier behind the noise hides nothing from whoever holds the weights") {
  // The answer is 3 tanh(l / 10) of the logit l: it tells l, and with it as much as without the purifier.
  Fixture plain(true, .5f), purified(true, .5f);
  purified.network.purifier = bend({{-.1f, .1f}}, {0}, {3});
  const Matrix v = victims(4000);
  const AttackResult open = plain.attack(v), bent = purified.attack(v);
  CHECK((bent.log_posterior.col(1) - bent.log_posterior.col(0) - open.log_posterior.col(1) + open.log_posterior.col(0))
            .cwiseAbs()
            .maxCoeff() < .02);
  CHECK(share_right(bent, v) == share_right(open, v));
  CHECK(bent.conditional_sd(2, 0) == Approx(std::sqrt(5.) * .5).epsilon(1e-3));
  CHECK((bent.answer - open.answer).cwiseAbs().maxCoeff() < 2e-3);
  // The label is still whether the logit is above 0.
  const ReleaseSpec label = read_release({{"kind", "label_only"}}, "release");
  CHECK(share_right(purified.attack(v, label), v) == share_right(plain.attack(v, label), v));
  const AttackResult cut = purified.attack(v, label);
  CHECK(cut.conditional_mean.size() == 0);
  CHECK(share_right(purified.attack(v, {}, 4), v) == Approx(.9632).margin(.015));  // Phi(2 / 1.118)
}

TEST_CASE("where a purifier folds its answers, each logit that leads to one counts by its chance and the curve's slope") {
  // tanh(l - 1) - tanh(l - 3): up to the middle, l = 2, and down again.
  Fixture f(true, .5f);
  f.network.purifier = bend({{-1, 1}, {-1, 1}}, {-1, -3}, {1, -1});
  const PurifierCurve curve(f.network);
  CHECK(curve.at(1.3) == Approx(std::tanh(.3) - std::tanh(-1.7)).margin(1e-3));
  const double a = curve.at(1.3);
  const auto before = curve.before(a - 1e-6, a + 1e-6);
  REQUIRE(before.size() == 2);
  CHECK(before[0].first == Approx(1.3).margin(1e-3));
  CHECK(before[1].second == Approx(2.7).margin(1e-3));
  CHECK(curve.before(-1, 10) == std::vector<std::pair<double, double>>{{-INFINITY, INFINITY}});
  // k = 0 or 1: by symmetry about 2 the two values' likelihoods are sums over both logits.
  const Matrix v = victims(64);
  const AttackResult e = f.attack(v);
  for (Eigen::Index i = 0; i < 64; ++i) {
    const double l = e.answer[i], k = v(i, 0);
    const auto density = [&](double mean) { return std::exp(-std::pow(l - mean, 2) / 2.5) + std::exp(-std::pow(4 - l - mean, 2) / 2.5); };
    INFO("record " << i);
    if (std::abs(l - 2) < 2)  // further out the curve is flat in single precision
      CHECK(e.log_posterior(i, 1) - e.log_posterior(i, 0) - e.prior(i, 1) + e.prior(i, 0) ==
            Approx(std::log(density(k + 2) / density(k))).margin(.05));
  }
}

TEST_CASE("of three classes behind a purifier the noise's spread is that of draws through it") {
  // Logits k + 2 s, k - s and 0 with noise; the purifier divides their differences by ten, so it hides nothing.
  const auto attacked = [](bool purified, const Matrix& v) {
    Fixture f(true, .5f);
    f.network.classes = 3;
    f.network.head.weight.value = (Matrix(2, 3) << 1, 1, 0, 2, -1, 0).finished();
    f.network.head.bias.value = Matrix::Zero(1, 3);
    if (purified) {
      Purifier& p = f.network.purifier.emplace();
      p.encode.weight.value = (Matrix(3, 2) << .01f, 0, 0, .01f, -.01f, -.01f).finished(), p.encode.bias.value = Matrix::Zero(1, 2);
      p.decode.weight.value = (Matrix(2, 3) << 10, 0, 0, 0, 10, 0).finished(), p.decode.bias.value = Matrix::Zero(1, 3);
    }
    return f.attack(v);
  };
  const Matrix v = victims(2000);
  const AttackResult open = attacked(false, v), bent = attacked(true, v);
  CHECK(share_right(open, v) > .8);
  CHECK(share_right(bent, v) == Approx(share_right(open, v)).margin(.02));
  const VectorXd two = open.log_posterior.col(1) - open.log_posterior.col(0), one = bent.log_posterior.col(1) - bent.log_posterior.col(0);
  CHECK((one - two).cwiseAbs().mean() < .3 * two.cwiseAbs().mean());
}

TEST_CASE("label only of a deterministic model leaves the prior where both values give the same label") {
  Fixture f(false, 0);
  f.network.head.bias.value(0, 0) = -.5f;  // k = 0: label follows s; k >= 1: always 1
  const ReleaseSpec label = read_release({{"kind", "label_only"}}, "release");
  Matrix v(4, 2);
  v << 0, 0, 0, 1, 3, 0, 3, 1;
  const AttackResult e = f.attack(v, label);
  CHECK(e.log_posterior(0, 0) > e.log_posterior(0, 1));
  CHECK(e.log_posterior(1, 1) > e.log_posterior(1, 0));
  CHECK(e.log_posterior(2, 1) - e.log_posterior(2, 0) == Approx(e.prior(2, 1) - e.prior(2, 0)).margin(1e-9));
}

TEST_CASE("weights so large that a bell has no width in floats are refused, before its likelihood is asked for") {
  Fixture noisy(true, .5f);
  noisy.network.head.weight.value << 1e25f, 2;  // the answers are finite, the variance of their noise is not
  CHECK_THROWS_AS(noisy.attack(victims(16)), Failure);
  Fixture exact(false, 0);
  exact.network.head.weight.value(1, 0) = 3e38f;
  exact.network.hidden[0].weight.value(1, 1) = 10;
  Matrix without = victims(16);
  without.col(1).setZero();  // only the attacker's question about the other value leads there
  CHECK_THROWS_AS(exact.attack(without), Failure);
}

TEST_CASE("a victim with all weights 0 tells nothing") {
  Fixture f(true, .5f);
  for (Parameter* p : f.network.parameters()) p->value.setZero();
  const AttackResult e = f.attack(victims(50));
  CHECK((e.log_posterior - e.prior).col(0).isApprox((e.log_posterior - e.prior).col(1), 1e-12));
}
