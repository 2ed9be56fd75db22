#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// A weight that training changes. Programs refer to it; it outlives them.
struct Parameter {
  Matrix value;
  Matrix first, second;  ///< the optimiser's moments, same shape as value; made at the first step
  int steps = 0;         ///< optimiser steps taken
};

/// A value inside a Program.
struct Var {
  int id = -1;
};

/// The operations; the list and their documentation are in nn/ops.def.
enum class Op : std::uint8_t {
#define MID_OP(name, ...) name,
#include "mid/nn/ops.def"
#undef MID_OP
};

/// What kind of work an operation is; nn/ops.def explains the families.
enum class OpFamily : std::uint8_t { source, element, product, reduce, spread, slice, table, shape, parts, row, whole, update };

/// What nn/ops.def says of an operation.
struct OpInfo {
  std::string_view name;
  OpFamily family{};
  int operands = 0;
  std::string_view meaning;
};
/// All operations, in the order of enum Op.
std::span<const OpInfo> op_catalogue();
inline const OpInfo& info(Op op) { return op_catalogue()[static_cast<std::size_t>(op)]; }

/// How much Adam's two moments keep of what they were.
struct AdamBetas {
  double first = .9, second = .999;
};

/// One operation of a Program: its operands are earlier nodes.
struct Node {
  Op op{};
  int a = -1, b = -1, c = -1;                     ///< operands
  bool transpose_a = false, transpose_b = false;  ///< of matmul and part_products
  float scalar = 0;                               ///< factor, summand, slope; momentum of sgd
  float decay = 0;                                ///< weight decay of the optimisers
  AdamBetas betas{};                              ///< of adam
  int from = 0;                                   ///< first column, of columns and pad_columns
  int constant = -1;                              ///< index of a constant's numbers
  int table = -1;                                 ///< index of a table, of gather and gather_sum
  int parts = 1;                                  ///< of the rows, of part_products
  int summands = 1;                               ///< entries of the table for each column of the result
  int rows = 0, cols = 0;                         ///< of the result
  Parameter* parameter = nullptr;                 ///< of Op::parameter and the optimisers
};

/// Arithmetic on matrices, recorded once and run for every batch. Every derivative is written in the Program's own
/// operations, so a gradient can be differentiated again. Shapes are fixed when recording; a wrong shape asserts.
/// Source: reverse accumulation; docs/architecture.md "A network is a Program".
class Program {
 public:
  Var input(int rows, int cols);  ///< written before each run
  Var parameter(Parameter& p);    ///< read at each run; the same Var for the same Parameter
  Var constant(Matrix value);     ///< fixed
  Var full(int rows, int cols, float value);

  Var matmul(Var a, Var b, bool transpose_a = false, bool transpose_b = false);
  /// `parts` products: a and b are cut into so many parts of equally many rows, and the products of the first parts, of the second
  /// ones and so on come one below the other.
  Var part_products(Var a, Var b, int parts, bool transpose_a = false, bool transpose_b = false);
  Var add(Var a, Var b);
  Var sub(Var a, Var b);
  Var mul(Var a, Var b);  ///< element by element
  Var div(Var a, Var b);
  Var scale(Var a, float factor);
  Var shift(Var a, float summand);
  Var exp(Var a);
  Var log(Var a);
  Var sqrt(Var a);
  Var softplus(Var a);      ///< ln(1 + e^a), computed as max(a, 0) + log1p(e^-|a|)
  Var log_softplus(Var a);  ///< ln softplus(a); below -15 that is a
  Var sigmoid(Var a);
  Var tanh(Var a);
  Var leaky_relu(Var a, float slope);  ///< slope 0 is ReLU; in 0 to 1
  Var step(Var a, float slope);        ///< 1 where a > 0, else slope: the derivative of leaky_relu
  Var sum_rows(Var a);                 ///< 1 x cols
  Var spread_rows(Var a, int rows);    ///< 1 x cols repeated
  Var sum_cols(Var a);                 ///< rows x 1
  Var spread_cols(Var a, int cols);    ///< rows x 1 repeated
  Var columns(Var a, int from, int count);
  Var pad_columns(Var a, int from, int cols);  ///< `cols` columns: a's from number `from` on, zeros elsewhere
  /// y(r, c) = a(r, table[c]), 0 where table[c] is -1: one column for each entry, the same table for all rows.
  Var gather(Var a, std::vector<int> table);
  /// y(r, c) = the sum over q < summands of a(r, table[c summands + q]), in that order; -1 counts 0. The adjoint of gather is
  /// one of these with the inverse table, and the other way round, so derivatives of any order need nothing more.
  Var gather_sum(Var a, std::vector<int> table, int summands);
  Var reshape(Var a, int rows, int cols);  ///< the same numbers in order, row by row
  Var log_softmax(Var a);                  ///< over the columns of each row
  Var inverse(Var a);                      ///< of a square matrix; what comes of a singular one is not finite

  Var sum(Var a) { return sum_cols(sum_rows(a)); }                                      ///< 1 x 1
  Var mean_of_rows(Var a) { return scale(sum(a), 1.f / static_cast<float>(rows(a))); }  ///< sum of all / number of rows
  /// x W + b, with the row b (1 x cols) added to each row.
  Var dense(Var x, Var weight, Var bias);

  /// Says that this value will be read after runs. A device need not store the others; a Program that names none keeps all.
  void keep(Var v);

  /// Appends d scalar / d v for each v of `of` (a 1 x 1 `scalar`); zero where it does not depend on v.
  std::vector<Var> gradient(Var scalar, std::span<const Var> of);

  // The optimisers' steps come after everything else in a run, in the order recorded: every value of a run is that of the
  // parameters before the step.

  /// Adam (Kingma and Ba 2015; 1e-8); `weight_decay` times the parameter is added to the gradient (L2, as
  /// PyTorch's Adam). `rate` is 1 x 1, an input for instance, so schedules need no new recording.
  void adam(Var parameter, Var gradient, Var rate, float weight_decay = 0, AdamBetas betas = {});
  /// Stochastic gradient descent with momentum (heavy ball, PyTorch's convention: v = momentum v + g, p = p - rate v).
  void sgd(Var parameter, Var gradient, Var rate, float momentum = 0, float weight_decay = 0);

  int rows(Var v) const { return nodes_[static_cast<std::size_t>(v.id)].rows; }
  int cols(Var v) const { return nodes_[static_cast<std::size_t>(v.id)].cols; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Matrix>& constants() const { return constants_; }
  /// Those of gather and gather_sum: column numbers or -1. Equal ones are one.
  const std::vector<std::vector<int>>& tables() const { return tables_; }
  /// What keep() named, in order.
  const std::vector<Var>& kept() const { return kept_; }
  /// Whether this value may be read after a run.
  bool is_kept(Var v) const;

 private:
  Var push(Node node);
  Var unary(Op op, Var a, float scalar = 0);
  Var binary(Op op, Var a, Var b);
  void update(Node node, Var parameter, Var gradient, Var rate);
  std::vector<Node> nodes_;
  std::vector<Matrix> constants_;
  std::vector<std::vector<int>> tables_;
  std::vector<Var> kept_;
};

/// Additions and multiplications of one node, roughly: what long work is cut into pieces by.
double operations_of(const Program& program, const Node& node);

}  // namespace mid
