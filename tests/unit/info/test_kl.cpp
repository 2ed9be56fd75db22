// The bottleneck's information in nats, by hand and against NumPy.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/kl.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the KL of one unit is the one worked out by hand", "[kl]") {
  // method.md section 4.1
  CHECK_THAT(kl_of_raw(.5, 5), WithinAbs(.2317394, 5e-8));
  CHECK_THAT(kl_by_raw(5), WithinAbs(-.3747739, 5e-8));
  CHECK_THAT(kl_of_raw(-1.2, 5.5), WithinAbs(.7206779, 5e-8));
  CHECK_THAT(kl_by_raw(5.5), WithinAbs(-.0327015, 5e-8));
  CHECK_THAT(sigma_of_raw(5), WithinAbs(std::log(2.), 1e-15));
  CHECK_THAT(sigma_of_raw(0), WithinAbs(.0067153, 5e-8));
  CHECK_THAT(kl_of_raw(0, 0), WithinAbs(4.50338, 5e-6));
  CHECK_THAT(kl_of_raw(2, -10), WithinAbs(16.50, 5e-3));  // 16.22 with the authors' added 1e-7
  CHECK_THAT(kl_of_unit(0, 1), WithinAbs(0, 1e-15));
  CHECK_THAT(kl_of_unit(3, 1), WithinAbs(4.5, 1e-15));
}

TEST_CASE("the KL stays finite however little noise a raw output asks for", "[kl]") {
  for (double raw : {-20., -100., -800., -1e6}) {
    CHECK_THAT(kl_of_raw(0, raw), WithinRel(5 - raw - .5, 1e-6));
    CHECK_THAT(kl_by_raw(raw), WithinAbs(-1, 1e-6));
  }
  CHECK_THAT(log_sigma_of_raw(-10 + 1e-9), WithinAbs(log_sigma_of_raw(-10 - 1e-9), 2e-7));  // no jump where the rule changes
  CHECK(std::isinf(kl_of_unit(0, 0)));
  CHECK(std::isnan(kl_of_raw(0, std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("the KL and its derivative equal NumPy's", "[kl][golden]") {
  const Json g = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/nn.json"))["kl"];
  REQUIRE(g["mu"].size() == 16);
  for (std::size_t i = 0; i < g["mu"].size(); ++i) {
    const double mu = g["mu"][i], raw = g["raw"][i];
    INFO("mu " << mu << " raw " << raw);
    CHECK_THAT(kl_of_raw(mu, raw), WithinRel(g["kl"][i].get<double>(), 1e-12));
    CHECK_THAT(kl_by_raw(raw), WithinAbs(g["by_raw"][i].get<double>(), 1e-12 * (1 + std::abs(raw))));
  }
}

TEST_CASE("a row's KL is the sum over its units", "[kl]") {
  Matrix mu(2, 3), sigma(2, 3);
  mu << 1, 0, -2, 0, 0, 0;
  sigma << 1, 1, 1, 1, 2, .5;
  const VectorXd kl = kl_of_rows(mu, sigma);
  CHECK_THAT(kl(0), WithinAbs(2.5, 1e-12));
  CHECK_THAT(kl(1), WithinAbs((3 - .75) / 2, 1e-12));  // the logarithms of 2 and 1/2 cancel
  // method.md 4.1: mu .5, raw 5, where sigma is ln 2
  CHECK_THAT(kl_of_unit(.5, std::log(2.)), WithinAbs(.2317394, 5e-8));
  CHECK(kl_of_rows(Matrix(4, 0), Matrix(4, 0)) == VectorXd::Zero(4));
  // A view of some columns is read in place.
  CHECK_THAT(kl_of_rows(mu.leftCols(1), sigma.leftCols(1))(0), WithinAbs(.5, 1e-12));
}
