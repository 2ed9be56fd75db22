// What is said of a stranger's table that was read.
#include <algorithm>
#include <cmath>
#include <map>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/own_columns.hpp"

namespace mid {

std::vector<Message> reading_warnings(const CsvRows& csv, const CsvTable& read, const std::vector<int>& columns) {
  std::vector<Message> out = csv.warnings();
  std::vector<std::string> commas, grouped, dates, padded;
  std::map<std::string, std::vector<std::string>> with_sign;
  for (const int c : columns) {
    const std::string& name = csv.names()[static_cast<std::size_t>(c)];
    const ColumnReading& how = read.reading[static_cast<std::size_t>(c)];
    if (!how.mixed.empty()) out.push_back(how.mixed);
    if (how.comma) commas.push_back(name);
    if (how.grouped) grouped.push_back(name);
    if (how.dates) dates.push_back(name);
    if (!how.padded.empty()) padded.push_back(name);
    if (!how.sign.empty()) with_sign[how.sign].push_back(name);
  }
  if (!commas.empty()) out.push_back(Message("warning.decimal_commas").with("columns", quoted_list(commas)));
  if (!grouped.empty()) out.push_back(Message("warning.thousands").with("columns", quoted_list(grouped)));
  for (const auto& [sign, names] : with_sign)
    out.push_back(Message("warning.without_sign").with("sign", sign).with("columns", quoted_list(names)));
  if (!dates.empty()) out.push_back(Message("warning.dates").with("columns", quoted_list(dates)));
  if (!padded.empty())
    out.push_back(Message("warning.padded_numbers")
                      .with("columns", quoted_list(padded))
                      .with("found", shown(read.reading[static_cast<std::size_t>(csv.column(padded[0]))].padded)));
  std::map<std::string_view, int> spellings;
  for (int row = 0; row < csv.rows(); ++row)
    for (const int c : columns)
      if (const std::string_view cell = csv.cell(row, c); !cell.empty() && cell != "?" &&
                                                          (cell != "NA" || !read.table.columns[static_cast<std::size_t>(c)].numeric) &&
                                                          is_missing(cell) && std::isnan(read.table.values(row, c)))
        ++spellings[cell];
  std::string list;
  for (const auto& [text, n] : spellings) list += (list.empty() ? "" : ", ") + shown(std::string(text)) + " (" + std::to_string(n) + ")";
  if (!list.empty()) out.push_back(Message("warning.missing_spellings").with("texts", list));
  return out;
}

CsvSchema describe_csv(std::string_view text, const std::string& file) {
  constexpr std::size_t kShownValues = 20;
  const CsvText utf8 = as_utf8(std::string(text));
  const CsvRows csv = parse_csv(utf8.text, file);
  const CsvTable read = read_table(csv);
  const Table& table = read.table;
  const std::vector<int> ids = row_ids(csv, table);
  CsvSchema out;
  out.rows = static_cast<int>(table.values.rows());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!read.problem[c].empty()) throw Error(file, read.problem[c]);
    CsvColumn described{column.name, column.numeric, column.missing, 0, std::find(ids.begin(), ids.end(), static_cast<int>(c)) != ids.end(),
                        {}};
    if (column.numeric) {
      std::vector<double> values;
      for (double v : table.values.col(static_cast<Eigen::Index>(c)))
        if (!std::isnan(v)) values.push_back(v);
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
      described.distinct = static_cast<int>(values.size());
      for (std::size_t i = 0; i < values.size() && i < kShownValues; ++i) described.values.push_back(number_text(values[i]));
    } else {
      described.distinct = static_cast<int>(column.categories.size());
      described.values = column.categories;
      if (described.values.size() > kShownValues) described.values.resize(kShownValues);
    }
    out.columns.push_back(std::move(described));
  }
  return out;
}

}  // namespace mid
