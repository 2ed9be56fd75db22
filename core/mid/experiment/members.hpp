#pragma once
#include "mid/base/philox.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// The records that an attack on membership is asked about: as many that the model learnt from (members) as that nobody learnt from
/// (strangers: the test rows), all that there are of the fewer, drawn and put in order by `random`, so that no place tells anything.
/// Records without a class or a number of their own are left out.
std::vector<int> members_and_strangers(const Dataset& set, const Split& split, Stream random);

/// 1 for each attacked record that the model learnt from, else 0.
VectorXi membership_of(const Split& split);

}  // namespace mid
