// How answers become the input of an attacker's network, and what classifiers make of them.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "../matrices.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/attack/belief/nearest_belief.hpp"
#include "mid/model/linear/logistic.hpp"
#include "mid/nn/device.hpp"

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

TEST_CASE("the nearest answers are counted, each value once more, and equally distant ones all count") {
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  const Matrix learnt = (Matrix(5, 1) << 0, 1, 2, 3, 4).finished(), asked = (Matrix(2, 1) << .2f, 2).finished();
  const VectorXi value = (VectorXi(5) << 0, 0, 1, 1, 1).finished();
  MatrixD belief;
  finish(nearest_belief(learnt, value, 2, 2, asked, belief));
  CHECK(std::exp(belief(0, 0)) == Approx(3. / 4));  // rows 0 and 1
  // Rows 1 and 3 are equally far from 2: both count beside row 2.
  CHECK(std::exp(belief(1, 0)) == Approx(2. / 5));
  CHECK(std::exp(belief(1, 1)) == Approx(3. / 5));
  // Where all answers are the same, the belief is how common each value is.
  finish(nearest_belief(Matrix::Zero(5, 1), value, 2, 1, Matrix::Zero(1, 1), belief));
  CHECK(std::exp(belief(0, 1)) == Approx(4. / 7));
}

TEST_CASE("a logistic attacker decides between separable answers in the middle") {
  const auto device = cpu_device();
  Context context{*device, Stream{5}, nullptr, {}, {}};
  SparseRows rows, asked;
  finish(sparse((Matrix(4, 1) << 0, 1, 2, 3).finished(), rows));
  Logistic model;
  finish(fit_logistic(context, rows, (VectorXi(4) << 0, 0, 1, 1).finished(), 2, 1e-3, model));
  CHECK(model.weight.allFinite());
  finish(sparse((Matrix(2, 1) << 1.4f, 1.6f).finished(), asked));
  MatrixD belief;
  finish(log_probability(model, asked, belief));
  CHECK(belief(0, 0) > belief(0, 1));
  CHECK(belief(1, 1) > belief(1, 0));
}
