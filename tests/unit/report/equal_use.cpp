#include "mid/report/equal_use.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/measure/spread.hpp"

using namespace mid;

namespace {

Chart::Point run(double leaks, double use, int seeds = 3, double half = 0) {
  Chart::Point p{.x = leaks, .y = use};
  if (half > 0) p.x_low = leaks - half, p.x_high = leaks + half;
  p.seeds = seeds;
  return p;
}

Chart::Series series(const char* name, Mark mark, std::vector<Chart::Point> points) {
  Chart::Series s{.name = name, .points = std::move(points)};
  s.mark = mark;
  return s;
}

}  // namespace

TEST_CASE("the one that gives away least at equal use wins, whoever it is, and who cannot be told from it is a tie") {
  Chart c;
  c.series = {series("none", Mark::ring, {run(.92, .98)}), series("MID", Mark::disc, {run(.8, .97), run(.5, .9)}),
              series("rounding", Mark::diamond, {run(.7, .97, 3, .05), run(.43, .96, 3, .05)}),
              series("label only", Mark::plus, {run(.46, .99, 3, .04)}), series("noise", Mark::square, {run(.6, .7)})};
  const EqualUse use = equal_use(c, .95);
  REQUIRE(use.reach == 4);
  CHECK(use.places[0].series == 2);
  CHECK(*use.places[0].leaks == .43);
  CHECK(use.places[0].point == 1);
  CHECK(use.ties == std::vector<std::size_t>{1});  // label only: 42 to 50 begins before 48 ends
  CHECK(use.decided());
  CHECK(use.places.back().series == 4);
  CHECK_FALSE(use.places.back().leaks);
}

TEST_CASE("between two runs of a curve its straight line counts, and across a gap nothing does") {
  Chart c;
  c.series = {series("MID", Mark::disc, {run(.8, 1.0), run(.4, .9)})};
  const EqualUse use = equal_use(c, .95);
  REQUIRE(use.reach == 1);
  CHECK(std::abs(*use.places[0].leaks - .6) < 1e-12);
  CHECK_FALSE(use.places[0].point);
  c.series[0].joined = false;
  CHECK(*equal_use(c, .95).places[0].leaks == .8);
}

TEST_CASE("fewer than three repeats decide nothing, and nobody may reach the line") {
  Chart c;
  c.series = {series("MID", Mark::disc, {run(.5, .97, 2)}), series("noise", Mark::square, {run(.6, .97, 9)})};
  CHECK_FALSE(equal_use(c, .95).decided());
  CHECK(equal_use(c, .95).seeds == 2);
  CHECK(equal_use(c, .99).reach == 0);
  CHECK_FALSE(equal_use(c, .99).decided());
  CHECK(equal_use(Chart{}, .9).places.empty());
}

TEST_CASE("the line begins two points below the model nobody defended, in whole points") {
  Chart c;
  c.series = {series("MID", Mark::disc, {run(.5, .99)})};
  CHECK(std::abs(usual_floor(c) - .97) < 1e-9);
  c.series.push_back(series("none", Mark::ring, {run(.9, .956)}));
  CHECK(std::abs(usual_floor(c) - .93) < 1e-9);
  CHECK(usual_floor(Chart{}) == .95);
}

TEST_CASE("the interval of a mean is Student's") {
  const double three[] = {1, 2, 3};
  const auto i = interval_of_mean(three);
  REQUIRE(i);
  CHECK(std::abs(i->second - (2 + 4.303 / std::sqrt(3))) < 1e-3);
  std::vector<double> many(40, 0);
  for (std::size_t k = 0; k < many.size(); ++k) many[k] = k % 2 ? 1 : -1;
  CHECK(std::abs(interval_of_mean(many)->second - 2.0227 * std::sqrt(40. / 39) / std::sqrt(40)) < 1e-3);
  CHECK_FALSE(interval_of_mean(std::span(three, 2)));
}
