// By hand and in closed form: method.md section 5, "Bounds on reconstruction".
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>

#include "mid/base/philox.hpp"
#include "mid/info/reconstruction.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

VectorXd vector(std::initializer_list<double> values) {
  VectorXd out(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), out.begin());
  return out;
}

MatrixD matrix_of(Eigen::Index cols, std::initializer_list<double> values) {
  MatrixD out(static_cast<Eigen::Index>(values.size()) / cols, cols);
  std::copy(values.begin(), values.end(), out.data());
  return out;
}

MatrixD normals(Stream stream, Eigen::Index rows, Eigen::Index cols) {
  Random draw(stream);
  MatrixD out(rows, cols);
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = draw.normal();
  return out;
}

}  // namespace

TEST_CASE("Fisher information by hand: mu = x, sigma = e^(x/2)", "[reconstruction]") {
  const MatrixD one = matrix_of(1, {1}), half = matrix_of(1, {.5});
  CHECK_THAT(fisher_information(one, half, vector({1}))(0, 0), WithinAbs(1.5, 1e-12));
  CHECK_THAT(fisher_information(one, half, vector({std::exp(.5)}))(0, 0), WithinAbs(.8678794, 5e-8));
  CHECK_THAT(fisher_information(one, {}, vector({2}))(0, 0), WithinAbs(.25, 1e-12));
}

TEST_CASE("an attacker who is right on average: the method's example", "[reconstruction]") {
  const MatrixD slope = matrix_of(2, {2, 0, 0, 1, 1, 1});
  CHECK_THAT(fisher_information(slope, {}, VectorXd::Ones(3)).trace(), WithinAbs(7, 1e-12));
  const double s = 1.870829;
  const MatrixD fisher = fisher_information(slope, {}, VectorXd::Constant(3, s));
  CHECK_THAT(unbiased_error(fisher) / 2, WithinAbs(1.361111, 1e-6));
  CHECK_THAT(unbiased_error_by_trace(fisher) / 2, WithinAbs(1, 1e-6));
  CHECK(std::isinf(unbiased_error(fisher_information(matrix_of(2, {1, 1}), {}, VectorXd::Ones(1)))));
  CHECK(std::isinf(unbiased_error_by_trace(MatrixD::Zero(2, 2))));
}

TEST_CASE("the linear case by hand, where van Trees' bound is the best attacker's error", "[reconstruction]") {
  const MatrixD slope = matrix_of(3, {1, 0, 1, 0, 2, 0});
  const VectorXd variances = vector({4, 1, .25}), noise = vector({.25, 1});
  const MatrixD fisher = fisher_information(slope, {}, noise.cwiseSqrt());
  CHECK((fisher - matrix_of(3, {4, 0, 4, 0, 4, 0, 4, 0, 4})).cwiseAbs().maxCoeff() < 1e-12);
  CHECK_THAT(van_trees(fisher, variances), WithinAbs(.8805556, 5e-8));
  CHECK_THAT(van_trees_by_trace(fisher, variances), WithinAbs(.5217391, 5e-8));
  const LinearCase exact = linear_case(slope, noise, variances);
  CHECK_THAT(exact.error, WithinAbs(.8805556, 5e-8));
  CHECK_THAT(exact.information, WithinAbs(2.2499048, 5e-8));
  // Noise of s (white) for a detail of .3 about N(0, diag(4, 1)).
  const MatrixD jacobian = matrix_of(2, {2, 0, 0, 1, 1, 1});
  const auto detail = [&](double s) { return 1 - linear_case(jacobian, VectorXd::Constant(3, s * s), vector({4, 1})).error / 5; };
  CHECK_THAT(detail(1), WithinAbs(.888136, 1e-6));
  CHECK_THAT(detail(5.921351), WithinAbs(.3, 1e-6));
}

TEST_CASE("the best attacker of the linear case makes this error and none less", "[reconstruction]") {
  const MatrixD slope = matrix_of(3, {1, 0, 1, 0, 2, 0});
  const VectorXd variances = vector({4, 1, .25}), noise = vector({.25, 1});
  constexpr Eigen::Index kPeople = 200000;
  const MatrixD x = normals(Stream{1}, kPeople, 3) * variances.cwiseSqrt().asDiagonal();
  const MatrixD z = x * slope.transpose() + normals(Stream{2}, kPeople, 2) * noise.cwiseSqrt().asDiagonal();
  const Eigen::MatrixXd covariance = slope * variances.asDiagonal() * slope.transpose() + Eigen::MatrixXd(noise.asDiagonal());
  const MatrixD best = z * covariance.inverse() * slope * variances.asDiagonal();
  const VectorXd error = (best - x).rowwise().squaredNorm();
  const double standard = std::sqrt((error.array() - error.mean()).square().mean() / kPeople);
  CHECK(std::abs(error.mean() - .8805556) < 4 * standard);
}

