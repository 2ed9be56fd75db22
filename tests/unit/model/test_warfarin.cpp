// The dose table of method.md section 2 on five splits of our own: what MID costs and what the answers tell then.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/info/mixture.hpp"
#include "mid/model/linear/linear.hpp"
#include "mid/nn/device.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

constexpr int kTrain = 1335, kSplits = 5;

struct Row {
  double s, lambda;                                                     // what is fitted
  double upper, taylor2, rmse, rmse_released, within, within_released;  // what the table says
};
constexpr Row kTable[] = {
    {1, 0, .536, .299, 11.68, 16.47, .493, .336},     {1, .3, .444, .241, 11.86, 16.55, .489, .333},
    {1, 1, .243, .126, 12.76, 17.13, .446, .320},     {1, 3, .057, .029, 14.47, 18.37, .391, .304},
    {1, 30, .001, .000, 16.00, 19.56, .336, .275},    {.3, 0, 1.607, 1.161, 11.68, 12.20, .493, .464},
    {.3, .1, 1.544, 1.103, 11.75, 12.26, .495, .457}, {.3, .3, 1.362, .941, 12.09, 12.59, .473, .448},
    {.3, 1, .073, .037, 15.60, 15.97, .345, .334},    {.1, 0, 2.694, 2.209, 11.68, 11.74, .493, .491},
};

struct DoseFigures {
  VectorXd mean = VectorXd::Zero(6), square = VectorXd::Zero(6);
  int steps = 0, unfinished = 0;
};

double rmse(const VectorXd& root, const VectorXd& dose) { return std::sqrt((root.array().square() - dose.array()).square().mean()); }
double within(const VectorXd& root, const VectorXd& dose) {
  return ((root.array().square() - dose.array()).abs() <= .2 * dose.array()).cast<double>().mean();
}

DoseFigures figures(const Table& table, const Row& row) {
  const auto device = cpu_device();
  const int target = table.find("weekly_dose_mg"), id = table.find("row_id");
  DoseFigures out;
  for (std::uint64_t split = 0; split < kSplits; ++split) {
    const std::vector<int> order = permutation(Stream{split, 0}, static_cast<int>(table.values.rows()));
    const MatrixD all = rows_of(table.values, order);
    MatrixD x(all.rows(), all.cols() - 2);
    for (int c = 0, to = 0; c < all.cols(); ++c)
      if (c != target && c != id) x.col(to++) = all.col(c);
    const VectorXd dose = all.col(target), y = dose.cwiseSqrt();
    Context context{*device, Stream{split, 0}};
    LinearMidFit fit;
    finish(fit_linear_mid(context, "fit", x.topRows(kTrain), y.head(kTrain), row.lambda, row.s, fit));
    const AnswerInformation info = answer_information(fit.model.predict(x.topRows(kTrain)), row.s);
    const VectorXd mu = fit.model.predict(x.bottomRows(x.rows() - kTrain)), truth = dose.tail(x.rows() - kTrain);
    Matrix eps(mu.size(), 1);
    fill_normal(Stream{split, 1}, 0, eps);
    const VectorXd released = mu + row.s * eps.cast<double>();
    VectorXd found(6);
    found << info.upper, info.taylor2, rmse(mu, truth), rmse(released, truth), within(mu, truth), within(released, truth);
    out.mean += found / kSplits;
    out.square += found.cwiseAbs2() / kSplits;
    const Descent& kept = fit.kept_shrunk ? fit.from_shrunk : fit.from_ols;
    out.steps += kept.steps;
    out.unfinished += kept.end != DescentEnd::converged;
  }
  return out;
}

}  // namespace

TEST_CASE("doses fitted by MID have the errors and the information of the method's table", "[linear][warfarin]") {
  const std::string name = "warfarin-simsl/warfarin_simsl.csv", text = read_data_file(name);
  const Table table = table_of(parse_csv(text, name));
  for (const Row& row : kTable) {
    const DoseFigures f = figures(table, row);
    const VectorXd sd = (f.square - f.mean.cwiseAbs2()).cwiseMax(0).cwiseSqrt();
    INFO("s " << row.s << " lambda " << row.lambda << ": mean " << f.mean.transpose() << ", sd " << sd.transpose() << ", steps "
              << f.steps / kSplits);
    CHECK(f.unfinished == 0);
    // The method's tolerance for one split is .02, and 1.2 of RMSE; a third of the latter for the mean of five.
    CHECK_THAT(f.mean[0], WithinAbs(row.upper, .02));
    CHECK_THAT(f.mean[1], WithinAbs(row.taylor2, .02));
    CHECK_THAT(f.mean[2], WithinAbs(row.rmse, .4));
    CHECK_THAT(f.mean[3], WithinAbs(row.rmse_released, .6));  // one draw of the noise a split
    CHECK_THAT(f.mean[4], WithinAbs(row.within, .03));
    CHECK_THAT(f.mean[5], WithinAbs(row.within_released, .03));
  }
}
