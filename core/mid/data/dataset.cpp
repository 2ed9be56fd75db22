#include "mid/data/dataset.hpp"

#include <cassert>

#include "mid/base/square_root.hpp"
#include "mid/base/work.hpp"

namespace mid {
namespace {

template <class M>
M picked(const M& from, const std::vector<int>& rows) {
  M out(static_cast<Eigen::Index>(rows.size()), from.cols());
  count_work(2. * static_cast<double>(out.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    assert(rows[i] >= 0 && rows[i] < from.rows());
    out.row(static_cast<Eigen::Index>(i)) = from.row(rows[i]);
  }
  return out;
}

/// Row-aligned parts may be empty, which means that the set has no such thing.
template <class M>
void keep(M& part, const std::vector<int>& rows) {
  if (part.size() > 0) part = picked(part, rows);
}
template <class T>
void keep(std::vector<T>& part, const std::vector<int>& rows) {
  if (part.empty()) return;
  std::vector<T> out;
  out.reserve(rows.size());
  for (int row : rows) out.push_back(part[static_cast<std::size_t>(row)]);
  part = std::move(out);
}

}  // namespace

int Table::find(const std::string& name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return static_cast<int>(i);
  return -1;
}

Matrix rows_of(const Matrix& m, const std::vector<int>& rows) { return picked(m, rows); }
MatrixD rows_of(const MatrixD& m, const std::vector<int>& rows) { return picked(m, rows); }
VectorXi rows_of(const VectorXi& v, const std::vector<int>& rows) { return picked(v, rows); }
VectorXd rows_of(const VectorXd& v, const std::vector<int>& rows) { return picked(v, rows); }

void scale_of_columns(const Matrix& x, Matrix& mean, Matrix& sd) {
  mean = x.colwise().mean();
  const Eigen::RowVectorXf variance = (x.rowwise() - Eigen::RowVectorXf(mean.row(0))).array().square().colwise().mean();
  sd = square_root(variance);
  sd = (sd.array() > 1e-6f).select(sd, Matrix::Ones(1, x.cols()));
}

Dataset subset(const Dataset& set, const std::vector<int>& rows) {
  Dataset out = set;
  out.inputs = picked(set.inputs, rows);
  keep(out.label, rows);
  keep(out.target, rows);
  if (out.secret) out.secret->of_row = picked(set.secret->of_row, rows);
  keep(out.pictures, rows);
  keep(out.person, rows);
  keep(out.pool, rows);
  keep(out.kind, rows);
  keep(out.row_names, rows);
  keep(out.table.values, rows);
  return out;
}

Dataset table_as_inputs(Dataset set) {
  const Eigen::Index columns = set.table.values.cols();
  // Moved in: a matrix that changes its size lets go of its memory before it asks for more, and is destroyed twice where there is none.
  set.inputs = Matrix(set.table.values.cast<float>());
  set.input_names.clear();
  for (const Column& column : set.table.columns) set.input_names.push_back(column.name);
  set.input_mean = Matrix(Matrix::Zero(1, columns)), set.input_sd = Matrix(Matrix::Ones(1, columns));
  if (!set.secret) return set;
  Secret& secret = *set.secret;
  const int column = set.table.find(secret.name);
  secret.inputs = {column};
  secret.code = Matrix(Matrix::Zero(static_cast<Eigen::Index>(secret.values.size()), 1));
  for (Eigen::Index row = 0; row < secret.of_row.size(); ++row)
    if (secret.of_row[row] >= 0) secret.code(secret.of_row[row], 0) = set.inputs(row, column);
  return set;
}

Matrix without_secret(Matrix inputs, const Secret& secret) {
  for (int column : secret.inputs) inputs.col(column).setZero();
  return inputs;
}

Matrix with_secret(Matrix known, const Secret& secret, int value) {
  for (std::size_t i = 0; i < secret.inputs.size(); ++i)
    known.col(secret.inputs[i]).setConstant(secret.code(value, static_cast<Eigen::Index>(i)));
  return known;
}

}  // namespace mid
