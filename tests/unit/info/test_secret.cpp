// What an answer tells about one secret, and Fano's limit.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/mixture.hpp"
#include "mid/info/secret.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {}  // namespace

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
    CHECK_THAT(information_of_bells(vector(g["share"]), vector(g["mean"]), vector(g["sd"])),
               WithinAbs(g["information"].get<double>(), 1e-7));
}

TEST_CASE("one bell tells nothing, distant bells and different spikes everything, equal spikes nothing", "[secret]") {
  VectorXd share(2), same(2), apart(2), sd(2);
  share << .3, .7, same << 1, 1, apart << 0, 100, sd << 1, 1;
  CHECK_THAT(information_of_bells(share, same, sd), WithinAbs(0, 1e-12));
  CHECK_THAT(information_of_bells(share, apart, sd), WithinAbs(entropy(share), 1e-9));
  CHECK_THAT(information_of_bells(share, apart, VectorXd::Zero(2)), WithinAbs(entropy(share), 1e-15));
  CHECK(information_of_bells(share, same, VectorXd::Zero(2)) == 0);
  VectorXd spike = sd;
  spike[0] = 0;  // whoever sees the spike's very number knows, wherever the bell is
  for (const VectorXd& mean : {same, apart}) CHECK_THAT(information_of_bells(share, mean, spike), WithinAbs(entropy(share), 1e-12));
  spike[0] = 1e-12;  // a bell that is nearly one: more points would be needed than an int counts
  CHECK_THAT(information_of_bells(share, apart, spike), WithinAbs(entropy(share), 1e-3));
}

TEST_CASE("a cut answer tells what its cells tell", "[secret]") {
  VectorXd share(2), mean(2), sd(2);
  share << .5, .5, mean << -1, 1, sd << 1, 1;
  // A sign: a binary symmetric channel that is wrong with probability Phi(-1).
  const double wrong = .5 * std::erfc(1 / std::numbers::sqrt2);
  VectorXd channel(2);
  channel << wrong, 1 - wrong;
  CHECK_THAT(information_of_cells(share, mean, sd, {Cells::Of::sign, 0}), WithinAbs(std::log(2.) - entropy(channel), 1e-12));
  // Of the probability rounded to no decimals it is the same cut; more decimals tell more, up to the number itself.
  double before = information_of_cells(share, mean, sd, {Cells::Of::logit, 0});
  CHECK_THAT(before, WithinAbs(std::log(2.) - entropy(channel), 1e-12));
  const double all = information_of_bells(share, mean, sd);
  for (const int decimals : {1, 2, 3, 6}) {
    const double now = information_of_cells(share, mean, sd, {Cells::Of::logit, decimals});
    CHECK(now >= before - 1e-12);
    CHECK(now <= all + 1e-9);
    before = now;
  }
  CHECK_THAT(before, WithinAbs(all, 1e-4));
  // Cells far wider than the bells tell nothing, by the number or by the spike; a cut between the bells everything.
  mean << 9.8, 10.2, sd << .01, .01;
  CHECK_THAT(information_of_cells(share, mean, sd, {Cells::Of::number, 0}), WithinAbs(0, 1e-12));
  CHECK_THAT(information_of_cells(share, mean, sd, {Cells::Of::number, 1}), WithinAbs(std::log(2.), 1e-6));
  CHECK(information_of_cells(share, mean, VectorXd::Zero(2), {Cells::Of::number, 0}) == 0);
  CHECK_THAT(information_of_cells(share, mean, VectorXd::Zero(2), {Cells::Of::number, 1}), WithinAbs(std::log(2.), 1e-15));
}

TEST_CASE("cells begin where rounding goes to the next number", "[secret]") {
  for (const Cells& cells : {Cells{Cells::Of::number, 1}, Cells{Cells::Of::logit, 2}})
    for (const double c : {3., 41., 97.}) {
      const double at = cells.begin(c);
      CHECK(cells.cell(at + 1e-9) == c);
      CHECK(cells.cell(at - 1e-9) == c - 1);
    }
}
