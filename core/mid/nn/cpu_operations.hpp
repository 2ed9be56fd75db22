#pragma once
// The operations of a Program on the processor, one function each: what nn/cpu_device.cpp calls for whole values, for shares of them
// and for strips.
#include "mid/base/matrix.hpp"
#include "mid/nn/cpu_tables.hpp"
#include "mid/nn/program.hpp"

namespace mid {

class Workers;

/// The numbers of an operand, row by row; of a strip, its rows only.
struct Operand {
  const float* data = nullptr;
  int rows = 0, cols = 0;
};

/// One node, or a strip of it, about to be computed.
struct Frame {
  using Index = Eigen::Index;
  using Numbers = Eigen::Map<const Eigen::ArrayXf>;
  using Result = Eigen::Map<Eigen::ArrayXf>;

  explicit Frame(const Node& n) : node(n) {}

  const Node& node;
  Operand a, b, c;
  float* out = nullptr;
  Index first = 0, count = 0;        ///< numbers to compute, of elementwise operations and of updates
  int first_row = 0, rows = 0;       ///< to compute, of all others; not from 0 on and all of them only of products, tables and parts
  int parts = 1;                     ///< of the operands' rows, of part_products
  const TableRuns* table = nullptr;  ///< of tables
  Workers* workers = nullptr;        ///< who share a product
  bool more = false;                 ///< a sum over records goes on from what `out` has

  Numbers numbers(const Operand& o) const { return {o.data + first, count}; }
  Numbers as() const { return numbers(a); }
  Numbers bs() const { return numbers(b); }
  Result result() const { return {out + first, count}; }
};

/// How many numbers of an elementwise operation are computed together: shares of whole groups take the same vectorised path as the whole.
inline constexpr Eigen::Index kPiece = 1024;

void compute(const Frame& frame);

}  // namespace mid
