// The searches that hold no weights: constants and single turns, worked out by hand or elsewhere. And which of several found pictures is
// shown: the one that keeps its class under small changes.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/attack/search/boundary_repulsion.hpp"
#include "mid/attack/search/code_questions.hpp"
#include "mid/attack/search/sep_cma_es.hpp"
#include "mid/base/philox.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// Standard normal numbers.
MatrixD normal_rows(Stream stream, std::uint64_t turn, int rows, int numbers) {
  Matrix e(rows, numbers);
  fill_normal(stream, turn * static_cast<std::uint64_t>(e.size()), e);
  return e.cast<double>();
}

}  // namespace

TEST_CASE("the evolution strategy has the constants of Hansen's tutorial") {
  const SepCmaEs::Constants a = SepCmaEs::constants(16), b = SepCmaEs::constants(64);
  CHECK(a.population == 12);
  CHECK(a.parents == 6);
  CHECK(a.weight.sum() == Approx(1));
  CHECK(a.effective == Approx(3.729459).epsilon(1e-6));
  CHECK(a.path_rate == Approx(.231686).epsilon(1e-5));
  CHECK(a.covariance_path_rate == Approx(.206833).epsilon(1e-5));
  CHECK(a.expected_length == Approx(3.938244).epsilon(1e-6));
  // Without the factor of a diagonal covariance these are the tutorial's.
  CHECK(a.rank_one / ((16 + 1.5) / 3) == Approx(.00660024).epsilon(1e-6));
  CHECK(a.rank_mu / ((16 + 1.5) / 3) == Approx(.01219051).epsilon(1e-6));
  CHECK(b.population == 16);
  CHECK(b.effective == Approx(4.840915).epsilon(1e-6));
  CHECK(b.path_rate == Approx(.092644).epsilon(1e-5));
  CHECK(b.rank_one / ((64 + 1.5) / 3) == Approx(.0004685).epsilon(1e-4));
  CHECK(b.rank_mu / ((64 + 1.5) / 3) == Approx(.00139766).epsilon(1e-5));
}

TEST_CASE("a turn of the evolution strategy is as worked out apart") {
  SepCmaEs search((VectorXd(2) << 1, 2).finished(), .5);
  MatrixD e(6, 2);
  e << 1, 0, 0, 1, -1, 0, 0, -1, 1, 1, -1, -1;
  const MatrixD x = search.points(e);
  CHECK(x(5, 0) == .5);
  CHECK(x(5, 1) == 1.5);
  search.learn(e, x.rowwise().squaredNorm());  // the best are rows 6, 4, 3 (one-based)
  CHECK(search.mean()[0] == Approx(.642285).epsilon(1e-5));
  CHECK(search.mean()[1] == Approx(1.539194).epsilon(1e-5));
  CHECK(search.path()[0] == Approx(-.848458).epsilon(1e-5));
  CHECK(search.path()[1] == Approx(-1.092980).epsilon(1e-5));
  CHECK(search.variance()[0] == Approx(.961277).epsilon(1e-5));
  CHECK(search.variance()[1] == Approx(1.081435).epsilon(1e-5));
  CHECK(search.sd() == Approx(.516168).epsilon(1e-5));
}

TEST_CASE("the evolution strategy needs as many questions on a sphere as the literature's does, and a value that is none is the worst") {
  const auto queries = [](int n, std::uint64_t seed) {
    SepCmaEs search(VectorXd::Ones(n), .5);
    const int population = search.constants().population;
    for (std::uint64_t turn = 0;; ++turn) {
      const MatrixD e = normal_rows(Stream{seed}.sub("sphere"), turn, population, n);
      const VectorXd value = search.points(e).rowwise().squaredNorm();
      search.learn(e, value);
      if (value.minCoeff() < 1e-8) return population * static_cast<int>(turn + 1);
    }
  };
  for (const auto& [n, wanted] : {std::pair{16, 1794}, {64, 6560}}) {
    std::vector<int> all;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) all.push_back(queries(n, seed));
    std::nth_element(all.begin(), all.begin() + 10, all.end());
    CHECK(all[10] == Approx(wanted).epsilon(.15));
  }
  SepCmaEs search(VectorXd::Zero(2), 1);
  MatrixD e = MatrixD::Zero(6, 2);
  e.col(0) << 9, 1, 1, 1, 1, 1;
  VectorXd value = VectorXd::Zero(6);
  value[0] = std::nan("");
  search.learn(e, value);
  CHECK(search.mean()[0] == Approx(1));
}

