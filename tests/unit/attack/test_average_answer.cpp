// How answers become the input of an attacker's network.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "../matrices.hpp"
#include "mid/attack/belief/average_answer.hpp"

using namespace mid;
using Catch::Approx;

namespace {}  // namespace

TEST_CASE("a decoder reads certainty as 23.026 and impossibility as 0") {
  // method.md 4.1: two classes, p = (1, 0)
  const Matrix t = decoder_input(row({0, -std::numeric_limits<float>::infinity()}), AnswerForm::log_probability, std::nullopt);
  CHECK(t(0, 0) == Approx(23.026).margin(1e-3));
  CHECK(t(0, 1) == 0);
  CHECK(decoder_input(row({0, 1, 0}), AnswerForm::label, std::nullopt)(0, 1) == Approx(23.026).margin(1e-3));
}

TEST_CASE("a single logit becomes both classes' confidences") {
  const Matrix t = decoder_input(row({std::log(3.f)}), AnswerForm::logit, std::nullopt);
  REQUIRE(t.cols() == 2);
  CHECK(t(0, 0) == Approx(std::log(.25) + 23.026).margin(1e-3));
  CHECK(t(0, 1) == Approx(std::log(.75) + 23.026).margin(1e-3));
}

TEST_CASE("of a truncated answer the largest confidences are left, of equals the lower class") {
  const Matrix t = decoder_input(row({std::log(.2f), std::log(.4f), std::log(.2f), std::log(.2f)}), AnswerForm::log_probability, 2);
  CHECK(t(0, 1) > 20);
  CHECK(t(0, 0) == Approx(std::log(.2) + 23.026).margin(1e-3));
  CHECK(t(0, 2) == 0);
  CHECK(t(0, 3) == 0);
}

TEST_CASE("several answers are averaged as logarithms, each raised to the floor first") {
  AverageAnswer average(0, -10);
  average.add({row({-1, -30}), AnswerForm::log_probability});
  average.add({row({-3, -20}), AnswerForm::log_probability});
  CHECK(average.mean()(0, 0) == Approx(-2));
  CHECK(average.mean()(0, 1) == Approx(-10));
}
