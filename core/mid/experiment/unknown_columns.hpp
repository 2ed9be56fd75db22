#pragma once
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// What is public about the columns `names`, from the training records: the values of each and how common they are. Of a
/// number with more than 20 values: its 8 quantile ranges, each by its mean; missing is a value of its own. Throws Error naming
/// attack.also_unknown for a name that is no column that the model sees, the secret's or one given twice, and for more
/// combinations than an attacker tries (kMostCompletions).
std::vector<Unknown> unknown_columns(const Data& data, const std::vector<std::string>& names);

}  // namespace mid
