#include "mid/data/csv.hpp"

#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

struct Spec : TabularSpec {
  Spec() {
    standardize = "features";
    test_fraction = .25;
  }
  std::optional<std::string> csv, target, split_column;

  static std::vector<Param> params() {
    std::vector<Param> params = {
        param(&Spec::csv, "csv", "Path of the file: a CSV table whose first line names the columns; empty, ? and NA are missing values."),
        param(&Spec::target, "target", "The column to predict: a number (more than 10 different ones), or classes.")};
    for (Param& p : tabular_params<Spec>({})) params.push_back(std::move(p));
    params.push_back(param(&Spec::split_column, "split_column", "A column that says train, test or open for every row, instead of a seeded split."));
    return params;
  }
};

/// The table in somebody's file; whatever is wrong with it is wrong with the field that names it.
Table read_table(const std::string& path) {
  const std::string text = read_csv_text(path);
  try {
    return table_of(parse_csv(text, path));
  } catch (const Error& error) {
    throw unusable_csv(error);
  }
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  if (!spec.csv || spec.csv->empty()) throw Error("data.csv", "is missing; give the path of a CSV file");
  TabularSource source;
  source.table = read_table(*spec.csv);
  if (!spec.target) throw Error("data.target", "is missing; name the column to predict: " + listed_briefly(names_of(source.table)));
  if (spec.split_column && (spec.private_ || spec.held_out || spec.open))
    throw Error("data.split_column", "and data.private, held_out or open cannot go together; give one or the other");
  source.name = "csv";
  source.target = *spec.target;
  source.split_column = spec.split_column;
  source.test_fraction = Spec().test_fraction;
  source.credit = "Your own file " + *spec.csv;
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource csv;
const DataSource csv{
    .about = {.name = "csv",
              .title = "Your own table",
              .summary = "A CSV file of yours: name the column to predict and the column that is nobody's business.",
              .source = "RFC 4180",
              .params = Spec::params},
    .load = load,
    .files = {},
    .licence = "yours",
};

}  // namespace mid::source
