// Fast Gauss sums against the direct ones: every shape within the promised error.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "mid/base/philox.hpp"
#include "mid/data/dataset.hpp"
#include "mid/info/gauss_sum.hpp"

using namespace mid;

namespace {

/// Which rows are compared: all of few; of many every 29th and the outermost.
std::vector<int> sample(const VectorXd& mu) {
  const auto n = static_cast<int>(mu.size());
  std::vector<int> rows;
  for (int i = 0; i < n; i += n > 1000 ? 29 : 1) rows.push_back(i);
  Eigen::Index left = 0, right = 0;
  mu.minCoeff(&left), mu.maxCoeff(&right);
  for (const Eigen::Index i : {left, right, Eigen::Index{n / 2}, Eigen::Index{n - 1}}) rows.push_back(static_cast<int>(i));
  return rows;
}

/// As the header defines it, term by term, of these rows.
MatrixD direct(const VectorXd& mu, double s, const VectorXd& h, int powers, const std::vector<int>& rows) {
  MatrixD out(static_cast<Eigen::Index>(rows.size()), powers);
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const Eigen::ArrayXd z = (mu.array() - mu[rows[static_cast<std::size_t>(i)]]) / s;
    Eigen::ArrayXd term = (-.5 * z.square()).exp() * h.array();
    for (int k = 0; k < powers; ++k, term *= z) out(i, k) = term.sum();
  }
  return out;
}

/// The greatest error of any moment, in units of its row's `size`.
double error(const MatrixD& found, const MatrixD& wanted, const VectorXd& size) {
  return ((found - wanted).array().colwise() / size.array()).abs().maxCoeff();
}

VectorXd normals(int n, std::uint64_t name) {
  Matrix m(n, 1);
  fill_normal(Stream{7, name}, 0, m);
  return m.cast<double>();
}
VectorXd uniforms(int n, std::uint64_t name) {
  VectorXd out(n);
  for (int i = 0; i < n; ++i) out[i] = uniform_at(Stream{8, name}, static_cast<std::uint64_t>(i));
  return out;
}

struct Shape {
  const char* name;
  VectorXd mu;  // with s = 1 in mind
};

std::vector<Shape> shapes(int n) {
  std::vector<Shape> out;
  const VectorXd normal = normals(n, 1), uniform = uniforms(n, 2);
  out.push_back({"normal", normal});
  out.push_back({"uniform", 30 * uniform});
  out.push_back({"evenly spaced", VectorXd::LinSpaced(n, -20, 20)});
  // A crowd and a loner so far away that the crowd adds as much as the loner itself: the worst that can be.
  VectorXd loner = .01 * normal;
  loner[n / 2] = std::sqrt(2 * std::log(n));
  out.push_back({"a loner beside a crowd", loner});
  out.push_back({"crowds", (uniform * 40).array().floor().matrix() * 1.7 + .05 * normal});
  out.push_back({"heavy tails", ((uniform.array() - .5) * 3.14159).tan().matrix()});
  out.push_back({"very heavy tails", ((uniform.array() - .5) * 3.14159).tan().cube().matrix()});
  out.push_back({"identical", VectorXd::Constant(n, 3.25)});
  out.push_back({"two values", (uniform.array() < .3).select(VectorXd::Constant(n, 2.), VectorXd::Zero(n))});
  out.push_back({"on the edges of boxes", (uniform * 12).array().floor().matrix()});
  out.push_back({"far from 0", normal.array() + 1e6});
  return out;
}

}  // namespace

TEST_CASE("every shape of points gives the direct sums to 1e-9", "[gauss]") {
  double worst = 0;
  for (const int n : {1, 2, 40, 600, 3000})
    for (const Shape& shape : shapes(n))
      for (const double s : {1e-12, .001, .1, 1., 7., 1e5}) {
        INFO(shape.name << ", n " << n << ", s " << s);
        const VectorXd ones = VectorXd::Ones(n);
        const GaussSum gauss(shape.mu, s);
        const std::vector<int> rows = sample(shape.mu);
        const MatrixD found = gauss.moments(ones, 3), wanted = direct(shape.mu, s, ones, 3, rows);
        const VectorXd size = wanted.col(0);
        const double of_ones = error(rows_of(found, rows), wanted, size);
        CHECK(of_ones < 1e-9);
        worst = std::max(worst, of_ones);
        // The weights of the gradient: relative to their own sum, which is much smaller than S where points crowd.
        const VectorXd u = found.col(0).cwiseInverse();
        const MatrixD wanted_u = direct(shape.mu, s, u, 2, rows);
        CHECK(error(rows_of(gauss.moments(u, 2), rows), wanted_u, wanted_u.col(0)) < 1e-9);
        // Weights of both signs.
        const VectorXd signs = normals(n, 3);
        CHECK(error(rows_of(gauss.moments(signs, 2), rows), direct(shape.mu, s, signs, 2, rows), size) <
              1e-9 * signs.cwiseAbs().maxCoeff());
      }
  CHECK(worst < 1e-11);  // far better than what is promised for the worst shapes
}

TEST_CASE("a hundred thousand points keep the promise in the rows that are hardest", "[gauss]") {
  const int n = 100'000;
  const VectorXd ones = VectorXd::Ones(n);
  for (const Shape& shape : shapes(n)) {
    INFO(shape.name);
    std::vector<int> rows = sample(shape.mu);
    rows.erase(rows.begin(), rows.end() - 12);  // the outermost, and a few
    const MatrixD wanted = direct(shape.mu, 1, ones, 3, rows);
    CHECK(error(rows_of(GaussSum(shape.mu, 1).moments(ones, 3), rows), wanted, wanted.col(0)) < 1e-9);
  }
}

TEST_CASE("the order of the points does not matter", "[gauss]") {
  const VectorXd mu = normals(900, 5) * 4;
  const MatrixD a = GaussSum(mu, 1).moments(VectorXd::Ones(900), 2), b = GaussSum(mu.reverse(), 1).moments(VectorXd::Ones(900), 2);
  CHECK((a - b.colwise().reverse()).cwiseAbs().maxCoeff() < 1e-11);
}

TEST_CASE("many points pause often", "[gauss]") {
  const GaussSum gauss(normals(50'000, 6), 1);
  MatrixD out;
  int ticks = 0;
  Task task = gauss.moments(VectorXd::Ones(50'000), 2, out);
  while (task.advance()) ++ticks;
  CHECK(ticks >= 10);
}
