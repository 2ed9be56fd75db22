#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

constexpr const char* kFile = "affairs/affairs.csv";

struct Spec : TabularSpec {
  Spec() {
    sensitive = "affairs";
    standardize = "features";
    test_fraction = .25;
  }
  static std::vector<Param> params() { return tabular_params<Spec>({"affairs", "gender", "children"}); }
};

/// A number becomes one of two categories.
void two_categories(Table& table, const std::string& name, bool (*second)(double), const char* no, const char* yes) {
  const int c = table.find(name);
  if (c < 0 || !table.columns[static_cast<std::size_t>(c)].numeric)
    throw Error(kFile, Message("refusal.data_file").with("wanted", Message("refusal.part.number_column").with("name", name)));
  for (double& value : table.values.col(c)) value = second(value) ? 1 : 0;
  Column& column = table.columns[static_cast<std::size_t>(c)];
  column.numeric = false;
  column.categories = {no, yes};
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  const std::string text = read_data_file(kFile);
  TabularSource source;
  source.table = table_of(parse_csv(text, kFile));
  two_categories(source.table, "affairs", [](double times) { return times > 0; }, "no", "yes");
  two_categories(source.table, "rating", [](double happiness) { return happiness >= 4; }, "unhappy", "happy");
  source.name = "affairs";
  source.target = "rating";
  source.test_fraction = Spec().test_fraction;
  source.credit = "Ray Fair, A Theory of Extramarital Affairs, Journal of Political Economy 86 (1978); R package AER, GPL-2+";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource affairs;
const DataSource affairs{
    .about = {.name = "affairs",
              .title = "data.affairs.title",
              .summary = "data.affairs.summary",
              .source = "Fair, J. Political Economy 86 (1978) 45-61",
              .params = Spec::params},
    .load = load,
    .files = {"affairs/affairs.csv"},
    .licence = "GPL-2+",
};

}  // namespace mid::source
