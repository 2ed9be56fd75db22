#include "op_cases.hpp"

#include <cmath>

#include "mid/base/philox.hpp"

using namespace mid;

namespace {

using Vars = std::vector<Var>;
using Values = std::vector<MatrixD>;

/// Rows of numbers.
MatrixD m(std::initializer_list<std::initializer_list<double>> rows) {
  MatrixD out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index r = 0;
  for (const auto& row : rows) {
    Eigen::Index c = 0;
    for (double v : row) out(r, c++) = v;
    ++r;
  }
  return out;
}

/// rows x cols numbers in low .. high, rounded to float so that both precisions start from the same.
MatrixD some(int rows, int cols, double low, double high, std::uint64_t name) {
  Random draw(Stream{7, name});
  MatrixD out(rows, cols);
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(low + (high - low) * draw.uniform());
  return out;
}

template <class F>
MatrixD each(const MatrixD& a, F f) {
  return a.unaryExpr(f);
}

double softplus(double a) { return std::max(a, 0.) + std::log1p(std::exp(-std::abs(a))); }

MatrixD log_softmax(const MatrixD& a) {
  MatrixD out = a;
  for (Eigen::Index r = 0; r < a.rows(); ++r) out.row(r).array() -= std::log(a.row(r).array().exp().sum());
  return out;
}

OpCase unary(std::string name, Op op, std::function<Var(Program&, Var)> record, std::function<double(double)> f, double in, double out,
             double low = -2, double high = 2) {
  return {name,
          op,
          [record](Program& p, const Vars& v) { return record(p, v[0]); },
          [f](const Values& v) { return each(v[0], f); },
          {m({{in}})},
          m({{out}}),
          {some(3, 5, low, high, 1)}};
}

OpCase binary(std::string name, Op op, std::function<Var(Program&, Var, Var)> record,
              std::function<MatrixD(const MatrixD&, const MatrixD&)> f, double a, double b, double out) {
  return {name,
          op,
          [record](Program& p, const Vars& v) { return record(p, v[0], v[1]); },
          [f](const Values& v) { return f(v[0], v[1]); },
          {m({{a}}), m({{b}})},
          m({{out}}),
          {some(3, 5, .5, 2, 1), some(3, 5, .5, 2, 2)}};
}

OpCase product(std::string name, bool ta, bool tb) {
  const MatrixD a = m({{1, 2, 3}, {4, 5, 6}}), b = m({{1, 0}, {0, 1}, {2, -1}});
  const MatrixD x = some(3, 5, -1, 1, 1), y = some(5, 4, -1, 1, 2);
  const auto turned = [](const MatrixD& v, bool t) { return t ? MatrixD(v.transpose()) : v; };
  return {name,
          Op::matmul,
          [=](Program& p, const Vars& v) { return p.matmul(v[0], v[1], ta, tb); },
          [=](const Values& v) { return MatrixD(turned(v[0], ta) * turned(v[1], tb)); },
          {turned(a, ta), turned(b, tb)},
          m({{7, -1}, {16, -1}}),
          {turned(x, ta), turned(y, tb)}};
}

std::vector<OpCase> make() {
  std::vector<OpCase> all;
  all.push_back(product("matmul", false, false));
  all.push_back(product("matmul, first transposed", true, false));
  all.push_back(product("matmul, second transposed", false, true));
  all.push_back(product("matmul, both transposed", true, true));
  for (const bool ta : {false, true})
    for (const bool tb : {false, true}) {
      const auto turned = [](const MatrixD& v, bool t) { return t ? MatrixD(v.transpose()) : v; };
      const auto below = [](const MatrixD& a, const MatrixD& b) {
        MatrixD out(a.rows() + b.rows(), a.cols());
        out << a, b;
        return out;
      };
      const MatrixD a = m({{1, 2, 3}, {4, 5, 6}}), b = m({{1, 0}, {0, 1}, {2, -1}});
      all.push_back({"part_products",
                     Op::part_products,
                     [=](Program& p, const Vars& v) { return p.part_products(v[0], v[1], 2, ta, tb); },
                     [=](const Values& v) {
                       const auto half = [](const MatrixD& x, bool first) {
                         return MatrixD(first ? x.topRows(x.rows() / 2) : x.bottomRows(x.rows() / 2));
                       };
                       return below(turned(half(v[0], true), ta) * turned(half(v[1], true), tb),
                                    turned(half(v[0], false), ta) * turned(half(v[1], false), tb));
                     },
                     {below(turned(a, ta), turned(2 * a, ta)), below(turned(b, tb), turned(b, tb))},
                     m({{7, -1}, {16, -1}, {14, -2}, {32, -2}}),
                     {below(turned(some(3, 5, -1, 1, 1), ta), turned(some(3, 5, -1, 1, 2), ta)),
                      below(turned(some(5, 4, -1, 1, 3), tb), turned(some(5, 4, -1, 1, 4), tb))}});
    }
  all.push_back({"dense",
                 Op::dense,
                 [](Program& p, const Vars& v) { return p.dense(v[0], v[1], v[2]); },
                 [](const Values& v) { return MatrixD((v[0] * v[1]).rowwise() + v[2].row(0)); },
                 {m({{1, 2}, {3, 4}}), m({{1, 0}, {0, -1}}), m({{10, 20}})},
                 m({{11, 18}, {13, 16}}),
                 {some(3, 5, -1, 1, 1), some(5, 4, -1, 1, 2), some(1, 4, -1, 1, 3)}});

  all.push_back(binary(
      "add", Op::add, [](Program& p, Var a, Var b) { return p.add(a, b); }, [](const auto& a, const auto& b) { return MatrixD(a + b); }, 2,
      3, 5));
  all.push_back(binary(
      "sub", Op::sub, [](Program& p, Var a, Var b) { return p.sub(a, b); }, [](const auto& a, const auto& b) { return MatrixD(a - b); }, 2,
      3, -1));
  all.push_back(binary(
      "mul", Op::mul, [](Program& p, Var a, Var b) { return p.mul(a, b); },
      [](const auto& a, const auto& b) { return MatrixD(a.cwiseProduct(b)); }, 2, 3, 6));
  all.push_back(binary(
      "div", Op::div, [](Program& p, Var a, Var b) { return p.div(a, b); },
      [](const auto& a, const auto& b) { return MatrixD(a.cwiseQuotient(b)); }, 3, 2, 1.5));

  all.push_back(unary("scale", Op::scale, [](Program& p, Var a) { return p.scale(a, -2.5f); }, [](double a) { return -2.5 * a; }, 2, -5));
  all.push_back(unary("shift", Op::shift, [](Program& p, Var a) { return p.shift(a, .25f); }, [](double a) { return a + .25; }, 2, 2.25));
  all.push_back(
      unary("exp", Op::exp, [](Program& p, Var a) { return p.exp(a); }, [](double a) { return std::exp(a); }, 1, 2.718281828459045));
  all.push_back(
      unary("log", Op::log, [](Program& p, Var a) { return p.log(a); }, [](double a) { return std::log(a); }, 2, .6931471805599453, .5, 3));
  all.push_back(
      unary("sqrt", Op::sqrt, [](Program& p, Var a) { return p.sqrt(a); }, [](double a) { return std::sqrt(a); }, 2.25, 1.5, .5, 3));
  all.push_back(unary("softplus", Op::softplus, [](Program& p, Var a) { return p.softplus(a); }, softplus, -5, .006715348489117967));
  all.push_back(unary(
      "log_softplus", Op::log_softplus, [](Program& p, Var a) { return p.log_softplus(a); }, [](double a) { return std::log(softplus(a)); },
      -5, -5.003359553239909, -6, 3));
  all.push_back(unary(
      "sigmoid", Op::sigmoid, [](Program& p, Var a) { return p.sigmoid(a); }, [](double a) { return 1 / (1 + std::exp(-a)); }, .1,
      .52497918747894));
  all.push_back(
      unary("tanh", Op::tanh, [](Program& p, Var a) { return p.tanh(a); }, [](double a) { return std::tanh(a); }, .5, .46211715726000973));
  all.push_back(unary(
      "leaky_relu", Op::leaky_relu, [](Program& p, Var a) { return p.leaky_relu(a, .2f); }, [](double a) { return a > 0 ? a : .2 * a; }, -3,
      -.6));
  all.push_back(unary(
      "leaky_relu, slope 0", Op::leaky_relu, [](Program& p, Var a) { return p.leaky_relu(a, 0); }, [](double a) { return a > 0 ? a : 0; },
      -3, 0));
  all.push_back(unary("step", Op::step, [](Program& p, Var a) { return p.step(a, .2f); }, [](double a) { return a > 0 ? 1 : .2; }, -3, .2));

  const auto columns = [](Program& p, const Vars& v) { return p.columns(v[0], 1, 2); };
  const auto pad = [](Program& p, const Vars& v) { return p.pad_columns(v[0], 1, 7); };
  all.push_back({"sum_rows",
                 Op::sum_rows,
                 [](Program& p, const Vars& v) { return p.sum_rows(v[0]); },
                 [](const Values& v) { return MatrixD(v[0].colwise().sum()); },
                 {m({{1, 2, 3}, {4, 5, 6}})},
                 m({{5, 7, 9}}),
                 {some(3, 5, -1, 1, 1)}});
  all.push_back({"sum_cols",
                 Op::sum_cols,
                 [](Program& p, const Vars& v) { return p.sum_cols(v[0]); },
                 [](const Values& v) { return MatrixD(v[0].rowwise().sum()); },
                 {m({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}})},
                 m({{66}, {-11}}),
                 {some(3, 19, -1, 1, 1)}});
  all.push_back({"spread_rows",
                 Op::spread_rows,
                 [](Program& p, const Vars& v) { return p.spread_rows(v[0], 2); },
                 [](const Values& v) { return MatrixD(v[0].replicate(2, 1)); },
                 {m({{1, 2}})},
                 m({{1, 2}, {1, 2}}),
                 {some(1, 5, -1, 1, 1)}});
  all.push_back({"spread_cols",
                 Op::spread_cols,
                 [](Program& p, const Vars& v) { return p.spread_cols(v[0], 2); },
                 [](const Values& v) { return MatrixD(v[0].replicate(1, 2)); },
                 {m({{1}, {2}})},
                 m({{1, 1}, {2, 2}}),
                 {some(3, 1, -1, 1, 1)}});
  all.push_back({"columns",
                 Op::columns,
                 columns,
                 [](const Values& v) { return MatrixD(v[0].middleCols(1, 2)); },
                 {m({{1, 2, 3}, {4, 5, 6}})},
                 m({{2, 3}, {5, 6}}),
                 {some(3, 5, -1, 1, 1)}});
  all.push_back({"pad_columns",
                 Op::pad_columns,
                 pad,
                 [](const Values& v) {
                   MatrixD out = MatrixD::Zero(v[0].rows(), 7);
                   out.middleCols(1, v[0].cols()) = v[0];
                   return out;
                 },
                 {m({{1, 2}, {3, 4}})},
                 m({{0, 1, 2, 0, 0, 0, 0}, {0, 3, 4, 0, 0, 0, 0}}),
                 {some(3, 5, -1, 1, 1)}});
  // Each number of a is used: one twice, one three times; -1 is no number.
  const std::vector<int> table{2, -1, 0, 2, 1, 3, 4, -1, 2, 0};
  const auto from_table = [](const MatrixD& a, const std::vector<int>& entries, int summands) {
    MatrixD out = MatrixD::Zero(a.rows(), static_cast<Eigen::Index>(entries.size()) / summands);
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (entries[i] >= 0) out.col(static_cast<Eigen::Index>(i) / summands) += a.col(entries[i]);
    return out;
  };
  all.push_back({"gather",
                 Op::gather,
                 [=](Program& p, const Vars& v) { return p.gather(v[0], p.cols(v[0]) == 2 ? std::vector<int>{1, -1, 0, 1} : table); },
                 [=](const Values& v) { return from_table(v[0], v[0].cols() == 2 ? std::vector<int>{1, -1, 0, 1} : table, 1); },
                 {m({{1, 2}, {3, 4}})},
                 m({{2, 0, 1, 2}, {4, 0, 3, 4}}),
                 {some(3, 5, -1, 1, 1)}});
  all.push_back(
      {"gather_sum",
       Op::gather_sum,
       [=](Program& p, const Vars& v) { return p.gather_sum(v[0], p.cols(v[0]) == 2 ? std::vector<int>{1, -1, 0, 1} : table, 2); },
       [=](const Values& v) { return from_table(v[0], v[0].cols() == 2 ? std::vector<int>{1, -1, 0, 1} : table, 2); },
       {m({{1, 2}, {3, 4}})},
       m({{2, 3}, {4, 7}}),
       {some(3, 5, -1, 1, 1)}});
  const auto shaped = [](const MatrixD& a, Eigen::Index rows) {
    return MatrixD(Eigen::Map<const MatrixD>(a.data(), rows, a.size() / rows));
  };
  all.push_back({"reshape",
                 Op::reshape,
                 [](Program& p, const Vars& v) { return p.rows(v[0]) == 2 ? p.reshape(v[0], 3, 2) : p.reshape(v[0], 5, 3); },
                 [=](const Values& v) { return shaped(v[0], v[0].rows() == 2 ? 3 : 5); },
                 {m({{1, 2, 3}, {4, 5, 6}})},
                 m({{1, 2}, {3, 4}, {5, 6}}),
                 {some(3, 5, -1, 1, 1)}});
  all.push_back({"log_softmax",
                 Op::log_softmax,
                 [](Program& p, const Vars& v) { return p.log_softmax(v[0]); },
                 [](const Values& v) { return log_softmax(v[0]); },
                 {m({{0, 1.0986122886681098}})},
                 m({{-1.3862943611198906, -.2876820724517809}}),
                 {some(3, 5, -2, 2, 1)}});
  all.push_back({"inverse",
                 Op::inverse,
                 [](Program& p, const Vars& v) { return p.inverse(v[0]); },
                 [](const Values& v) { return MatrixD(v[0].inverse()); },
                 {m({{4, 7}, {2, 6}})},
                 m({{.6, -.7}, {-.2, .4}}),
                 {MatrixD(some(5, 5, -1, 1, 1) + 4 * MatrixD::Identity(5, 5))}});
  return all;
}

}  // namespace

const std::vector<OpCase>& op_cases() {
  static const std::vector<OpCase> all = make();
  return all;
}
