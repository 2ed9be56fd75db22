#pragma once
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// One turn of boundary repulsion: which way the points of a sphere that are not of the class push the code in its middle.
struct Repulsion {
  VectorXd push;          ///< the mean over all points of -u for those outside, 0 for those inside
  bool enlarges = false;  ///< more than three in four are inside: a larger sphere is next
};
/// `directions`: points x numbers, rows u of length 1; `inside`: whether the point at radius R along u is of the class.
/// Source: Kahla, Chen, Just, Jia, CVPR 2022, as in their code: only what is outside pushes. There a sum of +1 and -1 over the points has
/// to be more than .75 of their number, which are seven in eight; three in four find more (docs/public.md).
Repulsion repulsion(const MatrixD& directions, const std::vector<bool>& inside);

inline constexpr double kFirstRadius = 2, kRadiusGrowth = 1.3, kCodeLimit = 1.5;
/// How far a push moves a code: a third of the radius, at most 3.
double repulsion_step(double radius);
/// `code` after the push, each number kept within +-limit.
VectorXd pushed(const VectorXd& code, const Repulsion& repulsion, double radius, double limit);

}  // namespace mid
