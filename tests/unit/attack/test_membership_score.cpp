// Scores of attackers on membership, worked out by hand.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "../matrices.hpp"
#include "mid/attack/belief/membership_score.hpp"
#include "mid/base/error.hpp"
#include "mid/measure/true_positive_rate.hpp"

using namespace mid;
using Catch::Approx;
using Flags = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

TEST_CASE("the statistic is the logit of the mean confidence in the true class, whatever form the answer has") {
  const VectorXi label = (VectorXi(2) << 1, 0).finished();
  const auto of = [&](AnswerForm form, const Matrix& value, double half_width = 0) {
    AnswersToOutcome answers(label, {}, half_width);
    answers.add({value, form});
    return answers.statistic();
  };
  const double l = std::log(.8 / .2);
  Matrix p(2, 3);
  p << .1f, .8f, .1f, .8f, .15f, .05f;
  for (const VectorXd& phi : {of(AnswerForm::probability, p), of(AnswerForm::log_probability, p.array().log().matrix())}) {
    CHECK(phi[0] == Approx(l).epsilon(1e-5));
    CHECK(phi[1] == Approx(l).epsilon(1e-5));
  }
  Matrix logit(2, 1), second(2, 1);
  logit << static_cast<float>(l), static_cast<float>(l);
  second << .8f, .8f;
  CHECK(of(AnswerForm::logit, logit)[0] == Approx(l));
  CHECK(of(AnswerForm::logit, logit)[1] == Approx(-l));
  CHECK(of(AnswerForm::probability, second)[1] == Approx(-l).epsilon(1e-5));
  // Surer than a rounded answer tells nobody takes it for, nor a label surer than 1e-10.
  Matrix sure(2, 3);
  sure << 0, 1, 0, 0, 1, 0;
  CHECK(of(AnswerForm::probability, sure, .05)[0] == Approx(std::log(1 / .05)));
  CHECK(of(AnswerForm::label, sure)[0] == Approx(std::log(1e10)));
  CHECK(of(AnswerForm::label, sure)[1] == Approx(-std::log(1e10)));
  CHECK_THROWS_AS(of(AnswerForm::code, sure), Error);
}

TEST_CASE("repeats are averaged as confidences, and a regression's as numbers") {
  AnswersToOutcome classes((VectorXi(1) << 0).finished(), {}, 0);
  Matrix one(1, 2), other(1, 2);
  one << .9f, .1f, other << .5f, .5f;
  classes.add({one, AnswerForm::probability}), classes.add({other, AnswerForm::probability});
  CHECK(classes.statistic()[0] == Approx(std::log(.7 / .3)).epsilon(1e-6));
  CHECK(classes.fit()[0] == Approx(std::log(.7)).epsilon(1e-6));
  AnswersToOutcome number({}, (VectorXd(1) << 5).finished(), 0);
  number.add({Matrix::Constant(1, 1, 2), AnswerForm::number}), number.add({Matrix::Constant(1, 1, 6), AnswerForm::number});
  CHECK(number.statistic()[0] == 4);
  CHECK(number.fit()[0] == -1);
}

TEST_CASE("a score is how many standard deviations the statistic lies above models that never saw the record") {
  MatrixD own(4, 3);
  own << -1, 3, 100, 1, 5, 0, 0, 4, 0, 50, 4, 0;
  Flags counts = Flags::Constant(4, 3, true);
  counts(3, 0) = false;                        // that model saw record 0
  counts.col(2) << true, false, false, false;  // one model is no spread
  VectorXd phi(3);
  phi << 2, 3, 7;
  const VectorXd score = ratio_scores(phi, own, counts, {});
  CHECK(score[0] == Approx(2));  // mean 0, sd 1
  CHECK(score[1] == Approx(-1 / std::sqrt(2. / 3)));
  CHECK(score[2] == 0);
  // Of a regression: 2 sd towards the target, or away from it.
  VectorXd target(3);
  target << -9, 4, 7;
  CHECK(ratio_scores(phi, own, counts, target)[0] == Approx(-2));
  target[0] = 9;
  CHECK(ratio_scores(phi, own, counts, target)[0] == Approx(2));
  // Where no model differs from another the distance itself counts.
  CHECK(ratio_scores(phi, MatrixD::Zero(4, 3), Flags::Constant(4, 3, true), {})[1] == 3);
}

TEST_CASE("the best threshold lies between two scores and tells most apart") {
  CHECK(best_threshold({{0, false}, {1, false}, {2, true}, {4, true}}) == 1.5);
  CHECK(best_threshold({{0, true}, {1, false}}) == -1);             // naming everybody is as good as anything
  CHECK(best_threshold({{1, false}, {1, true}, {1, false}}) == 2);  // equal scores go together
}

TEST_CASE("the true-positive rate is taken at a quantile of the others, between two of them and through ties") {
  using Side = Eigen::Array<bool, Eigen::Dynamic, 1>;
  VectorXd score(4);
  score << 3, 1, 2, 0;
  Side positive(4);
  positive << true, true, false, false;
  const TruePositiveRate rate(score, positive);
  CHECK(rate.at(.5) == .5);  // threshold 1, between strangers 0 and 2: 3 is above it
  CHECK(rate.at(.01) == .5);
  CHECK(rate.at(.5, std::vector<int>{1, 3, 1, 1}) == .25);
  CHECK(std::isnan(rate.at(.5, std::vector<int>{0, 0, 1, 1})));
  // All alike: whoever names one in ten at random finds one in ten.
  CHECK(TruePositiveRate(VectorXd::Zero(4), positive).at(.1) == Approx(.1));
  // NumPy: np.quantile([0, 1, ..., 10], .9) is 9, and of 0 .. 9 it is 8.1.
  for (const int others : {11, 10}) {
    VectorXd line(others + 3);
    for (int i = 0; i < others; ++i) line[i] = i;
    line.tail(3) << 8, 8.5, 9.5;
    Side last = Side::Constant(others + 3, false);
    last.tail(3) = true;
    const double at_threshold = others == 11 ? 0 : 1;  // of 11 others the threshold is one of them, and the one above is 1.1 - 1 too few
    CHECK(TruePositiveRate(line, last).at(.1) == Approx((1 + at_threshold) / 3));
  }
}