TEST_CASE("points outside push a code away from them, points inside do not, and three in four are not enough for a larger sphere") {
  MatrixD directions(4, 2);
  directions << 1, 0, 0, 1, -1, 0, 0, -1;
  const VectorXd code = (VectorXd(2) << .5, 0).finished();
  const Repulsion away = repulsion(directions, {true, true, false, true});  // of the class where the first number is above 0
  CHECK(away.push[0] == .25);
  CHECK(away.push[1] == 0);
  CHECK_FALSE(away.enlarges);
  const VectorXd next = pushed(code, away, 2, 1.5);
  CHECK(next[0] == Approx(2. / 3));
  CHECK(next[1] == 0);
  CHECK(repulsion(directions, {true, true, true, true}).enlarges);
  CHECK(repulsion_step(30) == 3);
  CHECK(pushed(code, away, 30, 1)[0] == 1);
}

TEST_CASE("the push from a flat boundary is that of the geometry: in many dimensions there is hardly any") {
  const auto push = [](int n, double distance) {
    constexpr int kPoints = 200'000;
    MatrixD u = normal_rows(Stream{3}.sub("sphere"), static_cast<std::uint64_t>(n), kPoints, n);
    u.array().colwise() /= u.rowwise().norm().eval().array();
    std::vector<bool> inside;
    for (Eigen::Index i = 0; i < u.rows(); ++i) inside.push_back(u(i, 0) >= -distance);
    return repulsion(u, inside).push[0];
  };
  for (const auto& [n, distance, wanted] : {std::tuple{3, 0., .25},
                                            {3, .1, .2475},
                                            {3, .3, .2275},
                                            {16, 0., .10131},
                                            {16, .1, .09395},
                                            {16, .3, .04994},
                                            {100, 0., .0400},
                                            {100, .1, .0243},
                                            {100, .3, .0004}}) {
    INFO(n << " " << distance);
    CHECK(push(n, distance) == Approx(wanted).margin(.0015));
  }
}

TEST_CASE("the candidate with the highest mean over the views is kept, of equal ones the first") {
  CHECK(best_candidate((MatrixD(3, 2) << .9, .1, .6, .6, .5, .8).finished()) == 2);  // means .5, .6, .65
  CHECK(best_candidate((MatrixD(3, 2) << .2, .4, .4, .2, .1, .1).finished()) == 0);
  // The same, class by class, of candidates that lie one below the other.
  const VectorXd score = (VectorXd(6) << .1, .3, .3, .7, .2, .9).finished();
  CHECK(chosen_rows({0, 0, 0, 2, 2, 4}, score) == std::vector<int>{1, 3, 5});
}

TEST_CASE("a view moves, mirrors and brightens a picture, repeats what is at the edge and stays in 0 to 1") {
  const Matrix picture = (Matrix(1, 6) << .1f, .2f, .3f, .4f, .5f, .6f).finished();  // 2 x 3
  CHECK(under_view(picture, 2, 3, {}) == picture);
  CHECK(under_view(picture, 2, 3, {1, 0, false, 1}) == (Matrix(1, 6) << .1f, .2f, .3f, .1f, .2f, .3f).finished());
  CHECK(under_view(picture, 2, 3, {0, -1, false, 1}) == (Matrix(1, 6) << .2f, .3f, .3f, .5f, .6f, .6f).finished());
  CHECK(under_view(picture, 2, 3, {0, 0, true, 1}) == (Matrix(1, 6) << .3f, .2f, .1f, .6f, .5f, .4f).finished());
  CHECK(under_view(picture, 2, 3, {0, 1, true, 1}) == (Matrix(1, 6) << .3f, .3f, .2f, .6f, .6f, .5f).finished());
  const Matrix bright = under_view(picture, 2, 3, {0, 0, false, 2});
  CHECK(bright(0, 0) == .2f);
  CHECK(bright(0, 5) == 1.f);
}

TEST_CASE("random views are within two pixels and a tenth of the brightness, and the same for the same stream") {
  const std::vector<View> views = random_views(400, Stream{11});
  double mirrored = 0, down = 0, bright = 0;
  for (const View& v : views) {
    CHECK(std::abs(v.down) <= 2);
    CHECK(std::abs(v.right) <= 2);
    CHECK(v.brightness >= .9f);
    CHECK(v.brightness <= 1.1f);
    mirrored += v.mirror, down += v.down, bright += v.brightness;
  }
  CHECK(mirrored / 400 == Approx(.5).margin(.1));
  CHECK(down / 400 == Approx(0).margin(.3));
  CHECK(bright / 400 == Approx(1).margin(.02));
  CHECK(random_views(400, Stream{11})[399].brightness == views[399].brightness);
  CHECK(random_views(3, Stream{11})[2].down == views[2].down);
}
