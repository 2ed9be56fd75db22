#pragma once
#include <string>
#include <vector>

#include "mid/data/dataset.hpp"

namespace mid {

/// A table's columns as numbers for a model.
struct Encoding {
  Matrix inputs;                   ///< rows x inputs
  std::vector<std::string> names;  ///< of the inputs: "age", "sex=Male", "age missing"
  std::vector<bool> numeric;       ///< each input: a number that may be standardised; false for 0/1 codes
  std::vector<int> column;         ///< each input's column of the table
  std::vector<Message> warnings;
};

/// Inputs in the columns' order. A number: itself; where missing the mean over the rows `train`, with one more input that is
/// 1 there, if the column misses any. Categories: one 0/1 input for each; for two categories, and for columns named in
/// `reference_coded`, none for the first. Columns with one value only are left out with a warning. Throws Error naming
/// data.drop and all columns of more than 200 categories (identifiers, not attributes), when two columns make inputs of the
/// same name, and when there would be more than 20,000 inputs or they would not fit into a gigabyte.
Encoding encode(const Table& table, const std::vector<int>& train, const std::vector<std::string>& reference_coded = {});

/// The inputs that come from a column, by the names that encode() gives them; of a table as inputs the column itself.
std::vector<int> inputs_of(const Column& column, const std::vector<std::string>& input_names);

/// Missing values of categorical columns become a category of their own, "?", the last one; Column::missing keeps the count.
void missing_as_category(Table& table);

/// The secret as it enters an encoding: `column` of the table, which must be categorical or a number with at most 20
/// different values, none missing. Only values that occur are listed. Throws Error naming data.sensitive.
Secret secret_of(const Table& table, int column, const Encoding& encoding);

/// Mean and population sd of each input over `rows` where `numeric` says so, 0 and 1 elsewhere and for constants.
void standardise(const Matrix& inputs, const std::vector<bool>& numeric, const std::vector<int>& rows, Matrix& mean, Matrix& sd);

/// The columns' names.
std::vector<std::string> names_of(const Table& table);
/// "a, b or c" of the first 20 words, then how many more there are.
Message listed_briefly(std::vector<std::string> words);

/// "3", "2.5": a number as it stands in names of values.
std::string number_text(double value);

}  // namespace mid
