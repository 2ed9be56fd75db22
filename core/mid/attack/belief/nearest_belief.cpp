#include "mid/attack/belief/nearest_belief.hpp"

#include <algorithm>

#include "mid/base/work.hpp"

namespace mid {

Task nearest_belief(Matrix learnt, VectorXi value, int values, int neighbours, Matrix asked, MatrixD& out) {
  const Eigen::Index n = learnt.rows(), last = std::min<Eigen::Index>(neighbours, n) - 1;
  out.resize(asked.rows(), values);
  for (Eigen::Index r = 0; r < asked.rows(); ++r) {
    const VectorXf distance = (learnt.rowwise() - asked.row(r)).rowwise().squaredNorm();
    VectorXf sorted = distance;
    std::nth_element(sorted.begin(), sorted.begin() + last, sorted.end());
    VectorXd count = VectorXd::Ones(values);
    for (Eigen::Index i = 0; i < n; ++i)
      if (distance[i] <= sorted[last]) count[value[i]] += 1;
    out.row(r) = (count / count.sum()).array().log().transpose();
    if (tick_due(static_cast<double>(n) * (3. * static_cast<double>(learnt.cols()) + 20))) co_await Tick{};
  }
}

}  // namespace mid
