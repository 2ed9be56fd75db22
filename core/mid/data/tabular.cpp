#include "mid/data/tabular.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mid/data/own_columns.hpp"

namespace mid {
namespace {

constexpr int kMostClassNumbers = 10, kMostClasses = 1000, kFewestRows = 4;

int column_of(const Table& table, const std::string& name, const std::string& field) {
  const int at = table.find(name);
  if (at < 0)
    throw Error(field, Message("refusal.column_missing").with("column", shown(name)).with("columns", listed_briefly(names_of(table))));
  return at;
}

void keep_rows(Table& table, const std::vector<int>& rows) {
  table.values = rows_of(table.values, rows);
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    table.columns[c].missing = static_cast<int>(table.values.col(static_cast<Eigen::Index>(c)).array().isNaN().count());
}

Table keep_columns(const Table& table, const std::vector<int>& columns) {
  Table out;
  out.values.resize(table.values.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.columns.push_back(table.columns[static_cast<std::size_t>(columns[i])]);
    out.values.col(static_cast<Eigen::Index>(i)) = table.values.col(columns[i]);
  }
  return out;
}

/// The first rows, without those that lack what must be there.
void choose_rows(TabularSource& source, const TabularSpec& spec, std::vector<Message>& warnings) {
  const int n = static_cast<int>(spec.rows ? std::min<Eigen::Index>(*spec.rows, source.table.values.rows()) : source.table.values.rows());
  if (source.row_number.empty())
    for (int row = 0; row < source.table.values.rows(); ++row) source.row_number.push_back(row + 1);
  std::vector<std::string> needed{source.target};
  if (spec.sensitive) needed.push_back(*spec.sensitive);
  std::vector<int> kept;
  std::map<std::string, int> lacking;
  for (int row = 0; row < n; ++row) {
    const auto absent = std::find_if(needed.begin(), needed.end(), [&](const std::string& name) {
      return std::isnan(source.table.values(row, source.table.find(name)));
    });
    if (absent == needed.end())
      kept.push_back(row);
    else
      ++lacking[*absent];
  }
  for (const auto& [name, count] : lacking)
    warnings.push_back(
        Message("warning.rows_left_out").with("found", std::to_string(count)).with("rows", std::to_string(n)).with("column", shown(name)));
  if (static_cast<int>(kept.size()) < kFewestRows) {
    const auto few = [&](const char* key) {
      return Message(key).with("found", counted(static_cast<long long>(kept.size()), "row")).with("least", std::to_string(kFewestRows));
    };
    for (const auto& [name, count] : lacking)
      if (n - count < kFewestRows)
        throw Error(name == source.target ? "data.target" : "data.sensitive", few("refusal.column_few_rows").with("column", shown(name)));
    throw Error("data.rows", few("refusal.few_whole_rows"));
  }
  keep_rows(source.table, kept);
  std::vector<int> numbers;
  for (int row : kept) numbers.push_back(source.row_number[static_cast<std::size_t>(row)]);
  source.row_number = std::move(numbers);
}

void check_columns(const TabularSource& source, const TabularSpec& spec) {
  column_of(source.table, source.target, "data.target");
  if (spec.sensitive) {
    column_of(source.table, *spec.sensitive, "data.sensitive");
    if (*spec.sensitive == source.target)
      throw Error("data.sensitive", Message("refusal.not_the_target").with("found", shown(*spec.sensitive)));
  }
  if (source.split_column) {
    column_of(source.table, *source.split_column, "data.split_column");
    if (*source.split_column == source.target || source.split_column == spec.sensitive)
      throw Error("data.split_column", Message("refusal.split_is_used").with("found", shown(*source.split_column)));
  }
  const auto check = [&](const std::vector<std::string>& list, const std::string& field) {
    for (const std::string& name : list) {
      column_of(source.table, name, field);
      if (name == source.target) throw Error(field, Message("refusal.lists_target").with("column", shown(name)));
    }
  };
  check(spec.columns, "data.columns");
  check(spec.drop, "data.drop");
  if (spec.sensitive && std::find(spec.drop.begin(), spec.drop.end(), *spec.sensitive) != spec.drop.end())
    throw Error("data.drop", Message("refusal.lists_secret").with("column", shown(*spec.sensitive)));
}

bool is_input(const TabularSource& source, const TabularSpec& spec, const std::string& name) {
  const auto in = [&](const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), name) != list.end(); };
  if (name == source.target || name == source.split_column || in(spec.drop)) return false;
  return name == spec.sensitive || (spec.columns.empty() ? !in(source.ids) : in(spec.columns));
}

