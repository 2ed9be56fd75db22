#include "mid/measure/classification.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using Catch::Approx;
using namespace mid;

namespace {

MatrixD logs(std::initializer_list<std::initializer_list<double>> probabilities) {
  MatrixD m(static_cast<Eigen::Index>(probabilities.size()), static_cast<Eigen::Index>(probabilities.begin()->size()));
  Eigen::Index r = 0;
  for (const auto& row : probabilities) {
    Eigen::Index c = 0;
    for (double p : row) m(r, c++) = std::log(p);
    ++r;
  }
  return m;
}

VectorXi labels(std::initializer_list<int> values) {
  VectorXi v(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), v.data());
  return v;
}

}  // namespace

TEST_CASE("accuracy counts the most likely class, ties to the lower one") {
  const MatrixD answers = logs({{.6, .4}, {.5, .5}, {.1, .9}});
  CHECK(most_likely(answers) == labels({0, 0, 1}));
  CHECK(correct_share(answers, labels({0, 1, 1})) == Approx(2.0 / 3));
  CHECK(wins(most_likely(answers), labels({0, 1, 1})).sum() == 2);
}

TEST_CASE("majority and entropy of the labels") {
  const VectorXi label = labels({0, 2, 2, 2});
  CHECK(majority_share(label, 3) == Approx(.75));
  CHECK(class_entropy(label, 3) == Approx(.25 * std::log(4) + .75 * std::log(4.0 / 3)));
  CHECK(class_entropy(labels({1, 1}), 2) == 0);
}

TEST_CASE("negative log-likelihood, also where the label got no chance") {
  CHECK(negative_log_likelihood(logs({{.5, .5}, {.25, .75}}), labels({0, 0})) == Approx((std::log(2) + std::log(4)) / 2));
  CHECK(std::isinf(negative_log_likelihood(logs({{1, 0}}), labels({1}))));
  CHECK(surprise(logs({{1, 0}}), labels({0}))[0] == 0);
}

TEST_CASE("calibration error by hand") {
  // Two answers in the bin of .7 (one right), one of .9 (right): (|1 - 1.4| + |1 - .9|) / 3.
  const MatrixD answers = logs({{.7, .3}, {.3, .7}, {.9, .1}});
  CHECK(calibration_error(answers, labels({0, 0, 0})) == Approx((.4 + .1) / 3));
  CHECK(calibration_error(logs({{1, 0}, {0, 1}}), labels({0, 1})) == 0);
  CHECK(calibration_error(logs({{1, 0}, {0, 1}}), labels({1, 0})) == Approx(1));
  // Confidences that are none must not become the index of a bin.
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(calibration_error((MatrixD(1, 2) << nan, nan).finished(), labels({0}))));
  CHECK(std::isinf(calibration_error((MatrixD(1, 2) << 1000, 0).finished(), labels({0}))));
}

TEST_CASE("Matthews correlation: the method's example") {
  CHECK(matthews(20, 10, 30, 140) == Approx(.40423).margin(5e-6));
  CHECK(matthews(0, 0, 30, 170) == 0);  // nothing is claimed
  CHECK(matthews(5, 0, 0, 5) == 1);
  CHECK(matthews(labels({1, 1, 0, 2}), labels({1, 0, 0, 1}), 1) == Approx(matthews(1, 1, 1, 1)));
}

TEST_CASE("the positive value is the rarest that occurs") {
  CHECK(rarest_value(labels({0, 0, 1, 3, 3}), 4) == 1);
  CHECK(rarest_value(labels({0, 1}), 2) == 0);
}

TEST_CASE("guesses: highest score, ties to the larger prior, then to the lower value") {
  MatrixD score(5, 3), prior(1, 3);
  prior << .2, .4, .4;
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  score << -1, -2, -3,     // plain
      -1, -1 + 1e-13, -5,  // tied with 0, larger prior
      -9, -2, -2,          // tied with equal priors
      -inf, -inf, -inf,    // nothing known
      nan, -3, nan;        // undefined
  CHECK(guesses(score, prior) == labels({0, 1, 1, 1, 1}));
  MatrixD each = prior.replicate(5, 1);
  each.row(3) << .8, .1, .1;
  CHECK(guesses(score, each)[3] == 0);
}
