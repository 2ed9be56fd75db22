#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

constexpr const char* kFile = "steak/steak-risk-survey.csv";

/// Short names of the file's columns, in its order; the file has the questions as they were asked.
constexpr const char* kNames[] = {"id",         "lottery",     "smoke",  "alcohol", "gamble", "skydiving", "speeding", "cheated",
                                  "eats_steak", "preparation", "gender", "age",     "income", "education", "region"};

struct Spec : TabularSpec {
  Spec() {
    sensitive = "cheated";
    test_fraction = .25;
  }
  static std::vector<Param> params() {
    return tabular_params<Spec>(
        {"cheated", "lottery", "smoke", "alcohol", "gamble", "skydiving", "speeding", "gender", "age", "income", "education", "region"});
  }
};

/// The second line repeats "Response" under every question.
void remove_filler_line(std::string& text) {
  const std::size_t begin = text.find("\n,Response");
  if (begin == text.npos) throw Error(kFile, Message("refusal.data_file").with("wanted", Message("refusal.part.response_line")));
  text.erase(begin + 1, text.find('\n', begin + 1) - begin);
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  std::string text = read_data_file(kFile);
  remove_filler_line(text);
  const CsvRows csv = parse_csv(text, kFile);
  if (csv.columns() != static_cast<int>(std::size(kNames)))
    throw Error(kFile, Message("refusal.data_columns").with("wanted", "15").with("found", std::to_string(csv.columns())));

  TabularSource source;
  std::vector<int> answers, complete;
  const MatrixD all = table_of(csv).values;
  for (int c = 0; c < csv.columns(); ++c)
    if (kNames[c] != std::string_view("id") && kNames[c] != std::string_view("eats_steak")) answers.push_back(c);
  source.table = table_of(csv, answers);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    source.table.columns[i].name = kNames[answers[i]];
    source.table.columns[i].missing = 0;
  }
  for (int row = 0; row < csv.rows(); ++row)
    if (!all.row(row).array().isNaN().any()) {
      complete.push_back(row);
      source.row_number.push_back(row + 1);
    }
  source.table.values = rows_of(source.table.values, complete);

  source.name = "steak";
  source.target = "preparation";
  source.test_fraction = Spec().test_fraction;
  source.credit = "FiveThirtyEight, How Americans Like Their Steak, CC BY 4.0";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource steak;
const DataSource steak{
    .about = {.name = "steak",
              .title = "data.steak.title",
              .summary = "data.steak.summary",
              .source = "FiveThirtyEight 2014",
              .params = Spec::params},
    .load = load,
    .files = {"steak/steak-risk-survey.csv"},
    .licence = "CC BY 4.0",
};

}  // namespace mid::source