/// The columns that the model sees, in file order.
std::vector<int> chosen_columns(const TabularSource& source, const TabularSpec& spec) {
  std::vector<int> out;
  for (int c = 0; c < static_cast<int>(source.table.columns.size()); ++c)
    if (is_input(source, spec, source.table.columns[static_cast<std::size_t>(c)].name)) out.push_back(c);
  return out;
}

/// Says which columns are no inputs because they only name the row.
void say_ids(const TabularSource& source, const TabularSpec& spec, std::vector<Message>& warnings) {
  if (!spec.columns.empty()) return;
  std::vector<std::string> left_out;
  for (const std::string& name : source.ids)
    if (name != source.target && name != spec.sensitive && name != source.split_column &&
        std::find(spec.drop.begin(), spec.drop.end(), name) == spec.drop.end())
      left_out.push_back(name);
  if (left_out.empty()) return;
  warnings.push_back(Message(left_out.size() == 1 ? "warning.id_column" : "warning.id_columns").with("columns", quoted_list(left_out)));
}

/// Names the values of `what` that no training row has: nobody can learn them. `value_of` is each row's.
void say_unlearnt(const std::string& what, const std::vector<std::string>& values, const VectorXi& value_of, const Split& split,
                  std::vector<Message>& warnings) {
  std::vector<int> rows(values.size()), learnt(values.size());
  for (const int v : value_of)
    if (v >= 0) ++rows[static_cast<std::size_t>(v)];
  for (const int row : split.train)
    if (value_of[row] >= 0) ++learnt[static_cast<std::size_t>(value_of[row])];
  std::vector<std::string> absent;
  int others = 0;
  for (std::size_t v = 0; v < values.size(); ++v)
    if (learnt[v] == 0) absent.push_back(values[v]), others += rows[v];
  if (!absent.empty())
    warnings.push_back(Message(absent.size() == 1 ? "warning.unlearnt_value" : "warning.unlearnt_values")
                           .with("values", quoted_list(absent))
                           .with("column", shown(what))
                           .with("others", counted(others, "other_row")));
}

Split split_by_column(const TabularSource& source) {
  const int c = source.table.find(*source.split_column);
  const Column& column = source.table.columns[static_cast<std::size_t>(c)];
  Split split;
  for (int row = 0; row < source.table.values.rows(); ++row) {
    const double value = source.table.values(row, c);
    const std::string word = std::isnan(value) ? ""
                             : column.numeric  ? number_text(value)
                                               : column.categories[static_cast<std::size_t>(value)];
    if (word == "train")
      split.train.push_back(row);
    else if (word == "test")
      split.test.push_back(row);
    else if (word == "auxiliary")
      split.auxiliary.push_back(row);
    else
      throw Error("data.split_column", Message("refusal.split_word")
                                           .with("found", shown(word))
                                           .with("row", std::to_string(source.row_number[static_cast<std::size_t>(row)])));
  }
  if (split.train.empty() || split.test.empty())
    throw Error("data.split_column", Message("refusal.split_lacks").with("word", split.train.empty() ? "train" : "test"));
  return split;
}

Split split_of(const TabularSource& source, const TabularSpec& spec, Stream random) {
  Split split;
  if (source.split_column) {
    split = split_by_column(source);
  } else {
    const int n = static_cast<int>(source.table.values.rows());
    const bool by_share = spec.test_fraction && (!spec.held_out || spec.test_fraction != source.test_fraction);
    Parts parts = cut(shares(spec, n, by_share ? spec.test_fraction : std::nullopt, "rows"), n, random.sub("split"));
    split.train = std::move(parts.private_);
    split.test = std::move(parts.held_out);
    split.auxiliary = std::move(parts.auxiliary);
  }
  split.attacked = spec.victims == "private" ? split.train : split.test;
  return split;
}

