// Regression: least squares, ridge, and MID against NumPy, against its limit, and on hostile data.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../data/check_error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/info/mixture.hpp"
#include "mid/model/linear/linear.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Example {
  MatrixD x;
  VectorXd y;
};

/// `rows` of 4 inputs of very different size and a target of sd `size`.
Example example(int rows, double size = 1) {
  Matrix noise(rows, 5);
  fill_normal(Stream{3, 0}, 0, noise);
  Example out{noise.leftCols(4).cast<double>(), {}};
  const VectorXd signal = out.x * Eigen::Vector4d(.6, -.3, .2, .1);
  out.y = size * (signal + .7 * noise.col(4).cast<double>());
  out.x.col(0).array() += 1000;
  out.x.col(1) *= 1e6;
  out.x.col(2) *= 1e-6;
  return out;
}

template <class... A>
LinearMidFit mid_fit(A... a) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  LinearMidFit out;
  finish(fit_linear_mid(context, "fit", a..., out));
  return out;
}

Linear ridge(const MatrixD& x, const VectorXd& y, double penalty) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  Linear out;
  finish(fit_ridge(context, x, y, penalty, out));
  return out;
}

VectorXd numbers(const Json& j) {
  VectorXd out(static_cast<Eigen::Index>(j.size()));
  for (std::size_t i = 0; i < j.size(); ++i) out[static_cast<Eigen::Index>(i)] = j[i].get<double>();
  return out;
}
MatrixD double_matrix(const Json& rows) {
  MatrixD out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index i = 0; i < out.rows(); ++i) out.row(i) = numbers(rows[static_cast<std::size_t>(i)]).transpose();
  return out;
}
Json golden() { return Json::parse(read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/linear.json")); }

}  // namespace

TEST_CASE("least squares find a line through points that lie on one", "[linear]") {
  const Example e = example(50);
  const Eigen::Vector4d w(2, -3e-6, 4e5, .5);
  const Linear fit = ridge(e.x, (e.x * w).array() + 7, 0);
  for (int j = 0; j < 4; ++j) CHECK_THAT(fit.weight[j], WithinRel(w[j], 1e-9));
  CHECK_THAT(fit.bias, WithinRel(7, 1e-6));
  CHECK_THAT(fit.predict(e.x)[3], WithinRel((e.x * w)[3] + 7, 1e-9));
  CHECK_THAT(fit.predict(e.x.topRows(2).cast<float>())[1], WithinRel(fit.predict(e.x)[1], 1e-5));
}

TEST_CASE("ridge shrinks as its formula says, whatever the units of an input", "[linear]") {
  const Example e = example(80);
  const double penalty = .5;
  const Linear fit = ridge(e.x, e.y, penalty);
  // At the minimum the gradient is 0: (1/N) xc'(y - mu) = penalty sd^2 w.
  const MatrixD centred = e.x.rowwise() - e.x.colwise().mean();
  const VectorXd pull = centred.transpose() * (e.y - fit.predict(e.x)) / 80, sd = (centred.colwise().squaredNorm() / 80).cwiseSqrt();
  for (int j = 0; j < 4; ++j) CHECK_THAT(pull[j] / sd[j], WithinAbs(penalty * sd[j] * fit.weight[j], 1e-10));
  CHECK_THAT((e.y - fit.predict(e.x)).mean(), WithinAbs(0, 1e-9));
}

TEST_CASE("inputs that repeat each other or say nothing do no harm", "[linear]") {
  const Example e = example(60);
  MatrixD x(60, 7);
  x << e.x, e.x.col(0) * 2, VectorXd::Constant(60, .1), e.x.col(3) - e.x.col(0);
  const Linear fit = ridge(x, e.y, 0), plain = ridge(e.x, e.y, 0);
  CHECK(fit.weight.allFinite());
  CHECK(fit.weight[5] == 0);
  CHECK((fit.predict(x) - plain.predict(e.x)).cwiseAbs().maxCoeff() < 1e-4);
  const LinearMidFit mid = mid_fit(x, e.y, .3, 1.);
  CHECK_THAT(mid.loss, WithinAbs(mid_fit(e.x, e.y, .3, 1.).loss, 1e-7));
  // More inputs than rows: the rows are met exactly.
  CHECK((ridge(x.topRows(5), e.y.head(5), 0).predict(x.topRows(5)) - e.y.head(5)).cwiseAbs().maxCoeff() < 1e-4);
}

TEST_CASE("the MID fit equals NumPy's", "[linear][golden]") {
  const Json g = golden();
  const MatrixD x = double_matrix(g["x"]);
  const VectorXd y = numbers(g["y"]);
  REQUIRE(x.rows() == 60);
  for (const Json& wanted : g["fits"]) {
    const double s = wanted["s"], lambda = wanted["lambda"];
    INFO("s " << s << " lambda " << lambda);
    const LinearMidFit fit = mid_fit(x, y, lambda, s);
    CHECK_THAT(fit.loss, WithinAbs(wanted["loss"].get<double>(), 1e-9));
    CHECK_THAT(fit.from_ols.loss, WithinAbs(wanted["loss_of_starts"][0].get<double>(), 1e-9));
    CHECK_THAT(fit.from_shrunk.loss, WithinAbs(wanted["loss_of_starts"][1].get<double>(), 1e-9));
    // NumPy's goes on until grad' d is 1e-17; at 1e-12 a flat minimum leaves the weights a few millionths away, most with little
    // noise, where A hardly changes.
    const double flat = s < .2 ? 5e-6 : lambda * s == .25 ? 2e-6 : 1e-6;
    CHECK_THAT(fit.model.bias, WithinAbs(wanted["bias"].get<double>(), s < .2 ? 5e-5 : 1e-5));
    const VectorXd w = numbers(wanted["weight"]), sd = ((x.rowwise() - x.colwise().mean()).colwise().squaredNorm() / 60).cwiseSqrt();
    for (Eigen::Index j = 0; j < w.size(); ++j) CHECK_THAT(fit.model.weight[j] * sd[j], WithinAbs(w[j] * sd[j], flat));
    // Where the starts end apart each wins once.
    if (s < .2) CHECK(fit.kept_shrunk == (lambda == .5));
    CHECK(fit.from_ols.end == DescentEnd::converged);
    CHECK(fit.from_shrunk.end == DescentEnd::converged);
  }
}

TEST_CASE("the fit says of itself what its model does", "[linear]") {
  const Example e = example(300, 2);
  const LinearMidFit fit = mid_fit(e.x, e.y, .5, 1.);
  const VectorXd mu = fit.model.predict(e.x);
  CHECK_THAT(fit.error, WithinRel((e.y - mu).squaredNorm() / 300, 1e-9));
  CHECK_THAT(fit.upper, WithinAbs(upper_bound(mu, 1).value, 1e-9));
  CHECK_THAT(fit.loss, WithinRel(fit.error + .5 * fit.upper, 1e-12));
  CHECK(fit.loss == std::min(fit.from_ols.loss, fit.from_shrunk.loss));
  CHECK(fit.from_ols.steps > 1);
  CHECK(fit.from_ols.steps < 100);
}

TEST_CASE("without a price MID is least squares, and a higher price tells less", "[linear]") {
  const Example e = example(200);
  const Linear ols = ridge(e.x, e.y, 0);
  const LinearMidFit free = mid_fit(e.x, e.y, 0., .5);
  CHECK((free.model.predict(e.x) - ols.predict(e.x)).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(free.from_ols.steps == 0);
  double before = free.upper, error = free.error;
  for (const double lambda : {.05, .2, .8, 3., 100.}) {
    const LinearMidFit fit = mid_fit(e.x, e.y, lambda, .5);
    CHECK(fit.upper < before);
    CHECK(fit.error > error);
    before = fit.upper, error = fit.error;
  }
  CHECK(before < .01);
}

TEST_CASE("with much noise MID shrinks all weights by the same factor", "[linear]") {
  const Example e = example(200);
  const Linear ols = ridge(e.x, e.y, 0);
  const double s = 2000;
  for (const double part : {.2, 1., 5.}) {
    const LinearMidFit fit = mid_fit(e.x, e.y, part * s * s, s);
    for (int j = 0; j < 4; ++j) CHECK_THAT(fit.model.weight[j], WithinRel(ols.weight[j] / (1 + part), 1e-5));
    CHECK_THAT((e.y - fit.model.predict(e.x)).mean(), WithinAbs(0, 1e-9));
  }
}

TEST_CASE("the units of the target do not matter", "[linear]") {
  const Example small = example(150, 1e-4), large = example(150, 1e5);
  const LinearMidFit a = mid_fit(small.x, small.y, .4e-8, 1e-4), b = mid_fit(large.x, large.y, .4e10, 1e5);
  CHECK_THAT(a.upper, WithinAbs(b.upper, 1e-6));
  CHECK_THAT(a.loss * 1e18, WithinRel(b.loss, 1e-9));
  CHECK(a.from_ols.end == DescentEnd::converged);
  CHECK(b.from_ols.end == DescentEnd::converged);
}

TEST_CASE("an interrupted fit goes on to the same result", "[linear]") {
  const Example e = example(300);
  const auto device = cpu_device();
  const LinearMidFit whole = mid_fit(e.x, e.y, .3, .5);
  for (const int pause : {5, 40, 90}) {
    Context first{*device, Stream{1, 0}}, second{*device, Stream{1, 0}};
    LinearMidFit lost, found;
    Task task = fit_linear_mid(first, "fit", e.x, e.y, .3, .5, lost);
    for (int i = 0; i < pause; ++i) task.advance();
    CHECK(first.progress.stage == "training");
    second.saves.unpack(first.saves.pack());
    finish(fit_linear_mid(second, "fit", e.x, e.y, .3, .5, found));
    CHECK(found.model.weight == whole.model.weight);
    CHECK(found.loss == whole.loss);
    CHECK(found.from_ols.steps == whole.from_ols.steps);
    CHECK(second.progress.done == second.progress.total);
    CHECK(second.progress.live.count("loss") == 1);
  }
}

TEST_CASE("two fits of one run go on each from where it was", "[linear]") {
  const Example a = example(200), b = example(120);
  const auto device = cpu_device();
  const LinearMidFit whole_a = mid_fit(a.x, a.y, .3, .5), whole_b = mid_fit(b.x, b.y, .8, 1.);
  Context first{*device, Stream{1, 0}}, second{*device, Stream{1, 0}};
  LinearMidFit found;
  finish(fit_linear_mid(first, "a", a.x, a.y, .3, .5, found));
  Task task = fit_linear_mid(first, "b", b.x, b.y, .8, 1., found);
  for (int i = 0; i < 20; ++i) task.advance();
  second.saves.unpack(first.saves.pack());
  finish(fit_linear_mid(second, "a", a.x, a.y, .3, .5, found));
  CHECK(found.model.weight == whole_a.model.weight);
  finish(fit_linear_mid(second, "b", b.x, b.y, .8, 1., found));
  CHECK(found.model.weight == whole_b.model.weight);
}

TEST_CASE("data and settings that make no sense are refused by name", "[linear]") {
  const Example e = example(20);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(check_error([&] { mid_fit(e.x, e.y, -1., 1.); }, "at least 0, found -1") == "defense.lambda");
  CHECK(check_error([&] { mid_fit(e.x, e.y, nan, 1.); }, "at least 0") == "defense.lambda");
  CHECK(check_error([&] { mid_fit(e.x, e.y, 1., 0.); }, "above 0, found 0") == "defense.noise");
  CHECK(check_error([&] { ridge(e.x, e.y, -2); }, "at least 0, found -2") == "defense.lambda");
  CHECK(check_error([&] { mid_fit(MatrixD(e.x.topRows(1)), VectorXd(e.y.head(1)), 1., 1.); }, "at least 2 rows") == "data");
  CHECK(check_error([&] { ridge(e.x, VectorXd::Constant(20, 3.5), 0); }, "target that is 3.5 in all 20") == "data");
  CHECK(check_error([&] { ridge(MatrixD::Constant(20, 3, 2), e.y, 0); }, "no input that varies") == "data");
  CHECK(check_error([&] { ridge(MatrixD(20, 0), e.y, 0); }, "no input that varies") == "data");
  Example broken = e;
  broken.x(4, 2) = nan;
  CHECK(check_error([&] { ridge(broken.x, e.y, 0); }, "an input, number 3, in training row 5") == "data");
  broken.y[6] = std::numeric_limits<double>::infinity();
  CHECK(check_error([&] { ridge(e.x, broken.y, 0); }, "a target in training row 7") == "data");
}

TEST_CASE("the public line undoes shrinking, and needs answers that differ", "[linear]") {
  const VectorXd y = example(50).y, answers = .25 * y.array() + 3;
  const Line line = rescale_line(answers, y);
  CHECK_THAT(line.slope, WithinAbs(4, 1e-12));
  CHECK_THAT(line.intercept, WithinAbs(-12, 1e-11));
  CHECK((line.of(answers) - y).cwiseAbs().maxCoeff() < 1e-12);
  const Line flat = rescale_line(VectorXd::Constant(50, 2), y);
  CHECK(flat.slope == 0);
  CHECK_THAT(flat.intercept, WithinAbs(y.mean(), 1e-15));
}
