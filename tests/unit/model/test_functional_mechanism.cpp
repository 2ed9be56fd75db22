// The functional mechanism: exact without noise, noise of the size promised, and refusals.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

#include "../data/check_error.hpp"
#include "mid/model/linear/functional_mechanism.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct MechanismExample {
  MatrixD x;
  VectorXd y;
  PublicBounds bounds;
};

MechanismExample mechanism_example(int rows) {
  Matrix noise(rows, 4);
  fill_normal(Stream{5, 0}, 0, noise);
  MechanismExample out;
  out.x = noise.leftCols(3).cast<double>();
  out.x.col(0).array() += 40;
  out.x.col(1) *= 100;
  out.y = (out.x * Eigen::Vector3d(1, -.02, .5)).array() - 38 + .5 * noise.col(3).cast<double>().array();
  out.bounds = observed_bounds(out.x, out.y.minCoeff(), out.y.maxCoeff());
  return out;
}

FunctionalFit fit(const MechanismExample& e, double epsilon, double ridge_sd = 4, std::uint64_t seed = 1) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  FunctionalFit out;
  finish(fit_functional_mechanism(context, e.x, e.y, e.bounds, epsilon, ridge_sd, Stream{seed, 0}, out));
  return out;
}

}  // namespace

TEST_CASE("without noise the functional mechanism is least squares", "[functional]") {
  const MechanismExample e = mechanism_example(300);
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  Linear ols;
  finish(fit_ridge(context, e.x, e.y, 0, ols));
  const FunctionalFit exact = fit(e, kInfinity), nearly = fit(e, 1e12);
  CHECK(exact.noise_scale == 0);
  CHECK(exact.dropped == 0);
  for (int j = 0; j < 3; ++j) {
    CHECK_THAT(exact.model.weight[j], WithinRel(ols.weight[j], 1e-9));
    CHECK_THAT(nearly.model.weight[j], WithinRel(ols.weight[j], 1e-6));
  }
  CHECK_THAT(exact.model.bias, WithinRel(ols.bias, 1e-9));
}

TEST_CASE("the noise has the scale that the sensitivity asks for", "[functional]") {
  const MechanismExample e = mechanism_example(100);
  CHECK_THAT(fit(e, 2).noise_scale, WithinAbs(2 * 25 / 2., 1e-12));  // d = 3 inputs and the constant
  // The dose data: 14 inputs and the constant, Delta = 512.
  MechanismExample wide = e;
  wide.x = MatrixD::Zero(100, 14);
  wide.bounds = observed_bounds(wide.x, 0, 10);
  CHECK_THAT(fit(wide, 1).noise_scale, WithinAbs(512, 1e-12));
}

TEST_CASE("strong privacy gives a model that hardly answers, and each draw another one", "[functional]") {
  const MechanismExample e = mechanism_example(300);
  CHECK(fit(e, 10, 4, 1).model.weight == fit(e, 10, 4, 1).model.weight);
  CHECK(fit(e, 10, 4, 1).model.weight != fit(e, 10, 4, 2).model.weight);
  const auto error = [&](double epsilon) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) sum += (fit(e, epsilon, 4, seed).model.predict(e.x) - e.y).squaredNorm();
    return sum;
  };
  CHECK(error(1e5) < error(100));
  CHECK(error(100) < error(1));
}

TEST_CASE("directions without a positive eigenvalue are dropped", "[functional]") {
  const MechanismExample e = mechanism_example(20);
  int dropped = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const FunctionalFit f = fit(e, .5, 0, seed);
    dropped += f.dropped;
    CHECK(f.model.weight.allFinite());
  }
  CHECK(dropped > 10);
  // An input whose public range is a point is none.
  MechanismExample flat = e;
  flat.x.col(1).setConstant(7);
  flat.bounds = observed_bounds(flat.x, -10, 10);
  const FunctionalFit f = fit(flat, kInfinity);
  CHECK(f.model.weight[1] == 0);
  CHECK(f.dropped == 1);
}

TEST_CASE("rows beyond the public bounds are clipped", "[functional]") {
  MechanismExample e = mechanism_example(200);
  const Linear before = fit(e, kInfinity).model;
  e.y[0] = e.bounds.target_high;
  const Linear at_the_bound = fit(e, kInfinity).model;
  e.y[0] = 1e9;
  const Linear far = fit(e, kInfinity).model;
  CHECK(far.weight == at_the_bound.weight);
  CHECK(far.weight != before.weight);
}

TEST_CASE("settings of the functional mechanism that make no sense are refused by name", "[functional]") {
  const MechanismExample e = mechanism_example(20);
  CHECK(check_error([&] { fit(e, 0); }, "above 0, found 0") == "defense.epsilon");
  CHECK(check_error([&] { fit(e, 1, -1); }, "at least 0, found -1") == "defense.ridge_sd");
  MechanismExample broken = e;
  broken.bounds.target_low = broken.bounds.target_high;
  CHECK(check_error([&] { fit(broken, 1); }, "public bounds") == "defense");
  broken = e;
  broken.x(3, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(check_error([&] { fit(broken, 1); }, "infinite or not a number") == "data");
}
