#include "mid/data/encode.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/work.hpp"
#include "mid/data/own_columns.hpp"

namespace mid {
namespace {

constexpr std::size_t kMostNumbers = std::size_t{1} << 28;  // a gigabyte of floats
constexpr int kMostCategories = 200, kMostSecretValues = 20;
constexpr std::size_t kMostInputs = 20'000;

/// Adds one input after the other to an Encoding.
class Encoder {
 public:
  Encoder(const Table& table, const std::vector<int>& train) : table_(table), train_(train) {}

  void number(int column) {
    const auto values = table_.values.col(column);
    const bool misses = table_.columns[static_cast<std::size_t>(column)].missing > 0;
    const double mean = misses ? mean_of(column) : 0;
    VectorXf input(values.size());
    for (Eigen::Index row = 0; row < values.size(); ++row) input[row] = static_cast<float>(std::isnan(values[row]) ? mean : values[row]);
    add(column, name(column), true, std::move(input));
    if (misses) add(column, name(column) + " missing", false, values.array().isNaN().cast<float>());
  }

  void categories(int column, bool reference_coded) {
    const std::vector<std::string>& names = table_.columns[static_cast<std::size_t>(column)].categories;
    for (std::size_t i = reference_coded || names.size() == 2 ? 1 : 0; i < names.size(); ++i)
      add(column, name(column) + "=" + names[i], false, (table_.values.col(column).array() == static_cast<double>(i)).cast<float>());
  }

  Encoding take() {
    out_.inputs.resize(table_.values.rows(), static_cast<Eigen::Index>(inputs_.size()));
    for (std::size_t i = 0; i < inputs_.size(); ++i) out_.inputs.col(static_cast<Eigen::Index>(i)) = inputs_[i];
    return std::move(out_);
  }
  void warn(Message message) { out_.warnings.push_back(std::move(message)); }

 private:
  const std::string& name(int column) const { return table_.columns[static_cast<std::size_t>(column)].name; }

  double mean_of(int column) const {
    double sum = 0;
    int n = 0;
    for (int row : train_)
      if (const double v = table_.values(row, column); !std::isnan(v)) sum += v, ++n;
    return n > 0 ? sum / n : 0;
  }

  void add(int column, std::string input_name, bool numeric, VectorXf input) {
    if ((inputs_.size() + 1) * static_cast<std::size_t>(input.size()) > kMostNumbers)
      throw Error("data.drop", Message("refusal.inputs_memory").with("rows", std::to_string(input.size())));
    count_work(6. * static_cast<double>(input.size()));
    out_.names.push_back(std::move(input_name));
    out_.numeric.push_back(numeric);
    out_.column.push_back(column);
    inputs_.push_back(std::move(input));
  }

