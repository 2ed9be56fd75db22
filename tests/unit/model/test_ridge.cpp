// Ridge regression: against NumPy, by hand, and that cross-validation chooses what predicts.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/model/linear/ridge.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

Matrix normal(int rows, int cols, std::string_view name) {
  Matrix out(rows, cols);
  fill_normal(Stream{4, 0}.sub(name), 0, out);
  return out;
}

Ridge fitted(const std::vector<Matrix>& answers, const Matrix& wanted, std::optional<double> penalty, bool quadratic = false) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  std::vector<int> fold;
  for (int i = 0; i < wanted.rows(); ++i) fold.push_back(i % 5);
  Ridge out;
  out.features.quadratic = quadratic;
  finish(fit_ridge(context, {answers, wanted, fold, VectorXd::Ones(wanted.cols()), penalty}, out));
  return out;
}

float largest_error(const Ridge& ridge, const Matrix& x, const Matrix& y) {
  return (ridge.features.of(x) * ridge.weight - y).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("the weights are NumPy's ridge solution", "[ridge][golden]") {
  const Json g = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/nn.json"))["ridge"];
  const Matrix x = matrix(g["x"]), y = matrix(g["y"]), wanted = matrix(g["weight"]);
  // NumPy's problem has no constant: one that is always 0 takes no part.
  Matrix features = Matrix::Zero(x.rows(), x.cols() + 1);
  features.rightCols(x.cols()) = x;
  RidgeMoments moments;
  finish(moments.add(features.topRows(15), y.topRows(15)));
  finish(moments.add(features.bottomRows(x.rows() - 15), y.bottomRows(x.rows() - 15)));
  Eigen::MatrixXd weights;
  finish(ridge_weights(moments, g["penalty"], weights));
  CHECK(weights.row(0).isZero());
  CHECK((weights.bottomRows(x.cols()).cast<float>() - wanted).cwiseAbs().maxCoeff() < 1e-5f);

  const VectorXd error = (x * wanted - y).cast<double>().colwise().squaredNorm();
  VectorXd told;
  finish(moments.squared_error(weights, told));
  CHECK((told - error).norm() < 1e-4 * error.norm());
}

TEST_CASE("moments without a part are those of the rest", "[ridge]") {
  const Matrix x = normal(30, 4, "x"), y = normal(30, 2, "y");
  RidgeMoments all, part, rest;
  finish(all.add(x, y)), finish(part.add(x.topRows(12), y.topRows(12))), finish(rest.add(x.bottomRows(18), y.bottomRows(18)));
  const RidgeMoments left = all.without(part);
  CHECK(left.rows == 18);
  CHECK(left.xx.isApprox(rest.xx, 1e-5));
  CHECK(left.xy.isApprox(rest.xy, 1e-5));
  CHECK(left.yy.isApprox(rest.yy, 1e-5));
}

TEST_CASE("the constant is free of the penalty, a number that never changes is switched off", "[ridge]") {
  Matrix x = normal(50, 3, "x");
  x.col(1).setConstant(7);
  const Matrix y = Matrix::Constant(50, 1, 3);
  const Ridge ridge = fitted({x}, y, 1000);
  CHECK(largest_error(ridge, x, y) < 1e-3f);
  CHECK(ridge.features.scale[1] == 0);
  CHECK_FALSE(ridge.r2);
}

TEST_CASE("products make a quadratic relation exact", "[ridge]") {
  const Matrix x = normal(200, 3, "x");
  const Matrix y = x.col(0).cwiseProduct(x.col(2)) - x.col(1).cwiseAbs2() + Matrix::Ones(200, 1);
  CHECK(largest_error(fitted({x}, y, 1e-6, true), x, y) < 1e-2f);
  CHECK(largest_error(fitted({x}, y, 1e-6, false), x, y) > 1);
}

TEST_CASE("cross-validation takes a small penalty for a clear relation and a large one for none", "[ridge]") {
  const Matrix x = normal(60, 20, "x"), noise = normal(60, 1, "noise");
  const Matrix clear = x.col(0) - 2 * x.col(3);
  const Ridge sure = fitted({x}, clear, {}), lost = fitted({x}, noise, {});
  CHECK(sure.penalty == .0001);  // the least that is tried
  CHECK(*sure.r2 > .99);
  CHECK(lost.penalty == 3);
  CHECK(*lost.r2 < .1);
  // Two draws of answers count as rows of their own: the same draw twice changes nothing.
  CHECK((fitted({x, x}, clear, {}).weight - sure.weight).cwiseAbs().maxCoeff() < 1e-4f);
}

TEST_CASE("rows that only teach are learnt from and not predicted in cross-validation", "[ridge]") {
  const Matrix x = normal(60, 3, "x");
  Matrix y = x * normal(3, 2, "weights") + normal(60, 2, "noise");
  y.bottomRows(20) = 5 * normal(20, 2, "misleading");
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  std::vector<int> fold;
  for (int i = 0; i < 60; ++i) fold.push_back(i % 5);
  const VectorXd weight = VectorXd{{2, .5}};
  const std::vector<Matrix> answers{x};
  Ridge out;
  finish(fit_ridge(context, {answers, y, fold, weight, .1, true, 40}, out));

  // The same by hand: for each fold the weights of all rows of the others, its error over its own among the first 40.
  const Matrix seen = out.features.of(x);
  double error = 0, of_the_mean = 0;
  for (int f = 0; f < 5; ++f) {
    std::vector<int> teach, test;
    for (int i = 0; i < 60; ++i)
      if (fold[static_cast<std::size_t>(i)] != f)
        teach.push_back(i);
      else if (i < 40)
        test.push_back(i);
    RidgeMoments moments;
    finish(moments.add(Matrix(seen(teach, Eigen::all)), Matrix(y(teach, Eigen::all))));
    Eigen::MatrixXd weights;
    finish(ridge_weights(moments, .1, weights));
    const Eigen::MatrixXd off = Matrix(seen(test, Eigen::all)).cast<double>() * weights - Matrix(y(test, Eigen::all)).cast<double>();
    error += weight.dot(off.colwise().squaredNorm().transpose());
  }
  const Matrix first = y.topRows(40);
  of_the_mean = weight.dot((first.rowwise() - first.colwise().mean()).cast<double>().colwise().squaredNorm().transpose());
  CHECK_THAT(out.error, WithinAbs(error, 1e-4 * error));
  CHECK_THAT(*out.r2, WithinAbs(1 - error / of_the_mean, 1e-4));
  // All rows are learnt from in the end, and predicting all of them is another error.
  Ridge all;
  finish(fit_ridge(context, {answers, y, fold, weight, .1, true}, all));
  CHECK((all.weight - out.weight).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK(all.error > 2 * out.error);
}
