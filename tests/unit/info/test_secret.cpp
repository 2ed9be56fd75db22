// What an answer tells about one secret, and Fano's limit.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/mixture.hpp"
#include "mid/info/secret.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

}  // namespace

TEST_CASE("the least error by hand", "[fano]") {
  // method.md section 1
  CHECK_THAT(least_error(.5, 2), WithinAbs(.1997, 5e-5));
  CHECK_THAT(least_error(.25, 2), WithinAbs(.0686, 5e-5));
  CHECK_THAT(least_error(std::log(2.), 2), WithinAbs(.5, 1e-12));
  CHECK_THAT(least_error(.785, 3), WithinAbs(.2788, 5e-5));
  CHECK_THAT(least_error(std::log(40.) - 1, 40), WithinAbs(.5459, 5e-5));
  CHECK(least_error(0, 2) == 0);
  CHECK(least_error(-1, 5) == 0);
  CHECK_THAT(least_error(9, 5), WithinAbs(.8, 1e-12));
}

TEST_CASE("the least error undoes the entropy of an error", "[fano]") {
  for (const int values : {2, 3, 10})
    for (double p = .01; p < 1 - 1. / values; p += .07) {
      VectorXd belief = VectorXd::Constant(values, p / (values - 1));
      belief[0] = 1 - p;
      CHECK_THAT(least_error(entropy(belief), values), WithinAbs(p, 1e-9));
    }
}

TEST_CASE("two equal bells tell what the regression's quadrature says", "[secret]") {
  VectorXd mean(2), share(2), sd(2);
  mean << 0, 2, share << .5, .5, sd << 1, 1;
  CHECK_THAT(information_of_bells(share, mean, sd), WithinAbs(information_by_quadrature(mean, 1), 1e-9));
}

TEST_CASE("what bells tell equals NumPy's", "[secret][golden]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/information.json"));
  for (const Json& g : golden["secret"])
    CHECK_THAT(information_of_bells(vector(g["share"]), vector(g["mean"]), vector(g["sd"])), WithinAbs(g["information"].get<double>(), 1e-7));
}

TEST_CASE("one bell tells nothing, distant bells and different spikes everything, equal spikes nothing", "[secret]") {
  VectorXd share(2), same(2), apart(2), sd(2);
  share << .3, .7, same << 1, 1, apart << 0, 100, sd << 1, 1;
  CHECK_THAT(information_of_bells(share, same, sd), WithinAbs(0, 1e-12));
  CHECK_THAT(information_of_bells(share, apart, sd), WithinAbs(entropy(share), 1e-9));
  CHECK_THAT(information_of_bells(share, apart, VectorXd::Zero(2)), WithinAbs(entropy(share), 1e-15));
  CHECK(information_of_bells(share, same, VectorXd::Zero(2)) == 0);
}
