// Factorizations that tick are Eigen's own, to the last bit.
#include <Eigen/Eigenvalues>
#include <catch2/catch_test_macros.hpp>

#include "mid/base/philox.hpp"
#include "mid/model/linear/factor.hpp"

using namespace mid;

namespace {

Eigen::MatrixXd symmetric(int n, const char* name, int rank) {
  Random draw(Stream{3}.sub(name));
  Eigen::MatrixXd half(n, rank);
  for (double& x : half.reshaped()) x = draw.normal();
  return half * half.transpose();
}

}  // namespace

TEST_CASE("LDL' in pieces is Eigen's", "[factor]") {
  for (const auto& [n, rank] : {std::pair{1, 1}, {2, 2}, {7, 3}, {60, 60}, {133, 20}}) {
    const Eigen::MatrixXd a = symmetric(n, "a", rank), b = symmetric(n, "b", 5);
    const Eigen::LDLT<Eigen::MatrixXd> wanted(a);
    Ldlt found;
    finish(factor_ldlt(a, found));
    CHECK(found.lower.triangularView<Eigen::Lower>().toDenseMatrix() ==
          Eigen::MatrixXd(wanted.matrixLDLT().triangularView<Eigen::Lower>()));
    CHECK(found.solve(b.col(0)) == VectorXd(wanted.solve(VectorXd(b.col(0)))));
    Eigen::MatrixXd x;
    finish(solve_ldlt(found, b, x));
    CHECK(x == Eigen::MatrixXd(wanted.solve(b)));
  }
  Ldlt zero;
  finish(factor_ldlt(Eigen::MatrixXd::Zero(4, 4), zero));
  CHECK(zero.solve(VectorXd::Ones(4)).isZero(0));
}

TEST_CASE("eigenvectors in pieces are Eigen's", "[factor]") {
  for (const auto& [n, rank] : {std::pair{1, 1}, {2, 2}, {9, 4}, {64, 64}, {130, 130}}) {
    const Eigen::MatrixXd a = symmetric(n, "a", rank);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> wanted(a);
    VectorXd values;
    Eigen::MatrixXd vectors;
    finish(decompose_symmetric(a, values, vectors));
    CHECK(values == wanted.eigenvalues());
    CHECK(vectors == wanted.eigenvectors());
  }
}

TEST_CASE("a factorization of a thousand unknowns ticks", "[factor]") {
  const Eigen::MatrixXd a = symmetric(1000, "a", 1000);
  const auto longest = [](Task task) {
    work_done.largest = 0;
    int ticks = 0;
    while (task.advance()) ++ticks;
    CHECK(ticks > 10);
    return static_cast<double>(work_done.largest);
  };
  Ldlt factored;
  CHECK(longest(factor_ldlt(a, factored)) < 1.5 * kWorkOfTick);
  Eigen::MatrixXd x;
  CHECK(longest(solve_ldlt(factored, a.leftCols(200), x)) < 2 * kWorkOfTick);
  VectorXd values;
  Eigen::MatrixXd vectors;
  CHECK(longest(decompose_symmetric(symmetric(300, "b", 300), values, vectors)) < 1.5 * kWorkOfTick);
}
