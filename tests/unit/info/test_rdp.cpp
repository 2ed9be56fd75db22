// By-hand values of method.md 4.1, "RDP accountant", and Opacus on the same trainings.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/rdp.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("one step of order 2 tells ln(1 + q^2 (e^(1/sigma^2) - 1))", "[rdp]") {
  CHECK_THAT(renyi_of_step(2, .01, 1.1), WithinAbs(1.28510e-4, 5e-9));
  for (const double q : {1e-4, .02, .3, .9})
    for (const double sigma : {.7, 1.1, 4.})
      CHECK_THAT(renyi_of_step(2, q, sigma), WithinRel(std::log1p(q * q * std::expm1(1 / (sigma * sigma))), 1e-9) ||
                                                 WithinAbs(std::log1p(q * q * std::expm1(1 / (sigma * sigma))), 1e-15));
  CHECK_THAT(renyi_of_step(7, 1, 2), WithinRel(7 / 8., 1e-12));
  CHECK(renyi_of_step(512, .01, .3) > 1000);  // no overflow on the way
  CHECK(renyi_of_step(3, 0, 1) == 0);
  CHECK(std::isinf(renyi_of_step(3, .1, 0)));
}

TEST_CASE("epsilon of many steps: the method's examples", "[rdp]") {
  const auto check = [](std::int64_t steps, double rate, double sigma, double delta, double epsilon, double order) {
    const Epsilon found = epsilon_of_steps(steps, rate, sigma, delta);
    CHECK_THAT(found.epsilon, WithinAbs(epsilon, 1e-4));
    CHECK(found.order == order);
  };
  check(1000, .01, 1.1, 1e-5, 1.71177, 9.6);  // by whole orders alone 1.72529
  check(1, 1, 4, 1e-5, 1.01255, 18);
  check(1200, .1, 2, 1e-3, 7.69476, 2.8);  // 7.74750
  CHECK(epsilon_of_steps(1, 1e-6, 50, .4).epsilon == 0);
  CHECK(std::isinf(epsilon_of_steps(1, .1, 0, 1e-5).epsilon));
}

TEST_CASE("between whole orders a step tells what mpmath integrates, and nothing jumps at a whole one", "[rdp]") {
  // log(quad(((1 - q) + q e^((2x - 1) / 2 s^2))^a N(x; 0, s))) / (a - 1), 40 digits.
  CHECK_THAT(renyi_of_step(1.1, .25, .6), WithinAbs(.169053334192898, 1e-13));
  CHECK_THAT(renyi_of_step(1.3, .1, 1.1), WithinAbs(.00760457850297302, 1e-13));
  CHECK_THAT(renyi_of_step(2.5, .01, 4), WithinAbs(8.06440975849603e-6, 1e-13));
  CHECK_THAT(renyi_of_step(7.3, .001, .8), WithinAbs(1.46081737162524e-5, 1e-13));
  CHECK_THAT(renyi_of_step(10.9, .5, 20), WithinAbs(.00342852558687697, 1e-13));
  for (const int a : {2, 5, 10}) CHECK_THAT(renyi_of_step(a + 1e-9, .1, 1.1), WithinRel(renyi_of_step(a, .1, 1.1), 1e-8));
  CHECK_THAT(renyi_of_step(1.5, 1, 2), WithinRel(1.5 / 8, 1e-12));
  CHECK(std::isfinite(renyi_of_step(10.9, .1, .05)));
  CHECK(std::isinf(renyi_of_step(10.9, .1, .049)));
}

TEST_CASE("epsilon is that of Opacus, and never above what whole orders alone give", "[rdp]") {
  const Json all = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/public.json"));
  for (const Json& c : all["accountant"]) {
    const Epsilon found = epsilon_of_steps(c["steps"], c["rate"], c["sigma"], c["delta"]);
    INFO(c.dump());
    CHECK_THAT(found.epsilon, WithinRel(c["ours"].get<double>(), 1e-8));
    CHECK_THAT(found.epsilon, WithinRel(c["public"].get<double>(), 1e-8));
    CHECK(found.order == c["our_order"]);
    CHECK(found.epsilon <= c["whole"].get<double>() + 1e-9);
  }
}

TEST_CASE("more steps, more records a step and less noise guarantee less", "[rdp]") {
  double before = 0;
  for (const int steps : {1, 10, 100, 1000, 10000}) {
    const double epsilon = epsilon_of_steps(steps, .02, 1, 1e-5).epsilon;
    CHECK(epsilon > before);
    before = epsilon;
  }
  CHECK(epsilon_of_steps(100, .04, 1, 1e-5).epsilon > epsilon_of_steps(100, .02, 1, 1e-5).epsilon);
  CHECK(epsilon_of_steps(100, .02, .8, 1e-5).epsilon > epsilon_of_steps(100, .02, 1, 1e-5).epsilon);
}
