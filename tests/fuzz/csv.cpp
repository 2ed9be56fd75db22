// A stranger's table: what describes it, what tells its story, and the inputs that a model gets. Three bytes choose target, secret
// and what is done with the columns; the rest is the file.
#include "mid/data/csv.hpp"
#include "fuzz.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/experiment/user_table.hpp"

using namespace mid;

namespace {

void check_rows(const std::vector<int>& rows, const Data& data) {
  for (const int row : rows) fuzz::expect(row >= 0 && row < data.set.rows(), "the split names a row that is none");
}

void load(const Json& spec) {
  fuzz::reads([&] {
    DatasetCache datasets;
    const Spec checked = check_spec(spec);
    const Data& data = datasets.data(checked);
    const bool as_table = checked.model["kind"] == "tree";
    fuzz::expect(as_table || data.set.inputs.allFinite(), "an input is not a number");
    const auto names = static_cast<Eigen::Index>(data.set.input_names.size());
    fuzz::expect(names == data.set.inputs.cols(), "inputs and their names differ in number");
    const int classes = static_cast<int>(data.set.classes.size());
    if (classes == 0)
      fuzz::expect(data.set.target.allFinite(), "a target is not a number");
    else
      fuzz::expect(data.set.label.maxCoeff() < classes, "a label is none of the classes");
    for (const auto* rows : {&data.split.train, &data.split.test, &data.split.attacked, &data.split.auxiliary}) check_rows(*rows, data);
    for (const std::string& warning : sentences_in("en", data.warnings)) fuzz::check_text(warning, "a warning");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t target = input.choice(256), secret = input.choice(256), how = input.choice(256);
  const std::string path = fuzz::folder().write("table.csv", input.rest());
  std::vector<std::string> names;
  if (!fuzz::reads([&] {
        const std::string text = read_csv_text(path);
        names = parse_csv(text, "table.csv").names();
      }))
    return 0;
  const std::string wanted = names[target % names.size()], hidden = names[secret % names.size()];
  UserTable table;
  if (fuzz::reads([&] { table = user_table(path); })) {
    (void)json_of(table).dump();
    fuzz::reads([&] { load(own_spec(table, wanted, hidden)); });
  }
  Json spec{{"data", {{"name", "csv"}, {"csv", path}, {"target", wanted}, {"auxiliary", how % 4}}}};
  spec["data"]["standardize"] = how & 4 ? "features" : how & 8 ? "all" : "none";
  if (how & 16) spec["data"]["sensitive"] = hidden;
  if (how & 32) spec["data"]["split_column"] = names.back(), spec["data"].erase("auxiliary");
  if (how & 64) spec["data"]["columns"] = {hidden};
  spec["model"]["kind"] = how & 128 ? "tree" : "linear";
  load(spec);
  return 0;
}
