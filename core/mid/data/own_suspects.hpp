#pragma once
#include <string>
#include <vector>

#include "mid/data/csv.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// What is legal in a stranger's table and yet probably not meant, as warnings that name the columns: texts of which each row
/// has its own, numbers with a unit that are read as categories, numbers such as -99 and 999 that stand for no value, row
/// numbers that come more than once, columns that say the same as the target or the secret. `inputs`: the columns that the
/// model sees; `target` and `secret`: their places, -1 where there is none.
std::vector<Message> suspects(const CsvTable& read, const std::vector<int>& inputs, int target, int secret);

}  // namespace mid
