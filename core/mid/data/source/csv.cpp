#include "mid/data/csv.hpp"

#include <algorithm>

#include "mid/data/own_columns.hpp"
#include "mid/data/own_suspects.hpp"
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
  std::vector<std::string> missing, present, categories;
  std::string decimal = "auto";

  static std::vector<Param> params() {
    std::vector<Param> params = {param(&Spec::csv, "csv", "data.csv.csv").as_file(),
                                 param(&Spec::target, "target", "data.csv.target"),
                                 param(&Spec::missing, "missing", "data.csv.missing"),
                                 param(&Spec::present, "present", "data.csv.present"),
                                 param(&Spec::categories, "categories", "data.csv.categories"),
                                 choice(&Spec::decimal, "decimal", {"auto", "point", "comma"}, "data.csv.decimal")};
    for (Param& p : tabular_params<Spec>({})) params.push_back(std::move(p));
    params.push_back(param(&Spec::split_column, "split_column", "data.csv.split_column"));
    return params;
  }
};

/// Writes the names of a specification as the text of a file has them (as_utf8), so that a name that was copied from the file
/// with marks that nobody sees is found.
void as_in_the_file(Spec& spec) {
  const auto clean = [](std::string& name) { name = as_utf8(name).text; };
  for (std::optional<std::string>* name : {&spec.target, &spec.split_column, &spec.sensitive})
    if (*name) clean(**name);
  for (std::vector<std::string>* names : {&spec.missing, &spec.present, &spec.categories, &spec.columns, &spec.drop})
    for (std::string& name : *names) clean(name);
}

/// Reads somebody's file for `spec` into `source`; whatever is wrong with it is wrong with the field that names it.
void read_own(const Spec& spec, TabularSource& source) {
  const CsvText text = open_csv(*spec.csv);
  const auto parsed = [&] {
    try {
      return parse_csv(text.text, *spec.csv);
    } catch (const Error& error) {
      throw unusable_csv(error);
    }
  };
  const CsvRows csv = parsed();
  const auto numbers =
      std::count_if(csv.names().begin(), csv.names().end(), [](const std::string& name) { return parse_number(name).has_value(); });
  const bool named = spec.target && std::find(csv.names().begin(), csv.names().end(), *spec.target) != csv.names().end();
  if (numbers > 0 && numbers * 4 >= csv.columns() && !named)
    throw unusable_csv(Error(*spec.csv, Message("refusal.no_header").with("columns", listed_briefly(csv.names()))));
  if (csv.columns() == 1)
    throw unusable_csv(Error(
        *spec.csv, Message("refusal.one_field").with("line", std::to_string(csv.header_line())).with("found", shown(csv.names()[0]))));
  for (const std::string& name : spec.categories)
    if (std::find(csv.names().begin(), csv.names().end(), name) == csv.names().end())
      throw Error("data.categories",
                  Message("refusal.column_missing").with("column", shown(name)).with("columns", listed_briefly(csv.names())));
  CsvTable read = read_table(csv, {spec.missing, spec.categories, spec.decimal, spec.present});
  for (const int c : row_ids(csv, read.table)) source.ids.push_back(csv.names()[static_cast<std::size_t>(c)]);
  std::vector<int> compared, inputs;
  for (int c = 0; c < csv.columns(); ++c) {
    const std::string& name = csv.names()[static_cast<std::size_t>(c)];
    if (!is_used(source, spec, name)) continue;
    if (const Message& problem = read.problem[static_cast<std::size_t>(c)]; !problem.empty()) throw unusable_csv(Error(*spec.csv, problem));
    compared.push_back(c);
    if (name != spec.target && name != spec.split_column) inputs.push_back(c);
  }
  const bool whole = !spec.rows || *spec.rows >= csv.rows();
  if (const Message& sums = sum_row(csv, read); whole && !sums.empty()) throw unusable_csv(Error(*spec.csv, sums));
  const std::vector<std::string> merged = merged_columns(csv, read, compared);
  for (const auto& [name, field] : {std::pair(spec.target, "data.target"), std::pair(spec.sensitive, "data.sensitive")})
    if (name && std::find(merged.begin(), merged.end(), *name) != merged.end())
      throw Error(field, Message("refusal.merged_cells").with("column", shown(*name)));
  source.warnings = text.warnings;
  const auto warn = [&](const std::vector<Message>& messages) {
    source.warnings.insert(source.warnings.end(), messages.begin(), messages.end());
  };
  warn(reading_warnings(csv, read, compared));
  warn(suspects(read, inputs, read.table.find(source.target), spec.sensitive ? read.table.find(*spec.sensitive) : -1));
  if (const Message& word = total_word(csv); whole && !word.empty()) warn({word});
  if (!merged.empty()) warn({Message("warning.merged_cells").with("columns", quoted_list(merged))});
  source.table = std::move(read.table);
  warn(look_alikes(source.table, compared));
  warn(count_from_nearby(source.table, inputs));
}

Data load(const Json& j, Stream random) {
  Spec spec = read_data_spec<Spec>(j);
  as_in_the_file(spec);
  if (!spec.csv || spec.csv->empty()) throw Error("data.csv", Message("refusal.csv_path_missing"));
  TabularSource source;
  source.name = "csv";
  source.target = spec.target.value_or("");
  source.split_column = spec.split_column;
  source.test_fraction = Spec().test_fraction;
  source.credit = "Your own file " + *spec.csv;
  read_own(spec, source);
  if (!spec.target) throw Error("data.target", Message("refusal.target_missing").with("columns", listed_briefly(names_of(source.table))));
  if (spec.split_column && (spec.private_ || spec.held_out || spec.auxiliary))
    throw Error("data.split_column", Message("refusal.split_and_counts"));
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource csv;
const DataSource csv{
    .about = {.name = "csv", .title = "data.csv.title", .summary = "data.csv.summary", .source = "RFC 4180", .params = Spec::params},
    .load = load,
    .files = {},
    .licence = "yours",
};

}  // namespace mid::source
