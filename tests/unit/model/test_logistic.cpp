// The logistic guess: both ways to a Newton step, and what many inputs cost.
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/model/linear/logistic.hpp"
#include "mid/nn/device.hpp"

using namespace mid;

namespace {

/// Records with one of many codes in each of `columns` columns, and a value that hangs on them.
struct Records {
  SparseRows x;
  VectorXi y;
  Records(int rows, int columns, int codes, int values) : y(rows) {
    Random draw(Stream{5}.sub("records"));
    x.inputs = Eigen::Index{columns} * codes;
    for (int r = 0; r < rows; ++r) {
      int sum = 0;
      for (int c = 0; c < columns; ++c) {
        const int code = draw.below(codes);
        sum += code;
        x.add(c * codes + code, 1);
      }
      x.end_row();
      y[r] = draw.uniform() < .7 ? sum % values : draw.below(values);
    }
  }
};

Logistic fit(const Records& records, int values, double ridge, double* longest = nullptr) {
  const auto device = cpu_device();
  Context context{*device, Stream{1}};
  Logistic out;
  Task task = fit_logistic(context, records.x, records.y, values, ridge, out);
  work_done.largest = 0;
  while (task.advance()) {
  }
  if (longest) *longest = static_cast<double>(work_done.largest);
  return out;
}

MatrixD beliefs(const Logistic& model, const Records& records) {
  MatrixD out;
  finish(log_probability(model, records.x, out));
  return out;
}

/// Of minus the penalised log-likelihood, at the model.
double gradient(const Logistic& m, const Records& records, double ridge) {
  const MatrixD p = beliefs(m, records).array().exp();
  MatrixD g = ridge * m.weight;
  for (Eigen::Index r = 0; r < p.rows(); ++r)
    for (std::size_t i = records.x.begin[static_cast<std::size_t>(r)]; i < records.x.begin[static_cast<std::size_t>(r) + 1]; ++i)
      for (Eigen::Index v = 0; v < p.cols(); ++v) g(records.x.input[i], v) += p(r, v) - (records.y[r] == v ? 1 : 0);
  return g.leftCols(g.cols() - 1).cwiseAbs().maxCoeff();  // the last value's weights are held at 0
}

}  // namespace

TEST_CASE("both ways to a Newton step end where the gradient is 0", "[logistic]") {
  const Records few(400, 3, 10, 3), many(400, 3, 60, 4);  // 62 and 543 unknowns
  CHECK(gradient(fit(few, 3, 1e-3), few, 1e-3) < 1e-6);
  const Logistic model = fit(many, 4, 1e-3);
  CHECK(model.converged);
  CHECK(gradient(model, many, 1e-3) < 1e-6);
  CHECK((beliefs(model, many).array().exp().rowwise().sum() - 1).abs().maxCoeff() < 1e-12);
}

TEST_CASE("conjugate gradients find what factoring finds", "[logistic]") {
  // Inputs that are always 0 make the same problem one of many unknowns.
  const Records small(500, 4, 20, 3);
  Records wide = small;
  wide.x.inputs = 400;
  const Logistic exact = fit(small, 3, 1e-3), by_products = fit(wide, 3, 1e-3);
  CHECK(by_products.converged);
  CHECK((by_products.weight.topRows(80) - exact.weight).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((beliefs(by_products, wide) - beliefs(exact, small)).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("codes of hundreds of values cost as much as there are numbers, and tick", "[logistic]") {
  const Records codes(1500, 5, 120, 10);  // 5,409 unknowns: their matrix of second derivatives would have 29 million numbers
  double longest = 0;
  const Logistic model = fit(codes, 10, 1e-3, &longest);
  CHECK(model.converged);
  CHECK(longest < 1.5 * kWorkOfTick);
}
