#pragma once
#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// ln of the share of each value among the `neighbours` rows of `learnt` nearest to each row of `asked`, each value counted once more;
/// rows as far away as the last of them count, too. rows of `asked` x values.
Task nearest_belief(Matrix learnt, VectorXi value, int values, int neighbours, Matrix asked, MatrixD& out);

}  // namespace mid
