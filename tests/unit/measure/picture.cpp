#include "mid/measure/picture.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/base/philox.hpp"

using Catch::Approx;
using namespace mid;

namespace {

Json golden() { return Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/metric.json")); }

/// `rows` pictures of 4 x 4 pixels around .5.
Matrix random_pictures(const char* name, int rows) {
  Matrix m(rows, 16);
  fill_normal(Stream{3}.sub(name), 0, m);
  return m.array() * .1f + .5f;
}

void same(const VectorXd& found, const Json& expected, double margin) {
  REQUIRE(found.size() == static_cast<Eigen::Index>(expected.size()));
  for (Eigen::Index i = 0; i < found.size(); ++i) {
    INFO("row " << i);
    CHECK(found[i] == Approx(expected[static_cast<std::size_t>(i)].get<double>()).margin(margin));
  }
}

}  // namespace

TEST_CASE("a mean squared error of .01 is 20 dB, equal pictures are infinitely near") {
  Matrix a(2, 4), b(2, 4);
  a.setConstant(.5f), b.setConstant(.5f);
  b.row(0) << .6f, .4f, .6f, .4f;
  CHECK(squared_error(a, b)[0] == Approx(.01).epsilon(1e-6));
  CHECK(psnr(a, b)[0] == Approx(20).epsilon(1e-6));
  CHECK(std::isinf(psnr(a, b)[1]));
}

TEST_CASE("pictures agree with NumPy and scikit-image") {
  const Json g = golden();
  const Matrix truth = matrix(g["truth"]), guess = matrix(g["guess"]), average = matrix(g["average"]);
  same(squared_error(guess, truth), g["squared_error"], 1e-7);
  same(psnr(guess, truth), g["psnr"], 1e-5);
  same(ssim(guess, truth, g["height"], g["width"]), g["ssim"], 1e-6);
  same(correlation(guess, truth, average), g["correlation"], 1e-6);
  same(line_up(guess, truth, average, g["pool"].get<std::vector<int>>()), g["line_up"], 1e-9);
}

TEST_CASE("structural similarity is 1 for equal pictures and symmetric") {
  const Json g = golden();
  const Matrix truth = matrix(g["truth"]), guess = matrix(g["guess"]);
  CHECK(ssim(truth, truth, 10, 9).minCoeff() == Approx(1));
  CHECK((ssim(truth, guess, 10, 9) - ssim(guess, truth, 10, 9)).norm() < 1e-12);
}

TEST_CASE("correlation looks at the shape of the deviation only") {
  const Matrix truth = random_pictures("truth", 3), average = random_pictures("average", 3);
  Matrix guess = average + .3f * (truth - average);
  guess.row(1).array() += .1f;                  // brightness counts for nothing
  guess.row(2) = average.row(2).array() + .2f;  // flat
  const VectorXd c = correlation(guess, truth, average);
  CHECK(c[0] == Approx(1).margin(1e-6));
  CHECK(c[1] == Approx(1).margin(1e-6));
  CHECK(c[2] == 0);
  CHECK(correlation(average - (truth - average), truth, average)[0] == Approx(-1).margin(1e-6));
}

TEST_CASE("a line-up is C(w, 9) / C(m, 9), by hand") {
  // Eleven truths in one pool; the guess of row 0 is a blend whose order among the truths is known: the first ten truths
  // are orthogonal directions, so its correlation with truth j is its weight on j.
  const int n = 11;
  Matrix average(n, 16), truth(n, 16), guess(n, 16);
  average.setConstant(.5f);
  truth = average, guess = average;
  for (int i = 0; i < n; ++i) truth(i, i) += .2f;
  const std::vector<int> pool(n, 4);

  guess(0, 0) = .7f;
  CHECK(line_up(guess, truth, average, pool)[0] == Approx(1));  // better than all ten others
  guess(0, 1) = .8f;
  CHECK(line_up(guess, truth, average, pool)[0] == Approx(.1));  // w = 9 of m = 10: C(9, 9) / C(10, 9)
  guess(0, 2) = .8f;
  CHECK(line_up(guess, truth, average, pool)[0] == 0);           // w = 8: no nine are lower
  CHECK(line_up(guess, truth, average, pool)[5] == Approx(.1));  // flat: points at nobody
}

TEST_CASE("equal correlation is not lower") {
  const Matrix average = Matrix::Constant(12, 16, .5f);
  Matrix truth = random_pictures("truth", 12);
  truth.row(7) = truth.row(3);
  const VectorXd chance = line_up(truth, truth, average, std::vector<int>(12, 0));
  CHECK(chance[0] == Approx(1));
  CHECK(chance[3] == Approx(2.0 / 11));  // w = 10 of m = 11
  CHECK(chance[7] == Approx(2.0 / 11));
}

TEST_CASE("small pools use all the others they have") {
  const Matrix average = Matrix::Constant(5, 16, .5f), truth = random_pictures("truth", 5);
  const std::vector<int> pool = {1, 1, 1, 1, 2};
  const VectorXd right = line_up(truth, truth, average, pool), flat = line_up(average, truth, average, pool);
  CHECK(right.head(4).isOnes());
  CHECK(flat[0] == Approx(.25));
  CHECK(flat[4] == 1);  // nobody else to be taken for
  CHECK(line_up_chance(pool) == Approx((4 * .25 + 1) / 5));
  CHECK(line_up_chance(std::vector<int>(40, 0)) == Approx(.1));
}

TEST_CASE("guesses that have nothing to do with the truth win one line-up in ten") {
  const int n = 600;
  const Matrix average = Matrix::Constant(n, 16, .5f);
  const std::vector<int> pool(n, 0);
  const VectorXd chance = line_up(random_pictures("guess", n), random_pictures("truth", n), average, pool);
  CHECK(chance.mean() == Approx(.1).margin(.03));
}

TEST_CASE("float's rounding is not a deviation") {
  const Matrix average = random_pictures("average", 20), truth = random_pictures("truth", 20);
  Matrix guess = average;
  for (Eigen::Index i = 0; i < guess.size(); i += 3) guess.data()[i] = std::nextafter(guess.data()[i], 1.f);
  CHECK(line_up(guess, truth, average, std::vector<int>(20, 0)).isConstant(.1));
}

TEST_CASE("the nearest truth is one's own or another's; a flat guess names nobody") {
  const Matrix truth = random_pictures("truth", 4), average = Matrix::Constant(4, 16, .5f);
  Matrix guess = truth;
  guess.row(1) = truth.row(2);
  guess.row(3) = average.row(3);
  const VectorXd hit = nearest_truth(guess, truth, average);
  CHECK(hit[0] == 1);
  CHECK(hit[1] == 0);
  CHECK(hit[2] == 1);
  CHECK(hit[3] == .25);
}

TEST_CASE("a line-up that is drawn holds the true picture among others of its pool, and the guess picks as line_up says") {
  const int rows = 30;
  const Matrix truth = random_pictures("truth", rows), average = Matrix::Constant(rows, 16, .5f);
  Matrix guess = random_pictures("guess", rows) + truth;
  guess.row(0) = average.row(0), guess.row(1) = truth.row(1);
  std::vector<int> pool(rows, 0);
  for (int i = 25; i < rows; ++i) pool[static_cast<std::size_t>(i)] = 1;  // a small one: all of it stands there
  const VectorXd chance = line_up(guess, truth, average, pool);
  constexpr int kDraws = 400;
  VectorXd right = VectorXd::Zero(rows);
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<LineUp> lines, of_others;
    finish(draw_line_ups(guess, truth, average, pool, rows, Stream{5}.sub(static_cast<std::uint64_t>(draw)), lines));
    for (int i = 0; i < rows; ++i) {
      const LineUp& line = lines[static_cast<std::size_t>(i)];
      REQUIRE(line.row.size() == (i < 25 ? 10u : 5u));
      REQUIRE(line.row[static_cast<std::size_t>(line.truth)] == i);
      for (const int who : line.row) REQUIRE(pool[static_cast<std::size_t>(who)] == pool[static_cast<std::size_t>(i)]);
      right[i] += line.pick == line.truth ? 1. / kDraws : 0;
    }
    if (draw > 0) continue;
    finish(draw_line_ups(truth, truth, average, pool, rows, Stream{5}.sub(std::uint64_t{0}), of_others));
    for (std::size_t i = 0; i < of_others.size(); ++i) CHECK(of_others[i].row == lines[i].row);
    CHECK(lines[0].pick == -1);
    CHECK(lines[1].pick == lines[1].truth);
  }
  for (int i = 1; i < rows; ++i) {
    INFO("row " << i << ": " << right[i] << " of " << kDraws << " drawn, exactly " << chance[i]);
    CHECK(std::abs(right[i] - chance[i]) < .1);
    if (chance[i] == 0 || chance[i] == 1) CHECK(right[i] == Approx(chance[i]));
  }
}
