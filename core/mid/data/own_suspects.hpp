#pragma once
#include <string>
#include <vector>

#include "mid/data/csv.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// What is legal in a stranger's table and yet probably not meant, as warnings that name the columns: texts of which each row
/// has its own, numbers with a unit that are read as categories, numbers such as -99 and 999 that stand for no value, row
/// numbers that come more than once, dates that are numbers (20240131), columns that say the same as the target or the secret. `inputs`:
/// the columns that the model sees; `target` and `secret`: their places, -1 where there is none.
std::vector<Message> suspects(const CsvTable& read, const std::vector<int>& inputs, int target, int secret);

/// The last row where it sums up those above: it holds the sum of two columns, or of one and a word such as "Total". Empty: it does not.
Message sum_row(const CsvRows& csv, const CsvTable& read);
/// The same where the word alone says so, which may be a name.
Message total_word(const CsvRows& csv);

/// Those of `columns` whose cells are empty below each text, as those of merged cells are when a sheet is saved.
std::vector<std::string> merged_columns(const CsvRows& csv, const CsvTable& read, const std::vector<int>& columns);

}  // namespace mid
