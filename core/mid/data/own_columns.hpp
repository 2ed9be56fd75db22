#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/data/csv.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// Whether a name says that its column is an identifier: id, index, key, number, nr and what is made of these. A "number of ..."
/// is a count.
bool says_id(const std::string& name);

/// The places of columns that only say which row this is: a first column without a name (or an "Unnamed: 0") of whole numbers
/// or texts that are all different, and every column of such numbers or texts whose name says id, index, key, number or nr.
/// Other whole numbers that are all different (doses, incomes, time stamps) are no ids.
std::vector<int> row_ids(const CsvRows& csv, const Table& table);

/// From where `values` must be counted so that floats hold them to a hundred-thousandth of their sd; 0: they do as they are;
/// nothing: no float can.
std::optional<double> nearby(const VectorXd& values);

/// Counts the numbers of each of `columns` from Column::offset on instead of 0 where a float would lose more of them than a
/// hundred-thousandth of their sd (time stamps), with a message each. Throws Error naming data.drop for numbers that a
/// float cannot tell apart even then.
std::vector<Message> count_from_nearby(Table& table, const std::vector<int>& columns);

/// A message for each of `columns` with categories that are equal but for case, blanks or dots at their end.
std::vector<Message> look_alikes(const Table& table, const std::vector<int>& columns);

/// "a", "b" and "c": names as they are written in a specification.
Message quoted_list(const std::vector<std::string>& names);

}  // namespace mid
