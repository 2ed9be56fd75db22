#include "mid/measure/attribute.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/measure/classification.hpp"

using Catch::Approx;
using namespace mid;

namespace {

VectorXi repeated(std::initializer_list<std::pair<int, int>> value_and_count) {
  VectorXi out;
  for (auto [value, count] : value_and_count) {
    const auto before = out.size();
    out.conservativeResize(before + count);
    out.tail(count).setConstant(value);
  }
  return out;
}

}  // namespace

TEST_CASE("figures of claims: the method's example") {
  const VectorXi guess = repeated({{1, 30}, {0, 170}}), truth = repeated({{1, 20}, {0, 10}, {1, 30}, {0, 140}});
  const Claims c = claims(guess, truth, 1);
  CHECK(c.true_positive == 20);
  CHECK(c.false_positive == 10);
  CHECK(c.false_negative == 30);
  CHECK(c.true_negative == 140);
  CHECK(precision(c) == Approx(2. / 3));
  CHECK(recall(c) == Approx(.4));
  CHECK(geometric_mean(c) == Approx(std::sqrt(.4 * 140 / 150)));
  CHECK(f1(c) == Approx(.5));
  CHECK(macro_f1(guess, truth, 2) == Approx((.5 + 2 * 140. / (2 * 140 + 40)) / 2));
  CHECK(macro_f1(guess, truth, 5) == macro_f1(guess, truth, 2));  // values that never occur do not count
}

TEST_CASE("claims without claims, or without positives, are 0") {
  CHECK(precision({0, 0, 5, 5}) == 0);
  CHECK(f1({0, 0, 5, 5}) == 0);
  CHECK(recall({0, 3, 0, 5}) == 0);
  CHECK(geometric_mean({5, 5, 0, 0}) == 0);
  CHECK(macro_f1(VectorXi(), VectorXi(), 2) == 0);
}

TEST_CASE("area under the curve by ranks, ties half") {
  const VectorXd score = (VectorXd(4) << .1, .4, .35, .8).finished();
  const auto is = [](std::initializer_list<bool> values) {
    Eigen::Array<bool, Eigen::Dynamic, 1> out(static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), out.data());
    return out;
  };
  CHECK(auc(score, is({false, false, true, true})) == Approx(.75));
  CHECK(auc(-score, is({false, false, true, true})) == Approx(.25));
  CHECK(auc(VectorXd::Zero(4), is({false, true, true, true})) == .5);
  CHECK(auc(score, is({true, true, true, true})) == .5);
}

TEST_CASE("area under the curve of several values is their mean, one against the rest") {
  MatrixD belief(4, 4);
  belief << .7, .2, .1, 0, .1, .8, .1, 0, .5, .3, .2, 0, .2, .2, .6, 0;
  const VectorXi truth = (VectorXi(4) << 0, 1, 1, 2).finished();
  // 0 is above all others; 1 wins 4 of 4; 2 wins 3 of 3; 3 never occurs.
  CHECK(auc_one_vs_rest(belief, truth) == 1);
  const VectorXi other = (VectorXi(4) << 2, 1, 0, 0).finished();
  CHECK(auc_one_vs_rest(belief, other) == Approx((2. / 4 + 1 + .5 / 3) / 3));
  CHECK(auc_one_vs_rest(belief, VectorXi::Zero(4)) == .5);
}

TEST_CASE("figures of a resample are those of the records that it holds") {
  const VectorXi truth = (VectorXi(8) << 0, 1, 1, 0, 0, 1, 0, 0).finished(), guess = (VectorXi(8) << 0, 1, 0, 0, 1, 1, 0, 1).finished();
  const VectorXd score = (VectorXd(8) << .1, .9, .4, .4, .6, .8, .2, .6).finished();
  const std::vector<int> weight{2, 1, 0, 3, 1, 1, 0, 2};
  std::vector<int> rows;
  for (int i = 0; i < 8; ++i) rows.insert(rows.end(), static_cast<std::size_t>(weight[static_cast<std::size_t>(i)]), i);
  VectorXi t(static_cast<Eigen::Index>(rows.size())), g = t;
  VectorXd s(t.size());
  for (Eigen::Index i = 0; i < t.size(); ++i)
    t[i] = truth[rows[static_cast<std::size_t>(i)]], g[i] = guess[rows[static_cast<std::size_t>(i)]],
    s[i] = score[rows[static_cast<std::size_t>(i)]];
  std::vector<double> found(5);
  ResampledGuesses(guess, truth, 2, 1, score).figures(weight, found);
  const Claims c = claims(g, t, 1);
  CHECK(found[0] == Approx(macro_f1(g, t, 2)));
  CHECK(found[1] == Approx(precision(c)));
  CHECK(found[2] == Approx(recall(c)));
  CHECK(found[3] == Approx(matthews(g, t, 1)));
  CHECK(found[4] == Approx(auc(s, t.array() == 1)));
  const std::vector<int> one_side{1, 0, 0, 1, 1, 0, 1, 1};
  ResampledGuesses(guess, truth, 2, 1, score).figures(one_side, found);
  CHECK(std::isnan(found[4]));
  CHECK(std::isnan(found[2]));
}
