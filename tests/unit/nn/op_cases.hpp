#pragma once
#include <functional>
#include <string>
#include <vector>

#include "mid/nn/program.hpp"

/// What the tests know of one operation, written independently of the library and in double precision.
struct OpCase {
  std::string name;
  mid::Op op{};
  /// Records the operation on its operands.
  std::function<mid::Var(mid::Program&, const std::vector<mid::Var>&)> record;
  /// The same in double precision.
  std::function<mid::MatrixD(const std::vector<mid::MatrixD>&)> reference;
  /// By hand: operands and result.
  std::vector<mid::MatrixD> hand;
  mid::MatrixD result;
  /// Operands at which first and second derivatives are compared with differences of `reference`.
  std::vector<mid::MatrixD> smooth;
};

/// At least one case for every operation that has operands and a value.
const std::vector<OpCase>& op_cases();