  const Table& table_;
  const std::vector<int>& train_;
  std::vector<VectorXf> inputs_;
  Encoding out_;
};

bool is_constant(const Table& table, int column) {
  if (!table.columns[static_cast<std::size_t>(column)].numeric)
    return table.columns[static_cast<std::size_t>(column)].categories.size() < 2;
  const auto values = table.values.col(column);
  const double first = values[0];
  return (values.array() == first).all() || values.array().isNaN().all();
}

/// Names at once all columns that cannot stay.
void refuse_too_many(const Table& table) {
  std::vector<std::string> names;
  std::string counts;
  std::size_t inputs = 0;
  for (const Column& column : table.columns) {
    const std::size_t n = column.categories.size();
    inputs += column.numeric ? 1 + (column.missing > 0) : n;
    if (n <= static_cast<std::size_t>(kMostCategories)) continue;
    names.push_back(column.name);
    if (names.size() <= 3) counts += (counts.empty() ? "" : ", ") + std::to_string(n);
  }
  if (!names.empty())
    throw Error("data.drop", Message(names.size() == 1 ? "refusal.many_texts" : "refusal.many_texts_columns")
                                 .with("columns", quoted_list(names))
                                 .with("counts", counts + (names.size() > 3 ? ", ..." : ""))
                                 .with("most", std::to_string(kMostCategories)));
  if (inputs > kMostInputs)
    throw Error("data.drop",
                Message("refusal.many_inputs").with("found", std::to_string(inputs)).with("most", std::to_string(kMostInputs)));
}

/// Inputs go by their names, so no two columns may make one of the same name: "sex=m" beside "sex" with a category m.
void refuse_same_names(const Table& table) {
  std::map<std::string, const Column*> made_by;
  const auto add = [&](const Column& column, const std::string& name) {
    const auto [found, added] = made_by.emplace(name, &column);
    if (!added && found->second != &column)
      throw Error(
          "data.drop",
          Message("refusal.same_inputs").with("columns", quoted_list({found->second->name, column.name})).with("name", shown(name)));
  };
  for (const Column& column : table.columns) {
    add(column, column.name);
    add(column, column.name + " missing");
    for (const std::string& category : column.categories) add(column, column.name + "=" + category);
  }
}

}  // namespace

Encoding encode(const Table& table, const std::vector<int>& train, const std::vector<std::string>& reference_coded) {
  Encoder encoder(table, train);
  refuse_too_many(table);
  refuse_same_names(table);
  std::vector<std::string> empty, constant;
  for (int c = 0; c < static_cast<int>(table.columns.size()); ++c) {
    const Column& column = table.columns[static_cast<std::size_t>(c)];
    const bool nothing = table.values.col(c).array().isNaN().all() || (!column.numeric && column.missing == table.values.rows());
    if (is_constant(table, c))
      (nothing ? empty : constant).push_back(column.name);
    else if (column.numeric)
      encoder.number(c);
    else
      encoder.categories(c, std::find(reference_coded.begin(), reference_coded.end(), column.name) != reference_coded.end());
  }
  const auto say = [&](const std::vector<std::string>& names, const char* one, const char* several) {
    if (!names.empty()) encoder.warn(Message(names.size() == 1 ? one : several).with("columns", quoted_list(names)));
  };
  say(empty, "warning.empty_column", "warning.empty_columns");
  say(constant, "warning.constant_column", "warning.constant_columns");
  return encoder.take();
}

std::vector<int> inputs_of(const Column& column, const std::vector<std::string>& input_names) {
  std::vector<std::string> its{column.name, column.name + " missing"};
  for (const std::string& category : column.categories) its.push_back(column.name + "=" + category);
  std::vector<int> out;
  for (std::size_t i = 0; i < input_names.size(); ++i)
    if (std::find(its.begin(), its.end(), input_names[i]) != its.end()) out.push_back(static_cast<int>(i));
  return out;
}

void missing_as_category(Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Column& column = table.columns[c];
    if (column.numeric || column.missing == 0) continue;
    const double index = static_cast<double>(column.categories.size());
    column.categories.emplace_back("?");
    for (double& value : table.values.col(static_cast<Eigen::Index>(c)))
      if (std::isnan(value)) value = index;
  }
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

Message listed_briefly(std::vector<std::string> words) {
  constexpr std::size_t kMost = 20;
  if (words.size() <= kMost) return either_of(words);
  std::string first;
  for (std::size_t i = 0; i < kMost; ++i) first += (i == 0 ? "" : ", ") + words[i];
  return Message("refusal.list_or")
      .with("list", first)
      .with("last", Message("refusal.part.more").with("n", std::to_string(words.size() - kMost)));
}

std::string number_text(double value) {
  return value == std::floor(value) && std::abs(value) < 1e15 ? std::to_string(static_cast<long long>(value)) : Json(value).dump();
}

Secret secret_of(const Table& table, int column, const Encoding& encoding) {
  const Column& described = table.columns[static_cast<std::size_t>(column)];
  const auto of_row = table.values.col(column);
  std::vector<double> values(of_row.begin(), of_row.end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() < 2) throw Error("data.sensitive", Message("refusal.constant_column").with("column", shown(described.name)));
  if (described.numeric && values.size() > kMostSecretValues)
    throw Error("data.sensitive", Message("refusal.secret_numbers")
                                      .with("most", std::to_string(kMostSecretValues))
                                      .with("column", shown(described.name))
                                      .with("found", std::to_string(values.size())));
  Secret out;
  out.name = described.name;
  for (double v : values)
    out.values.push_back(described.numeric ? number_text(v + described.offset) : described.categories[static_cast<std::size_t>(v)]);
  for (std::size_t i = 0; i < encoding.column.size(); ++i)
    if (encoding.column[i] == column) out.inputs.push_back(static_cast<int>(i));

  out.of_row.resize(of_row.size());
  out.code.resize(static_cast<Eigen::Index>(values.size()), static_cast<Eigen::Index>(out.inputs.size()));
  for (Eigen::Index row = 0; row < of_row.size(); ++row) {
    const auto value = std::lower_bound(values.begin(), values.end(), of_row[row]) - values.begin();
    out.of_row[row] = static_cast<int>(value);
    for (std::size_t i = 0; i < out.inputs.size(); ++i) out.code(value, static_cast<Eigen::Index>(i)) = encoding.inputs(row, out.inputs[i]);
  }
  return out;
}

void standardise(const Matrix& inputs, const std::vector<bool>& numeric, const std::vector<int>& rows, Matrix& mean, Matrix& sd) {
  mean = Matrix::Zero(1, inputs.cols());
  sd = Matrix::Ones(1, inputs.cols());
  for (Eigen::Index c = 0; c < inputs.cols(); ++c) {
    if (!numeric[static_cast<std::size_t>(c)]) continue;
    double sum = 0, squares = 0;
    for (int row : rows) sum += inputs(row, c);
    const double average = sum / static_cast<double>(rows.size());
    for (int row : rows) squares += (inputs(row, c) - average) * (inputs(row, c) - average);
    const double spread = std::sqrt(squares / static_cast<double>(rows.size()));
    mean(0, c) = static_cast<float>(average);
    if (spread > 0) sd(0, c) = static_cast<float>(spread);
  }
}

}  // namespace mid
