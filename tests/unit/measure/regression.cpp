#include "mid/measure/regression.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace mid;
using Catch::Approx;

TEST_CASE("the root mean square error stands beside that of the training mean") {
  const std::vector<double> squared{1, 4, 9, 2};
  const VectorXd truth{{1., 2., 3., 4.}};
  const Measure m = root_mean_square(squared, truth, 2, {}, "mg", Stream{1});
  CHECK(*m.value == Approx(2));
  CHECK(*m.baseline == Approx(std::sqrt((1 + 0 + 1 + 4) / 4.)));
  CHECK(*m.low >= 1);
  CHECK(*m.high <= 3);
  CHECK(*m.low < *m.value);
  CHECK(m.unit == "mg");
  CHECK_FALSE(root_mean_square({}, VectorXd(), 0, {}, "", Stream{1}).value.has_value());
}

TEST_CASE("within 20 percent includes the bound itself and is about the truth") {
  const VectorXd hits = within(VectorXd{{8., 7.9, 12., 12.1}}, VectorXd{{10., 10., 10., 10.}}, .2);
  CHECK(hits == VectorXd{{1., 0., 1., 0.}});
}
