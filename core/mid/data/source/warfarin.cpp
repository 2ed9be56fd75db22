#include <cmath>

#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

constexpr const char* kFile = "warfarin-simsl/warfarin_simsl.csv";

struct Spec : TabularSpec {
  Spec() {
    sensitive = "VKORC1";
    test_fraction = .25;
  }
  static std::vector<Param> params() { return tabular_params<Spec>({"VKORC1", "Gender", "Enzyme", "Amiodarone", "Black", "Asian"}); }
};

/// The file's columns without row_id, with the two 0/1 columns of VKORC1 as one of three genotypes and the dose as its root.
Table read_table() {
  const std::string text = read_data_file(kFile);
  const CsvRows csv = parse_csv(text, kFile);
  const int a_a = csv.column("VKORC1_AA"), id = csv.column("row_id");
  std::vector<int> kept;
  for (int c = 0; c < csv.columns(); ++c)
    if (c != id && c != a_a) kept.push_back(c);
  Table table = table_of(csv, kept);
  const VectorXd homozygous = table_of(csv, {a_a}).values;
  const int gene = table.find("VKORC1_AG"), dose = table.find("weekly_dose_mg");
  if (gene < 0 || dose < 0)
    throw Error(kFile, Message("refusal.data_file")
                           .with("wanted", Message("refusal.part.columns_called").with("names", all_of({"VKORC1_AG", "weekly_dose_mg"}))));
  table.columns[static_cast<std::size_t>(gene)] = {"VKORC1", false, {"G/G", "A/G", "A/A"}, 0};
  table.values.col(gene) += 2 * homozygous;
  table.columns[static_cast<std::size_t>(dose)].name = "sqrt_dose";
  table.values.col(dose) = table.values.col(dose).array().sqrt();
  return table;
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  TabularSource source;
  source.table = read_table();
  source.name = "warfarin";
  source.target = "sqrt_dose";
  source.target_is_root = true;
  source.target_name = "sqrt(weekly_dose_mg)";
  source.reference_coded = {"VKORC1"};
  source.test_fraction = Spec().test_fraction;
  source.credit = "International Warfarin Pharmacogenetics Consortium, NEJM 2009;360:753, rows of the R package simsl, GPL-3";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource warfarin;
const DataSource warfarin{
    .about = {.name = "warfarin",
              .title = "data.warfarin.title",
              .summary = "data.warfarin.summary",
              .source = "IWPC, NEJM 2009;360:753; method.md section 2",
              .params = Spec::params},
    .load = load,
    .files = {"warfarin-simsl/warfarin_simsl.csv"},
    .licence = "GPL-3",
};

}  // namespace mid::source
