#include "mid/nn/cpu_operations.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/square_root.hpp"
#include "mid/nn/matmul.hpp"
#include "mid/nn/optimiser_step.hpp"

namespace mid {
namespace {

using Eigen::Index;
using Numbers = Frame::Numbers;
using Result = Frame::Result;

constexpr int kLanes = 8;

/// The sum of n neighbours in eight lanes: an order that does not depend on where the numbers lie in memory.
float sum_of(const float* x, int n) {
  float lane[kLanes] = {};
  int i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lane[j] += x[i + j];
  // No index that is known at run time only: lanes would lie in memory, written one by one and read back in fours, which waits.
  for (int j = 0; j < kLanes - 1; ++j) lane[j] += i + j < n ? x[i + j] : 0.f;
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/// Adds `rows` rows of `width` numbers, of which kColumns are added here, to the sums in `out`, in the order of the rows.
template <int kColumns>
void add_rows(const float* x, Index width, int rows, float* out) {
  float sum[kColumns];
  std::copy_n(out, kColumns, sum);
  for (int r = 0; r < rows; ++r, x += width)
    for (int c = 0; c < kColumns; ++c) sum[c] += x[c];
  std::copy_n(sum, kColumns, out);
}

/// One function an operation, named as in ops.def. What NaN goes in comes out: operand orders of min and max matter here.
namespace forward {

void input(const Frame&) {}
void parameter(const Frame&) {}
void constant(const Frame&) {}

/// The frame's rows of a product.
Product product_of(const Frame& f) {
  const bool by_columns = f.node.transpose_a;
  return {.a = f.a.data + (by_columns ? f.first_row : Index{f.first_row} * f.a.cols),
          .b = f.b.data,
          .c = f.out + Index{f.first_row} * f.node.cols,
          .m = f.rows,
          .n = f.node.cols,
          .k = by_columns ? f.a.rows : f.a.cols,
          .transpose_a = by_columns,
          .transpose_b = f.node.transpose_b,
          .bias = f.c.data,
          .a_row = f.a.cols,
          .more = f.more};
}
void matmul(const Frame& f) { mid::matmul(product_of(f), f.workers); }
void dense(const Frame& f) { mid::matmul(product_of(f), f.workers); }
void part_products(const Frame& f) {
  const int rows = f.node.rows / f.node.parts, rows_a = f.a.rows / f.parts, rows_b = f.b.rows / f.parts;
  const auto compute_product = matmul_kernels()->compute;
  for (int i = f.first_row / rows; i < (f.first_row + f.rows) / rows; ++i)
    compute_product({.a = f.a.data + Index{i} * rows_a * f.a.cols,
                     .b = f.b.data + Index{i} * rows_b * f.b.cols,
                     .c = f.out + Index{i} * rows * f.node.cols,
                     .m = rows,
                     .n = f.node.cols,
                     .k = f.node.transpose_a ? rows_a : f.a.cols,
                     .transpose_a = f.node.transpose_a,
                     .transpose_b = f.node.transpose_b});
}

void add(const Frame& f) { f.result() = f.as() + f.bs(); }
void sub(const Frame& f) { f.result() = f.as() - f.bs(); }
void mul(const Frame& f) { f.result() = f.as() * f.bs(); }
void div(const Frame& f) { f.result() = f.as() / f.bs(); }
void scale(const Frame& f) { f.result() = f.as() * f.node.scalar; }
void shift(const Frame& f) { f.result() = f.as() + f.node.scalar; }
/// What would be less than the smallest normal number is 0, as on other devices: with subnormal numbers whatever comes after takes many
/// times as long, and probabilities of sure networks are full of them.
void exp(const Frame& f) {
  constexpr float kLeast = -87.3f;
  f.result() = f.as().max(kLeast).exp();
  for (Index i = f.first; i < f.first + f.count; ++i) f.out[i] = f.a.data[i] < kLeast ? 0.f : f.out[i];
}
void log(const Frame& f) { f.result() = f.as().log(); }
void sqrt(const Frame& f) { f.result() = square_root(f.as()); }
void softplus(const Frame& f) { f.result() = f.as().max(0.f) + (-f.as().abs()).exp().log1p(); }
void log_softplus(const Frame& f) {
  softplus(f);
  f.result() = f.result().log();
  for (Index i = f.first; i < f.first + f.count; ++i)
    if (f.a.data[i] < -15) f.out[i] = f.a.data[i];  // method.md 4.1: no epsilon, and no logarithm of 0
}
void sigmoid(const Frame& f) { f.result() = (1.f + (-f.as()).exp()).inverse(); }
void tanh(const Frame& f) { f.result() = f.as().tanh(); }
void leaky_relu(const Frame& f) {
  if (f.node.scalar == 0)
    f.result() = f.as().max(0.f);  // not 0 * a: a may be infinite
  else
    f.result() = f.as().max(f.as() * f.node.scalar);
}
void step(const Frame& f) {
  const float slope = f.node.scalar;
  for (Index i = f.first; i < f.first + f.count; ++i) f.out[i] = f.a.data[i] > 0 ? 1.f : slope;
}

void sum_rows(const Frame& f) {
  const int n = f.node.cols;
  if (!f.more) std::fill_n(f.out, n, 0.f);
  int c = 0;
  for (; c + 32 <= n; c += 32) add_rows<32>(f.a.data + c, n, f.a.rows, f.out + c);
  for (; c + 8 <= n; c += 8) add_rows<8>(f.a.data + c, n, f.a.rows, f.out + c);
  for (; c + 2 <= n; c += 2) add_rows<2>(f.a.data + c, n, f.a.rows, f.out + c);
  if (c < n) add_rows<1>(f.a.data + c, n, f.a.rows, f.out + c);
}
void sum_cols(const Frame& f) {
  for (int r = 0; r < f.a.rows; ++r) f.out[r] = sum_of(f.a.data + Index{r} * f.a.cols, f.a.cols);
}
void spread_rows(const Frame& f) {
  for (int r = 0; r < f.rows; ++r) std::copy_n(f.a.data, f.node.cols, f.out + Index{r} * f.node.cols);
}
void spread_cols(const Frame& f) {
  for (int r = 0; r < f.rows; ++r) std::fill_n(f.out + Index{r} * f.node.cols, f.node.cols, f.a.data[r]);
}
void columns(const Frame& f) {
  for (int r = 0; r < f.rows; ++r) std::copy_n(f.a.data + Index{r} * f.a.cols + f.node.from, f.node.cols, f.out + Index{r} * f.node.cols);
}
void pad_columns(const Frame& f) {
  std::fill_n(f.out, Index{f.rows} * f.node.cols, 0.f);
  for (int r = 0; r < f.rows; ++r) std::copy_n(f.a.data + Index{r} * f.a.cols, f.a.cols, f.out + Index{r} * f.node.cols + f.node.from);
}
void gather_sum(const Frame& f) {
  for (int r = f.first_row; r < f.first_row + f.rows; ++r) f.table->read(f.a.data + Index{r} * f.a.cols, f.out + Index{r} * f.node.cols);
}
void gather(const Frame& f) { gather_sum(f); }
void reshape(const Frame& f) {
  if (f.out != f.a.data) std::copy_n(f.a.data, Index{f.rows} * f.node.cols, f.out);
}
void log_softmax(const Frame& f) {
  for (int r = 0; r < f.rows; ++r) {
    const float* x = f.a.data + Index{r} * f.node.cols;
    float* y = f.out + Index{r} * f.node.cols;
    const float most = *std::max_element(x, x + f.node.cols);
    float total = 0;
    for (int c = 0; c < f.node.cols; ++c)
      if (!(x[c] - most < -80)) total += std::exp(x[c] - most);  // less is lost in the sum, and takes long; not NaN
    const float log_total = most + std::log(total);
    for (int c = 0; c < f.node.cols; ++c) y[c] = x[c] - log_total;
  }
}
void inverse(const Frame& f) {
  const Index n = f.node.rows;
  const Eigen::MatrixXd a = Eigen::Map<const Matrix>(f.a.data, n, n).cast<double>();
  Eigen::Map<Matrix>(f.out, n, n) = a.partialPivLu().inverse().cast<float>();
}

/// 1 - kept^steps. After so many steps that the power is lost in the difference, pow() may take long.
double unbiased(double kept, int steps) { return steps * (1 - kept) > 40 ? 1 : 1 - std::pow(kept, steps); }
void adam(const Frame& f) {
  const double kept = f.node.betas.first, kept_square = f.node.betas.second;
  Parameter& p = *f.node.parameter;
  adam_step({.kept = static_cast<float>(kept),
             .fresh = static_cast<float>(1 - kept),
             .kept_square = static_cast<float>(kept_square),
             .fresh_square = static_cast<float>(1 - kept_square),
             .rate = static_cast<float>(double{f.c.data[0]} / unbiased(kept, p.steps)),
             .unbias = static_cast<float>(1 / std::sqrt(unbiased(kept_square, p.steps))),
             .tiny = 1e-8f,
             .decay = f.node.decay},
            p.value.data() + f.first, p.first.data() + f.first, p.second.data() + f.first, f.b.data + f.first,
            static_cast<std::size_t>(f.count));
}
void sgd(const Frame& f) {
  Parameter& p = *f.node.parameter;
  sgd_step({.rate = f.c.data[0], .momentum = f.node.scalar, .decay = f.node.decay}, p.value.data() + f.first,
           f.node.scalar == 0 ? nullptr : p.first.data() + f.first, f.b.data + f.first, static_cast<std::size_t>(f.count));
}

}  // namespace forward

}  // namespace

void compute(const Frame& f) {
  switch (f.node.op) {
#define MID_OP(name, ...) \
  case Op::name: forward::name(f); break;
#include "mid/nn/ops.def"
#undef MID_OP
  }
}

}  // namespace mid
