#include <algorithm>
#include <array>

#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

struct Spec : TabularSpec {
  Spec() {
    rows = 1780;  // as many as the real set
    sensitive = "VKORC1";
    test_fraction = .25;
  }
  double noise = .9;

  static std::vector<Param> params() {
    std::vector<Param> params = tabular_params<Spec>({"VKORC1", "CYP2C9", "race", "enzyme", "amiodarone"});
    for (Param& p : params)
      if (p.name == "rows") p = param<Spec, std::optional<int>>(&Spec::rows, "rows", 4, 1'000'000, "rows", "data.synthetic-dose.rows");
    params.push_back(param(&Spec::noise, "noise", 0, 10, "", "data.synthetic-dose.noise", "method.md section 2"));
    return params;
  }
};

/// A categorical attribute: its share of the patients and what it adds to the root of the weekly dose.
struct Category {
  const char* name;
  double share, effect;
};
// Shares: method.md section 2, "synthetic-dose generator"; effects: the IWPC formula there.
constexpr std::array kRace = {Category{"white", .55, 0}, Category{"asian", .30, -.1092}, Category{"black", .10, -.2760},
                              Category{"missing", .05, -.1032}};
constexpr std::array kGene = {Category{"G/G", .376, 0}, Category{"A/G", .352, -.8677}, Category{"A/A", .272, -1.6974}};
constexpr std::array kEnzyme = {Category{"no", .98, 0}, Category{"yes", .02, 1.1816}};
constexpr std::array kAmiodarone = {Category{"no", .95, 0}, Category{"yes", .05, -.5503}};
constexpr std::array kCyp = {Category{"*1/*1", .74, 0},        Category{"*1/*2", .13, -.5211},   Category{"*1/*3", .09, -.9357},
                             Category{"*2/*2", .015, -1.0616}, Category{"*2/*3", .015, -1.9206}, Category{"*3/*3", .01, -2.3312}};

std::vector<std::string> names_of(std::span<const Category> categories) {
  std::vector<std::string> names;
  for (const Category& c : categories) names.emplace_back(c.name);
  return names;
}

int drawn(std::span<const Category> categories, double uniform) {
  double below = 0;
  for (std::size_t i = 0; i + 1 < categories.size(); ++i)
    if (uniform < (below += categories[i].share)) return static_cast<int>(i);
  return static_cast<int>(categories.size()) - 1;
}

/// The same patients for every seed, as with a file: seeds only split them. Patient i is the same for every number of rows.
Table made_up(int rows, double noise) {
  const Stream all = Stream{}.sub("synthetic-dose");
  Table table;
  table.columns = {{"age", true, {}, 0},
                   {"height", true, {}, 0},
                   {"weight", true, {}, 0},
                   {"race", false, names_of(kRace), 0},
                   {"enzyme", false, names_of(kEnzyme), 0},
                   {"amiodarone", false, names_of(kAmiodarone), 0},
                   {"VKORC1", false, names_of(kGene), 0},
                   {"CYP2C9", false, names_of(kCyp), 0},
                   {"sqrt_dose", true, {}, 0}};
  table.values.resize(rows, static_cast<Eigen::Index>(table.columns.size()));
  for (int row = 0; row < rows; ++row) {
    Random random(all.sub(static_cast<std::uint64_t>(row)));
    const double decade = 2 + random.below(7);
    const double height = 168 + 10 * random.normal();
    const double weight = std::clamp(80 + 20 * random.normal(), 40., 150.);
    const int race = drawn(kRace, random.uniform()), enzyme = drawn(kEnzyme, random.uniform());
    const int amiodarone = drawn(kAmiodarone, random.uniform()), gene = drawn(kGene, random.uniform()), cyp = drawn(kCyp, random.uniform());
    const auto effect = [](const auto& categories, int i) { return categories[static_cast<std::size_t>(i)].effect; };
    const double root = 5.6044 - .2614 * decade + .0087 * height + .0128 * weight + effect(kRace, race) + effect(kEnzyme, enzyme) +
                        effect(kAmiodarone, amiodarone) + effect(kGene, gene) + effect(kCyp, cyp) + noise * random.normal();
    table.values.row(row) << decade, height, weight, race, enzyme, amiodarone, gene, cyp, std::max(root, 1.);
  }
  return table;
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  TabularSource source;
  source.table = made_up(spec.rows.value_or(*Spec().rows), spec.noise);
  source.name = "synthetic-dose";
  source.target = "sqrt_dose";
  source.target_is_root = true;
  source.target_name = "sqrt(weekly_dose_mg)";
  source.reference_coded = {"race", "VKORC1", "CYP2C9"};
  source.test_fraction = Spec().test_fraction;
  source.credit =
      "Made-up patients: the dosing formula of the International Warfarin Pharmacogenetics Consortium, NEJM 2009;360:753, plus noise";
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource synthetic_dose;
const DataSource synthetic_dose{
    .about = {.name = "synthetic-dose",
              .title = "data.synthetic-dose.title",
              .summary = "data.synthetic-dose.summary",
              .source = "method.md section 2, synthetic-dose generator; IWPC, NEJM 2009;360:753",
              .params = Spec::params},
    .load = load,
    .files = {},
    .licence = "none: generated",
};

}  // namespace mid::source
