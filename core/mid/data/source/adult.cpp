#include <cmath>

#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

constexpr const char* kFile = "adult/adult.data";
constexpr const char* kPackedFile = "adult/adult-columns.csv";  // what pack_web.py makes of it for the page: columns as lines

struct Spec : TabularSpec {
  Spec() {
    private_ = 3000;
    held_out = 5000;
    auxiliary = 5000;
    sensitive = "sex";
  }
  static std::vector<Param> params() { return tabular_params<Spec>({"sex", "married"}); }
};

/// The columns of method.md section 3 and the label, by their place in the file, which has no header.
constexpr struct {
  int place;
  const char* name;
} kColumns[] = {{0, "age"}, {1, "workclass"},     {4, "education-num"}, {5, "married"},         {6, "occupation"},      {8, "race"},
                {9, "sex"}, {10, "capital-gain"}, {11, "capital-loss"}, {12, "hours-per-week"}, {13, "native-country"}, {14, "income"}};
constexpr int kInFile = 15;

/// marital-status becomes yes for a couple living together, no otherwise.
void only_married(Table& table) {
  const auto c = static_cast<std::size_t>(table.find("married"));
  Column& column = table.columns[c];
  for (double& value : table.values.col(static_cast<Eigen::Index>(c)))
    value = column.categories[static_cast<std::size_t>(value)] == "Married-civ-spouse" ? 1 : 0;
  column.categories = {"no", "yes"};
}

/// Lines of values, a line a column of what comes out. Not parse_csv: no table of its own has as many columns as this has rows.
std::string turned(std::string_view text) {
  std::vector<std::vector<std::string_view>> columns(1);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find_first_of(",\n", from), text.size());
    columns.back().push_back(text.substr(from, end - from));
    if (end < text.size() && text[end] == '\n') columns.emplace_back();
    from = end + 1;
  }
  if (columns.size() > 1 && columns.back().empty()) columns.pop_back();
  std::string out;
  out.reserve(text.size());
  for (std::size_t row = 0; row < columns.front().size(); ++row)
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].size() != columns.front().size()) throw Error(kPackedFile, Message("refusal.packed_columns"));
      (out += columns[c][row]) += c + 1 < columns.size() ? ',' : '\n';
    }
  return out;
}

Table read_table() {
  const std::string text = has_data_file(kFile) ? read_data_file(kFile) : turned(read_data_file(kPackedFile));
  const CsvRows csv = parse_csv(text, kFile, CsvHeader::absent);
  if (csv.columns() != kInFile)
    throw Error(kFile,
                Message("refusal.data_columns").with("wanted", std::to_string(kInFile)).with("found", std::to_string(csv.columns())));
  std::vector<int> places;
  for (const auto& column : kColumns) places.push_back(column.place);
  Table table = table_of(csv, places);
  for (std::size_t i = 0; i < table.columns.size(); ++i) table.columns[i].name = kColumns[i].name;
  only_married(table);
  return table;
}

/// The inputs of the preset confidence, in this order; those of a dropped column are missing.
Encoding encode_adult(const Table& table, const std::vector<int>&) {
  Encoding out;
  std::vector<VectorXd> inputs;
  const auto add = [&](int column, std::string name, bool numeric, VectorXd input) {
    out.column.push_back(column);
    out.names.push_back(std::move(name));
    out.numeric.push_back(numeric);
    inputs.push_back(std::move(input));
  };
  const auto number = [&](const char* name, double (*scaled)(double)) {
    if (const int c = table.find(name); c >= 0) add(c, name, true, table.values.col(c).unaryExpr(scaled));
  };
  const auto category = [&](int c, std::size_t i) {
    const Column& column = table.columns[static_cast<std::size_t>(c)];
    add(c, column.name + "=" + column.categories[i], false, (table.values.col(c).array() == static_cast<double>(i)).cast<double>());
  };
  const auto only = [&](const char* name, const std::string& value) {
    if (const int c = table.find(name); c >= 0) {
      const std::vector<std::string>& names = table.columns[static_cast<std::size_t>(c)].categories;
      for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == value) category(c, i);
    }
  };
  const auto each = [&](const char* name) {
    if (const int c = table.find(name); c >= 0)
      for (std::size_t i = 0; i < table.columns[static_cast<std::size_t>(c)].categories.size(); ++i) category(c, i);
  };
  number("age", [](double v) { return (v - 38) / 14; });
  number("education-num", [](double v) { return (v - 10) / 2.6; });
  number("hours-per-week", [](double v) { return (v - 40) / 12; });
  number("capital-gain", [](double v) { return std::log1p(v) / 5; });
  number("capital-loss", [](double v) { return std::log1p(v) / 4; });
  only("race", "White");
  each("workclass");
  each("occupation");
  only("sex", "Male");
  only("married", "yes");
  out.inputs.resize(table.values.rows(), static_cast<Eigen::Index>(inputs.size()));
  for (std::size_t i = 0; i < inputs.size(); ++i) out.inputs.col(static_cast<Eigen::Index>(i)) = inputs[i].cast<float>();
  return out;
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  TabularSource source;
  source.name = "adult";
  source.table = read_table();
  source.target = "income";
  source.encoder = encode_adult;
  source.credit = "UCI Adult, Barry Becker and Ronny Kohavi 1996, CC BY 4.0";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource adult;
const DataSource adult{
    .about = {.name = "adult",
              .title = "data.adult.title",
              .summary = "data.adult.summary",
              .source = "Becker, Kohavi, UCI Machine Learning Repository 1996",
              .params = Spec::params},
    .load = load,
    .files = {"adult/adult.data.gz"},
    .licence = "CC BY 4.0",
};

}  // namespace mid::source
