#include "mid/attack/search/boundary_repulsion.hpp"

#include <algorithm>
#include <cassert>

namespace mid {

Repulsion repulsion(const MatrixD& directions, const std::vector<bool>& inside) {
  assert(static_cast<std::size_t>(directions.rows()) == inside.size());
  Repulsion out{VectorXd::Zero(directions.cols())};
  std::size_t within = 0;
  for (Eigen::Index i = 0; i < directions.rows(); ++i) {
    if (inside[static_cast<std::size_t>(i)])
      ++within;
    else
      out.push -= directions.row(i).transpose() / static_cast<double>(directions.rows());
  }
  out.enlarges = 4 * within > 3 * inside.size();
  return out;
}

double repulsion_step(double radius) { return std::min(radius / 3, 3.); }

VectorXd pushed(const VectorXd& code, const Repulsion& repulsion, double radius, double limit) {
  return (code + repulsion_step(radius) * repulsion.push).cwiseMax(-limit).cwiseMin(limit);
}

}  // namespace mid
