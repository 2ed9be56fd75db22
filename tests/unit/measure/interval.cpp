#include "mid/measure/interval.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "mid/base/error.hpp"

using Catch::Approx;
using namespace mid;

TEST_CASE("Wilson's interval of 8 of 10") {
  const auto [low, high] = wilson(8, 10);
  CHECK(low == Approx(.4902).margin(5e-5));
  CHECK(high == Approx(.9433).margin(5e-5));
  CHECK(wilson(0, 20).first == 0);
  CHECK(wilson(20, 20).second == 1);
  CHECK(wilson(0, 0) == std::pair(0.0, 1.0));
}

TEST_CASE("a proportion") {
  const Measure m = proportion(8, 10, .5);
  CHECK(m.value == .8);
  CHECK(m.baseline == .5);
  CHECK(m.n == 10);
  CHECK(m.unit == "proportion");
  CHECK_FALSE(proportion(0, 0, .5).value);
}

TEST_CASE("the bootstrap of a mean is about two standard errors wide, and the same every time") {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 2);
  const Stream random{5, 6};
  const Measure m = mean_with_bootstrap(values, {}, .1, "", random), again = mean_with_bootstrap(values, {}, .1, "", random);
  CHECK(m.value == .5);
  CHECK(*m.low == Approx(.5 - 1.96 * .025).margin(.005));
  CHECK(*m.high == Approx(.5 + 1.96 * .025).margin(.005));
  CHECK(m.low == again.low);
  CHECK(m.high == again.high);
  CHECK(m.n == 400);
}

TEST_CASE("records of one person are drawn together") {
  // Each of 50 persons gives the same value eight times: the interval is that of 50 values, not of 400.
  std::vector<double> values, one_each;
  std::vector<int> person;
  for (int p = 0; p < 50; ++p) {
    one_each.push_back(p % 2);
    for (int k = 0; k < 8; ++k) values.push_back(p % 2), person.push_back(1000 - 7 * p);
  }
  const Measure together = mean_with_bootstrap(values, person, {}, "", Stream{1});
  const Measure alone = mean_with_bootstrap(one_each, {}, {}, "", Stream{1});
  CHECK(*together.high - *together.low == Approx(*alone.high - *alone.low).epsilon(.1));
  CHECK(together.n == 400);
}

TEST_CASE("the advantage is paired record by record") {
  // Wins and guesses agree except in one record of four.
  std::vector<double> wins, guess;
  for (int i = 0; i < 200; ++i) wins.push_back(i % 4 != 0), guess.push_back(i % 4 > 1);
  const Measure m = paired_advantage(wins, guess, {}, Stream{2});
  CHECK(m.value == .25);
  CHECK(m.baseline == 0.0);
  CHECK(*m.low > .18);
  CHECK(*m.high < .32);  // two unpaired proportions would be .1 off
  CHECK(paired_advantage(wins, wins, {}, Stream{2}).low == 0.0);
}

TEST_CASE("R squared is a ratio of sums") {
  const std::vector<double> attack = {.01, .03}, average = {.02, .06};
  const Measure m = r_squared(attack, average, {}, Stream{3});
  CHECK(*m.value == Approx(.5));
  CHECK(*m.low == Approx(.5));
  CHECK(*r_squared(average, average, {}, Stream{3}).value == 0);
  CHECK(*r_squared(std::vector{.04, .12}, average, {}, Stream{3}).value == Approx(-1));
  CHECK_FALSE(r_squared(std::vector{.0}, std::vector{.0}, {}, Stream{3}).value);
}

TEST_CASE("what is not finite has no value and is null in JSON") {
  const double inf = std::numeric_limits<double>::infinity();
  const Measure m = mean_with_bootstrap(std::vector{1.0, inf}, {}, 18.3, "dB", Stream{4});
  CHECK_FALSE(m.value);
  CHECK_FALSE(m.low);
  const Json j = json_of(Measure{.value = inf, .baseline = std::nan(""), .n = 2, .unit = "dB"});
  CHECK(j == Json::parse(R"({"value":null,"baseline":null,"low":null,"high":null,"n":2,"unit":"dB"})"));
  CHECK_FALSE(mean_with_bootstrap({}, {}, {}, "", Stream{4}).value);
}

TEST_CASE("a measure survives JSON") {
  const Measure m{.value = .47, .baseline = .1, .low = .35, .high = .59, .n = 40, .unit = "proportion"};
  Measure back;
  read_members(Json::parse(json_of(m).dump()), back, {}, Lacking::refused);
  CHECK(back.value == m.value);
  CHECK(back.baseline == m.baseline);
  CHECK(back.low == m.low);
  CHECK(back.high == m.high);
  CHECK(back.n == 40);
  CHECK(back.unit == "proportion");
  CHECK_THROWS_AS(read_members(Json::parse(R"({"value":1})"), back, {}, Lacking::refused), Error);
  CHECK_THROWS_AS(read_members(Json(3), back), Error);
}

TEST_CASE("figures that are no means have their intervals from the advantage's own resamples, persons together") {
  std::vector<double> wins, before(300, .5);
  std::vector<int> person;
  for (int i = 0; i < 300; ++i) wins.push_back(i % 3 ? 1 : 0), person.push_back(i / 2);
  for (const bool by_person : {false, true}) {
    const std::span<const int> persons = by_person ? std::span<const int>(person) : std::span<const int>();
    Measure mean{.value = 1};
    AlsoResampled also{{&mean}, [&](std::span<const int> weight, std::span<double> values) {
                         double sum = 0, n = 0;
                         for (std::size_t i = 0; i < wins.size(); ++i) sum += weight[i] * (wins[i] - before[i]), n += weight[i];
                         CHECK((!by_person || weight[0] == weight[1]));
                         values[0] = sum / n;
                       }};
    const Stream random{3, 4};
    const Measure advantage = paired_advantage(wins, before, persons, random, also),
                  alone = paired_advantage(wins, before, persons, random);
    CHECK(advantage.low == alone.low);
    CHECK(advantage.high == alone.high);
    CHECK(*mean.low == Approx(*alone.low));
    CHECK(*mean.high == Approx(*alone.high));
  }
  Measure never{.value = 1};
  AlsoResampled also{{&never}, [](std::span<const int>, std::span<double> values) { values[0] = std::nan(""); }};
  (void)paired_advantage(wins, before, {}, Stream{1, 1}, also);
  CHECK_FALSE(never.low);
}
