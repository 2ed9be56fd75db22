// Principal components against NumPy's SVD, and the cases that have few.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "../matrices.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/model/prior/prior.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

PcaPrior fitted(const Matrix& pictures, int k, std::uint64_t seed = 1) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  PcaPrior out;
  finish(fit_pca(context, pictures, k, Stream{seed, 0}, out));
  return out;
}

double off_orthonormal(const Matrix& rows) {
  return rows.rows() == 0 ? 0 : (rows * rows.transpose() - Matrix::Identity(rows.rows(), rows.rows())).cwiseAbs().maxCoeff();
}

/// Pictures whose k-th standard deviation is about decay^k.
Matrix decaying(int rows, int pixels, int rank, double decay) {
  Matrix left(rows, rank), right(rank, pixels);
  fill_normal(Stream{2, 1}, 0, left);
  fill_normal(Stream{2, 2}, 0, right);
  for (int i = 0; i < rank; ++i) right.row(i) *= static_cast<float>(std::pow(decay, i) / std::sqrt(pixels));
  return left * right;
}

}  // namespace

TEST_CASE("principal components equal those of NumPy's SVD", "[prior][golden]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/nn.json"));
  for (const char* name : {"pca_wide", "pca_tall"}) {
    INFO(name);
    const Json& g = golden[name];
    const PcaPrior found = fitted(matrix(g["pictures"]), g["k"].get<int>());
    const Matrix components = matrix(g["components"]), mean = matrix(Json::array({g["mean"]}));
    REQUIRE(found.components.rows() == components.rows());
    CHECK((found.mean - mean).cwiseAbs().maxCoeff() < 1e-6);
    CHECK((found.components - components).cwiseAbs().maxCoeff() < 1e-4);
    for (Eigen::Index i = 0; i < found.sd.size(); ++i)
      CHECK_THAT(found.sd(i), WithinRel(g["sd"][static_cast<std::size_t>(i)].get<double>(), 1e-5));
  }
}

TEST_CASE("many components of many pictures equal a full decomposition", "[prior]") {
  for (auto [rows, pixels] : {std::pair{200, 400}, std::pair{400, 200}}) {
    const Matrix x = decaying(rows, pixels, 200, .97);
    const PcaPrior found = fitted(x, 40);
    const MatrixD centred = x.cast<double>().rowwise() - x.cast<double>().colwise().mean();
    const VectorXd exact = (centred.transpose() * centred / rows).selfadjointView<Eigen::Lower>().eigenvalues().reverse().cwiseSqrt();
    REQUIRE(found.sd.size() == 40);
    for (int i = 0; i < 40; ++i) CHECK_THAT(found.sd(i), WithinRel(exact(i), 1e-5));
    CHECK(off_orthonormal(found.components) < 1e-5);
    // The coefficients have the deviations promised, and are uncorrelated.
    const Matrix code = found.code(x);
    for (int i = 0; i < 40; ++i) CHECK_THAT(std::sqrt(code.col(i).squaredNorm() / static_cast<float>(rows)), WithinRel(found.sd(i), 1e-4));
  }
}

TEST_CASE("a component's largest entry is positive, and the random start does not show", "[prior]") {
  const Matrix x = decaying(60, 90, 20, .8);
  const PcaPrior a = fitted(x, 8, 1), b = fitted(x, 8, 2), again = fitted(x, 8, 1);
  CHECK(a.components == again.components);
  CHECK((a.components - b.components).cwiseAbs().maxCoeff() < 1e-3);
  for (Eigen::Index i = 0; i < 8; ++i) CHECK(a.components.row(i).maxCoeff() == a.components.row(i).cwiseAbs().maxCoeff());
}

TEST_CASE("pictures of low rank give as many components as they have", "[prior]") {
  CHECK(fitted(decaying(50, 80, 3, .7), 10).components.rows() == 3);
  CHECK(fitted(decaying(80, 50, 3, .7), 10).components.rows() == 3);
  CHECK(fitted(decaying(5, 80, 5, .9), 10).components.rows() == 4);  // the mean takes one
  CHECK(fitted(decaying(1, 80, 1, .9), 10).components.rows() == 0);
  CHECK(fitted(Matrix::Constant(30, 12, .25f), 4).components.rows() == 0);
  CHECK(fitted(decaying(50, 80, 3, .7), 0).components.rows() == 0);
  const PcaPrior all = fitted(decaying(40, 6, 6, .8), 6);
  CHECK(all.components.rows() == 6);
  CHECK(off_orthonormal(all.components) < 1e-5);
}

TEST_CASE("a picture made of components comes back from its code", "[prior]") {
  const Matrix x = decaying(60, 90, 8, .8);
  const PcaPrior prior = fitted(x, 8);
  CHECK((prior.picture(prior.code(x)) - x).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((prior.picture(Matrix::Zero(1, 8)) - prior.mean).cwiseAbs().maxCoeff() == 0);
  // A view of some columns is read as it stands.
  const Matrix wide = prior.code(x).replicate(1, 2);
  CHECK((prior.picture(wide.rightCols(8)) - x).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("work on many pictures pauses often", "[prior]") {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  PcaPrior out;
  int ticks = 0;
  Task task = fit_pca(context, decaying(300, 2000, 30, .9), 10, Stream{1, 0}, out);
  while (task.advance()) ++ticks;
  CHECK(ticks > 8);
}
