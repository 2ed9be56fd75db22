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
  const auto check = [](std::int64_t steps, double rate, double sigma, double delta, double epsilon, int order) {
    const Epsilon found = epsilon_of_steps(steps, rate, sigma, delta);
    CHECK_THAT(found.epsilon, WithinAbs(epsilon, 1e-4));
    CHECK(found.order == order);
  };
  check(1000, .01, 1.1, 1e-5, 1.72529, 9);
  check(1, 1, 4, 1e-5, 1.01255, 18);
  check(1200, .1, 2, 1e-3, 7.74750, 3);
  CHECK(epsilon_of_steps(1, 1e-6, 50, .4).epsilon == 0);
  CHECK(std::isinf(epsilon_of_steps(1, .1, 0, 1e-5).epsilon));
}

TEST_CASE("epsilon is that of Opacus over the whole orders, and never below what its fractions of orders give", "[rdp]") {
  const Json all = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/public.json"));
  for (const Json& c : all["accountant"]) {
    const Epsilon found = epsilon_of_steps(c["steps"], c["rate"], c["sigma"], c["delta"]);
    INFO(c.dump());
    CHECK_THAT(found.epsilon, WithinRel(c["public_whole"].get<double>(), 1e-9));
    CHECK(found.order == c["our_order"]);
    CHECK(found.epsilon >= c["public"].get<double>() - 1e-9);
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
