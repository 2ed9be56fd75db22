// Information of a noisy number: by hand, against NumPy, against the truth by quadrature.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/base/philox.hpp"
#include "mid/info/mixture.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

VectorXd vector(std::initializer_list<double> values) {
  return Eigen::Map<const VectorXd>(values.begin(), static_cast<Eigen::Index>(values.size()));
}
/// Random numbers of a random shape: one crowd, several, or heavy tails.
VectorXd random_numbers(std::uint64_t trial) {
  Random random(Stream{11, trial});
  const int n = 2 + random.below(300), crowds = 1 + random.below(5);
  const double spread = std::pow(10, 2 * random.uniform() - 1), power = 1 + 2 * random.uniform();
  VectorXd mu(n);
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    mu[i] = random.below(crowds) * 3 * spread + std::copysign(std::pow(std::abs(x), power), x) * spread;
  }
  return mu;
}

double sd(const VectorXd& v) { return std::sqrt((v.array() - v.mean()).square().mean()); }

}  // namespace

TEST_CASE("three numbers by hand", "[mixture]") {
  // method.md section 2, "Tests"
  const VectorXd mu = vector({-1, 0, 1});
  const AnswerInformation info = answer_information(mu, 1);
  CHECK_THAT(info.upper, WithinAbs(.4638487524, 5e-11));
  CHECK_THAT(info.taylor2, WithinAbs(.2373664766, 5e-11));
  CHECK_THAT(info.taylor0, WithinAbs(.4638487524 - .5, 5e-11));
  CHECK_THAT(info.lower, WithinAbs(.1516714258, 5e-11));
  CHECK_THAT(information_by_quadrature(mu, 1), WithinAbs(.2538059846, 5e-11));
  const UpperBound bound = upper_bound(mu, 1);
  CHECK_THAT(bound.value, WithinAbs(.4638487524, 5e-11));
  CHECK_THAT(bound.gradient[0], WithinAbs(-.3110194, 1e-7));
  CHECK_THAT(bound.gradient[1], WithinAbs(0, 1e-15));
  CHECK_THAT(bound.gradient[2], WithinAbs(.3110194, 1e-7));
}

TEST_CASE("two numbers by hand, near and far", "[mixture]") {
  const AnswerInformation near = answer_information(vector({0, 2}), 1);
  CHECK_THAT(near.upper, WithinAbs(.5662192, 5e-8));
  CHECK_THAT(near.taylor2, WithinAbs(.3562320, 5e-8));
  CHECK_THAT(information_by_quadrature(vector({0, 2}), 1), WithinAbs(.3368308, 5e-8));
  const AnswerInformation far = answer_information(vector({0, 10}), 1);
  for (const double value : {far.upper, far.taylor2, far.lower, information_by_quadrature(vector({0, 10}), 1)})
    CHECK_THAT(value, WithinAbs(std::log(2.), 5e-6));
  CHECK_THAT(information_by_quadrature(vector({0, 1e12, -1e12, 5}), 1e-3), WithinAbs(std::log(4.), 1e-9));
}