TEST_CASE("sigma that hangs on x tells of x: without its term the bound is beaten", "[reconstruction]") {
  // x ~ N(0, diag(2, .5)), mu = 0, ln sigma = (x1, x2, 0): the best attacker's error is 1.011 (by grid), the bound without the term 2.5.
  const VectorXd variances = vector({2, .5}), sigma = VectorXd::Ones(3);
  const MatrixD none = MatrixD::Zero(3, 2), log_sigma = matrix_of(2, {1, 0, 0, 1, 0, 0});
  CHECK_THAT(van_trees(fisher_information(none, {}, sigma), variances), WithinAbs(2.5, 1e-12));
  CHECK_THAT(van_trees(fisher_information(none, log_sigma, sigma), variances), WithinAbs(.65, 1e-9));
}

TEST_CASE("rate-distortion by hand", "[reconstruction]") {
  const VectorXd variances = vector({1, 4, .25});
  for (const auto& [nats, error] : {std::pair{.25, 3.6761226}, {.5, 2.7215178}, {1., 1.7215178}, {2., .7913411}, {3., .4060058}})
    CHECK_THAT(rate_distortion(variances, nats).error, WithinAbs(error, 5e-8));
  CHECK_THAT(rate_distortion(variances, 1).level, WithinAbs(.7357589, 5e-8));
  CHECK_THAT(rate_distortion(variances, 0).error, WithinAbs(5.25, 1e-12));
  CHECK(rate_distortion(variances, INFINITY).error == 0);
  CHECK_THAT(rate_distortion(vector({3}), .7).error, WithinRel(3 * std::exp(-1.4), 1e-12));
  CHECK_THAT(rate_distortion(vector({3, 0}), .7).error, WithinRel(3 * std::exp(-1.4), 1e-12));
  // Whitened: 60 coordinates of variance 1.
  for (const auto& [nats, detail] : {std::pair{1., .0328}, {10., .2835}, {50., .8111}})
    CHECK_THAT(1 - rate_distortion(VectorXd::Ones(60), nats).error / 60, WithinAbs(detail, 5e-5));
}

TEST_CASE("CEM's bound is rate-distortion's where that reaches all coordinates, and weaker elsewhere", "[reconstruction]") {
  const VectorXd variances = vector({4, 1, .25});
  CHECK_THAT(entropy_power_error(variances, 1), WithinAbs(1.5402514, 5e-8));
  CHECK_THAT(entropy_power_error(variances, 3), WithinRel(rate_distortion(variances, 3).error, 1e-12));
  for (double nats = 0; nats < 5; nats += .1) CHECK(entropy_power_error(variances, nats) <= rate_distortion(variances, nats).error + 1e-12);
}

TEST_CASE("what a fitted Gaussian says bounds the information, and nearly tells it where the answer is Gaussian", "[reconstruction]") {
  const MatrixD slope = matrix_of(3, {1, 0, 1, 0, 2, 0});
  const VectorXd variances = vector({4, 1, .25}), noise = vector({.25, 1});
  constexpr Eigen::Index kPeople = 20000;
  const MatrixD x = normals(Stream{3}, kPeople, 3) * variances.cwiseSqrt().asDiagonal();
  const MatrixD mean = x * slope.transpose(), sigma = VectorXd::Ones(kPeople) * noise.cwiseSqrt().transpose();
  const MatrixD drawn = mean + normals(Stream{4}, kPeople, 2).cwiseProduct(sigma);
  const double truth = linear_case(slope, noise, variances).information, found = fitted_information(mean, sigma, drawn);
  CHECK(found >= truth - .01);
  CHECK(found <= truth + .06);  // two standard errors of 10,000 draws, and chance
  // A code that says nothing: all there is are the two standard errors.
  const MatrixD nothing = MatrixD::Zero(kPeople, 2);
  CHECK(fitted_information(nothing, sigma, normals(Stream{5}, kPeople, 2).cwiseProduct(sigma)) < .01);
}

TEST_CASE("one of known records: Fano's inequality, and half the way to the next", "[reconstruction]") {
  CHECK_THAT(known_records_error(40, 1, 2), WithinAbs(.5459, 5e-5));
  CHECK(known_records_error(40, 4, 2) == 0);
  CHECK_THAT(known_records_error(2, 0, 2), WithinAbs(.5, 1e-9));
}

TEST_CASE("for two points the Gaussian bound is no bound: real records can be rebuilt better", "[reconstruction]") {
  // x = +-1, z = x + N(0, .5^2): the best attacker's error is E[1 - tanh(z / s^2)^2] = .0685974 (quadrature), the Gaussian bound .2.
  CHECK_THAT(linear_case(matrix_of(1, {1}), vector({.25}), vector({1})).error, WithinAbs(.2, 1e-12));
  CHECK_THAT(linear_case(matrix_of(1, {1}), vector({1}), vector({1})).error, WithinAbs(.5, 1e-12));
  const auto best = [](double s) {
    double total = 0;
    for (double z = -8; z < 10; z += 1e-3) {
      const double p = std::exp(-(z - 1) * (z - 1) / (2 * s * s)) / (s * std::sqrt(2 * std::numbers::pi)), guess = std::tanh(z / (s * s));
      total += p * (guess - 1) * (guess - 1) * 1e-3;
    }
    return total;
  };
  CHECK_THAT(best(.5), WithinAbs(.0685974, 1e-6));
  CHECK_THAT(best(1), WithinAbs(.4495995, 1e-6));
}
