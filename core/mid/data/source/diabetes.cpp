#include <array>

#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

constexpr const char* kFile = "diabetes/diabetes_data_raw.csv";
constexpr const char* kTarget = "diabetes/diabetes_target.csv";
constexpr std::array kNames = {"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"};
constexpr int kSex = 1;

struct Spec : TabularSpec {
  Spec() {
    sensitive = "sex";
    standardize = "features";
    test_fraction = .25;
  }
  static std::vector<Param> params() { return tabular_params<Spec>({"sex"}); }
};

/// Columns stand apart by blanks in this file.
Table read_numbers(const char* file, int columns) {
  std::string text = read_data_file(file);
  for (char& c : text)
    if (c == ' ') c = ',';
  const Table table = table_of(parse_csv(text, file, CsvHeader::absent));
  for (const Column& column : table.columns)
    if (!column.numeric || column.missing > 0 || static_cast<int>(table.columns.size()) != columns)
      throw Error(file,
                  Message("refusal.data_file").with("wanted", Message("refusal.part.numbers_a_line").with("n", std::to_string(columns))));
  return table;
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  const Table features = read_numbers(kFile, static_cast<int>(kNames.size()));
  const Table progression = read_numbers(kTarget, 1);
  if (features.values.rows() != progression.values.rows())
    throw Error(kTarget, Message("refusal.data_file").with("wanted", Message("refusal.part.lines_as").with("file", kFile)));
  TabularSource source;
  source.table = features;
  source.table.columns.push_back(progression.columns[0]);
  source.table.values.conservativeResize(Eigen::NoChange, features.values.cols() + 1);
  source.table.values.rightCols(1) = progression.values;
  for (std::size_t i = 0; i < kNames.size(); ++i) source.table.columns[i].name = kNames[i];
  source.table.columns.back().name = "progression";
  source.table.columns[kSex].numeric = false;  // the file's 1 and 2 are codes; it does not say which is which
  source.table.columns[kSex].categories = {"1", "2"};
  source.table.values.col(kSex).array() -= 1;
  source.name = "diabetes";
  source.target = "progression";
  source.test_fraction = Spec().test_fraction;
  source.credit =
      "Efron, Hastie, Johnstone, Tibshirani, Least Angle Regression, Annals of Statistics 2004, as shipped by scikit-learn (BSD-3-Clause)";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource diabetes;
const DataSource diabetes{
    .about = {.name = "diabetes",
              .title = "data.diabetes.title",
              .summary = "data.diabetes.summary",
              .source = "Efron et al., Annals of Statistics 32 (2004)",
              .params = Spec::params},
    .load = load,
    .files = {"diabetes/diabetes_data_raw.csv.gz", "diabetes/diabetes_target.csv.gz"},
    .licence = "BSD-3-Clause",
};

}  // namespace mid::source
