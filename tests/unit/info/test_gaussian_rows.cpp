// What Gaussian codes tell of their records: by hand, against NumPy, against the truth in one dimension.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>

#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/gaussian_rows.hpp"
#include "mid/info/kl.hpp"
#include "mid/info/mixture.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

MatrixD matrix(const Json& rows) {
  MatrixD out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c) out(r, c) = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<double>();
  return out;
}

GaussianRows rows_of(const Json& j) {
  GaussianRows rows;
  rows.mean = matrix(j["mean"]);
  if (j.contains("sd"))
    rows.sd = matrix(j["sd"]);
  else
    for (const Json& factor : j["factor"]) rows.factor.emplace_back(matrix(factor));
  return rows;
}

PairwiseBounds pairwise(GaussianRows rows) {
  PairwiseBounds out;
  finish(pairwise_bounds(std::move(rows), out));
  return out;
}

ContrastiveBounds contrastive(GaussianRows rows, int draws) {
  ContrastiveBounds out;
  finish(contrastive_bounds(std::move(rows), draws, Stream{3}, out));
  return out;
}

/// Numbers of one sd, in one dimension.
GaussianRows line(const VectorXd& mu, double sd) {
  GaussianRows rows;
  rows.mean = mu;
  rows.sd = MatrixD::Constant(mu.size(), 1, sd);
  return rows;
}

}  // namespace

TEST_CASE("pairwise bounds of two Gaussians by hand", "[rows]") {
  // method.md section 5: N(0, 1) and N(1, 4)
  GaussianRows rows;
  rows.mean = MatrixD{{0}, {1}}, rows.sd = MatrixD{{1}, {2}};
  const PairwiseBounds bounds = pairwise(rows);
  CHECK_THAT(bounds.upper, WithinAbs(.325413, 5e-7));
  CHECK_THAT(bounds.lower, WithinAbs(.077526, 5e-7));
}

TEST_CASE("one record tells nothing", "[rows]") {
  const PairwiseBounds bounds = pairwise(line(VectorXd::Ones(1), .1));
  CHECK(bounds.upper == 0);
  CHECK(bounds.lower == 0);
}

TEST_CASE("records that are far apart are told apart: ln N, everywhere", "[rows]") {
  const GaussianRows rows = line(VectorXd::LinSpaced(16, 0, 1500), 1);
  const PairwiseBounds bounds = pairwise(rows);
  CHECK_THAT(bounds.upper, WithinAbs(std::log(16.), 1e-12));
  CHECK_THAT(bounds.lower, WithinAbs(std::log(16.), 1e-12));
  CHECK_THAT(contrastive(rows, 2).lower.value, WithinAbs(std::log(16.), 1e-12));
}

TEST_CASE("numbers of one width have the bounds of the regression", "[rows]") {
  const VectorXd mu = VectorXd::LinSpaced(40, -2, 3).array().cube() / 5;
  const AnswerInformation other = answer_information(mu, .7);
  const PairwiseBounds bounds = pairwise(line(mu, .7));
  CHECK_THAT(bounds.upper, WithinAbs(other.upper, 1e-10));
  CHECK_THAT(bounds.lower, WithinAbs(other.lower, 1e-10));
  const ContrastiveBounds estimates = contrastive(line(mu, .7), 200);
  INFO("standard error " << estimates.lower.standard_error);
  CHECK(estimates.lower.standard_error < .02);
  CHECK_THAT(estimates.lower.value, WithinAbs(information_by_quadrature(mu, .7), 4 * estimates.lower.standard_error));
}

TEST_CASE("bounds and estimates equal NumPy's, diagonal and full", "[rows][golden]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/information.json"));
  for (const Json& g : golden["rows"]) {
    const GaussianRows rows = rows_of(g);
    const PairwiseBounds bounds = pairwise(rows);
    CHECK_THAT(bounds.upper, WithinAbs(g["upper"].get<double>(), 1e-9));
    CHECK_THAT(bounds.lower, WithinAbs(g["lower"].get<double>(), 1e-9));
    const ContrastiveBounds estimates = contrastive(rows, 1000);
    const auto close = [](const Estimate& ours, double theirs, double error) {
      CHECK_THAT(ours.value, WithinAbs(theirs, 4 * std::hypot(ours.standard_error, error)));
    };
    close(estimates.lower, g["information"].get<double>(), g["information_error"].get<double>());
    close(estimates.upper, g["leave_one_out"].get<double>(), g["leave_one_out_error"].get<double>());
    // The order in which the method puts them.
    CHECK(bounds.lower < estimates.lower.value);
    CHECK(estimates.lower.value < bounds.upper);
    CHECK(estimates.lower.value < estimates.upper.value);
  }
}

TEST_CASE("a diagonal covariance given in full is the same covariance", "[rows]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/information.json"));
  const GaussianRows rows = rows_of(golden["rows"][0]);
  GaussianRows full;
  full.mean = rows.mean;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) full.factor.emplace_back(rows.sd.row(i).transpose().asDiagonal());
  CHECK_THAT(pairwise(full).upper, WithinAbs(pairwise(rows).upper, 1e-12));
  CHECK_THAT(pairwise(full).lower, WithinAbs(pairwise(rows).lower, 1e-12));
  CHECK_THAT(contrastive(full, 5).lower.value, WithinAbs(contrastive(rows, 5).lower.value, 1e-12));
  CHECK_THAT(contrastive(full, 5).upper.value, WithinAbs(contrastive(rows, 5).upper.value, 1e-12));
}

TEST_CASE("the mean KL to the standard normal bounds what a code tells", "[rows]") {
  const Json golden = Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/information.json"));
  const GaussianRows rows = rows_of(golden["rows"][0]);
  const double kl = kl_of_rows(rows.mean.cast<float>(), rows.sd.cast<float>()).mean();
  const Estimate truth = contrastive(rows, 300).lower;
  CHECK(truth.value < kl + 3 * truth.standard_error);
}