TEST_CASE("a model that always says the same tells nothing", "[mixture]") {
  for (const int n : {1, 3, 500, 4000}) {
    const VectorXd mu = VectorXd::Constant(n, 17.3);
    const AnswerInformation info = answer_information(mu, .4);
    CHECK_THAT(info.upper, WithinAbs(0, 1e-12));
    CHECK_THAT(info.lower, WithinAbs(0, 1e-12));
    CHECK_THAT(info.taylor2, WithinAbs(0, 1e-12));
    CHECK_THAT(information_by_quadrature(mu, .4), WithinAbs(0, 1e-10));
    CHECK(upper_bound(mu, .4).gradient.cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("the truth lies between the bounds, whatever the model answers", "[mixture]") {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    const VectorXd mu = random_numbers(trial);
    for (const double s : {.05, .4, 1., 5.}) {
      INFO("trial " << trial << " s " << s);
      const AnswerInformation info = answer_information(mu, s);
      const double truth = information_by_quadrature(mu, s);
      CHECK(info.lower <= truth + 1e-9);
      CHECK(truth <= info.upper + 1e-9);
      CHECK(info.lower >= 0);
      CHECK(info.upper <= std::log(static_cast<double>(mu.size())));
      CHECK(info.taylor2 <= info.upper);
      if (sd(mu) <= .5 * s) CHECK(std::abs(info.taylor2 - truth) <= .02);
    }
  }
}

TEST_CASE("the second-order estimate is good to .02 where the noise is twice the spread", "[mixture]") {
  for (std::uint64_t trial = 0; trial < 40; ++trial) {
    const VectorXd mu = random_numbers(100 + trial);
    for (const double part : {.05, .2, .35, .5}) {
      const double s = sd(mu) / part;
      INFO("trial " << trial << " sd/s " << part);
      CHECK(std::abs(answer_information(mu, s).taylor2 - information_by_quadrature(mu, s)) <= .02);
    }
  }
}

TEST_CASE("adding a constant to all answers changes nothing", "[mixture]") {
  for (std::uint64_t trial = 200; trial < 210; ++trial) {
    const VectorXd mu = random_numbers(trial), shifted = mu.array() + 1000;
    const AnswerInformation a = answer_information(mu, 1), b = answer_information(shifted, 1);
    CHECK_THAT(b.upper, WithinAbs(a.upper, 1e-11));
    CHECK_THAT(b.lower, WithinAbs(a.lower, 1e-11));
    CHECK_THAT(b.taylor2, WithinAbs(a.taylor2, 1e-11));
    CHECK((upper_bound(shifted, 1).gradient - upper_bound(mu, 1).gradient).cwiseAbs().maxCoeff() < 1e-11);
    CHECK_THAT(information_by_quadrature(shifted, 1), WithinAbs(information_by_quadrature(mu, 1), 1e-10));
  }
}

TEST_CASE("the gradient is the one that finite differences give", "[mixture]") {
  for (std::uint64_t trial = 300; trial < 310; ++trial) {
    const VectorXd mu = random_numbers(trial);
    for (const double s : {.3, 1., 4.}) {
      const UpperBound bound = upper_bound(mu, s);
      CHECK_THAT(bound.gradient.sum(), WithinAbs(0, 1e-10));
      for (Eigen::Index i = 0; i < mu.size(); i += 1 + mu.size() / 8) {
        INFO("trial " << trial << " s " << s << " row " << i);
        VectorXd up = mu, down = mu;
        const double h = 1e-4 * s;
        up[i] += h, down[i] -= h;
        CHECK_THAT((upper_bound(up, s).value - upper_bound(down, s).value) / (2 * h), WithinAbs(bound.gradient[i], 1e-6));
      }
    }
  }
}

TEST_CASE("the information and its gradient equal NumPy's", "[mixture][golden]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/linear.json"))["mixture"];
  REQUIRE(golden.size() >= 4);
  for (const Json& g : golden) {
    const VectorXd mu = vector(g["mu"]), gradient = vector(g["gradient"]);
    const double s = g["s"];
    INFO("n " << mu.size() << " s " << s);
    const AnswerInformation info = answer_information(mu, s);
    CHECK_THAT(info.upper, WithinAbs(g["upper"].get<double>(), 1e-12));
    CHECK_THAT(info.lower, WithinAbs(g["lower"].get<double>(), 1e-12));
    CHECK_THAT(info.taylor2, WithinAbs(g["taylor2"].get<double>(), 1e-12));
    CHECK_THAT(information_by_quadrature(mu, s), WithinAbs(g["truth"].get<double>(), 1e-9));
    CHECK((upper_bound(mu, s).gradient - gradient).cwiseAbs().maxCoeff() < 1e-12 * (1 + gradient.cwiseAbs().maxCoeff()));
  }
}