void read_target(const TabularSource& source, const TabularSpec& spec, Data& data) {
  const int c = source.table.find(source.target);
  const Column& column = source.table.columns[static_cast<std::size_t>(c)];
  const auto of_row = source.table.values.col(c);
  std::vector<double> values(of_row.begin(), of_row.end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() < 2) throw Error("data.target", Message("refusal.constant_column").with("column", shown(column.name)));
  Dataset& set = data.set;
  set.target_name = source.target_name.empty() ? source.target : source.target_name;
  if (column.numeric && values.size() > kMostClassNumbers) {
    set.target = of_row, set.target_is_root = source.target_is_root;
    // Answers are floats, too.
    if (const double offset = nearby(set.target).value_or(0); offset != 0 && !set.target_is_root && spec.standardize != "all") {
      set.target_mean = offset;
      set.target.array() -= offset;
      data.warnings.push_back(Message("warning.target_offset").with("column", shown(column.name)).with("from", number_text(offset)));
    }
    if (spec.standardize == "all") {
      const VectorXd train = rows_of(set.target, data.split.train);
      set.target_mean = train.mean();
      const double sd = std::sqrt((train.array() - set.target_mean).square().mean());
      set.target_sd = sd > 0 ? sd : 1;
      set.target = (set.target.array() - set.target_mean) / set.target_sd;
    }
    return;
  }
  if (values.size() > kMostClasses)
    throw Error("data.target", Message("refusal.target_texts")
                                   .with("most", std::to_string(kMostClasses))
                                   .with("column", shown(column.name))
                                   .with("found", std::to_string(values.size())));
  for (double v : values) set.classes.push_back(column.numeric ? number_text(v) : column.categories[static_cast<std::size_t>(v)]);
  set.label.resize(of_row.size());
  for (Eigen::Index row = 0; row < of_row.size(); ++row)
    set.label[row] = static_cast<int>(std::lower_bound(values.begin(), values.end(), of_row[row]) - values.begin());
}

}  // namespace

bool is_used(const TabularSource& source, const TabularSpec& spec, const std::string& name) {
  return name == source.target || name == source.split_column || is_input(source, spec, name);
}

Data tabular(TabularSource source, const TabularSpec& spec, Stream random) {
  Data data;
  data.warnings = source.warnings;
  check_columns(source, spec);
  say_ids(source, spec, data.warnings);
  choose_rows(source, spec, data.warnings);
  data.split = split_of(source, spec, random);
  read_target(source, spec, data);

  Dataset& set = data.set;
  set.name = source.name;
  set.credit = source.credit;
  set.table = keep_columns(source.table, chosen_columns(source, spec));
  missing_as_category(set.table);
  Encoding encoding =
      source.encoder ? source.encoder(set.table, data.split.train) : encode(set.table, data.split.train, source.reference_coded);
  if (spec.sensitive) set.secret = secret_of(set.table, set.table.find(*spec.sensitive), encoding);
  if (!set.classes.empty()) say_unlearnt(set.target_name, set.classes, set.label, data.split, data.warnings);
  if (set.secret) say_unlearnt(set.secret->name, set.secret->values, set.secret->of_row, data.split, data.warnings);
  if (encoding.names.empty()) throw Error("data.columns", Message("refusal.no_input_left"));
  if (spec.standardize == "none") encoding.numeric.assign(encoding.numeric.size(), false);
  standardise(encoding.inputs, encoding.numeric, data.split.train, set.input_mean, set.input_sd);
  set.inputs = std::move(encoding.inputs);
  set.input_names = std::move(encoding.names);
  data.warnings.insert(data.warnings.end(), encoding.warnings.begin(), encoding.warnings.end());
  if (source.row_number.back() != set.rows())  // rows are missing before the last
    for (int number : source.row_number) set.row_names.push_back("row " + std::to_string(number));
  return data;
}

}  // namespace mid
