// mid data: the data sets that come along, and what a model of one's own learns from.
#include <cmath>
#include <cstdio>
#include <sstream>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/file.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/records.hpp"
#include "mid/experiment/spec.hpp"
#include "npy.hpp"

namespace mid::cli {
namespace {

struct Read {
  Spec spec;
  DatasetCache datasets;
  const Data* data = nullptr;
};
void read(const DataOptions& options, Read& out) {
  out.spec = check_spec(read_spec(options.spec, options.set));
  out.data = &out.datasets.data(out.spec);
}

void say_warnings(const Data& data) {
  for (const std::string& w : sentences_in("en", data.warnings)) tell(w);
}

/// A name, or a list of them, as it is typed in a specification, whole.
std::string spelled(const Json& names) { return names.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string csv_of(const Data& data, const Json& inputs) {
  const Dataset& set = data.set;
  const std::vector<std::string> part = parts_of_rows(data);
  std::string out = "row,part";
  for (const Json& input : inputs) out += "," + csv_cell(input["name"].get<std::string>());
  out += "," + csv_cell("target: " + set.target_name) + "\n";
  for (int row = 0; row < set.rows(); ++row) {
    out += std::to_string(number_in_file(set, row)) + "," + part[static_cast<std::size_t>(row)];
    for (Eigen::Index i = 0; i < set.inputs.cols(); ++i)
      out += "," + (std::isnan(set.inputs(row, i)) ? "" : shortest_text(set.inputs(row, i)));
    const bool none = !set.classes.empty() && set.label[row] < 0;
    out += "," +
           (none                  ? ""
            : set.classes.empty() ? shortest_text(set.target[row])
                                  : csv_cell(set.classes[static_cast<std::size_t>(set.label[row])])) +
           "\n";
  }
  return out;
}

}  // namespace

int data_list() {
  for (const DataSource* s : data_sources()) {
    std::printf("%-16s %s\n%-16s %s\n", std::string(s->about.name).c_str(), std::string(s->about.title).c_str(), "",
                std::string(s->about.summary).c_str());
    if (!s->licence.empty()) std::printf("%-16s licence: %s\n", "", std::string(s->licence).c_str());
  }
  std::printf("\nfiles: %s\n", data_folder().string().c_str());
  return 0;
}

int data_verify() {
  int bad = 0, n = 0;
  for (const FileCheck& file : verify_data()) {
    ++n;
    if (file.state == FileCheck::State::good) continue;
    ++bad;
    std::fprintf(stderr, "mid: %s %s\n", file.name.c_str(),
                 file.state == FileCheck::State::missing ? "is missing" : "is not the file that was delivered");
  }
  std::printf("%d of %d files are as they were delivered\n", n - bad, n);
  return bad ? 1 : 0;
}

int data_columns(const DataOptions& options) {
  Read r;
  read(options, r);
  const Json about = describe_records(r.spec, *r.data);
  if (options.json) {
    print(about.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return 0;
  }
  say_warnings(*r.data);
  std::ostringstream out;
  out << "The inputs of a model (" << about["model"].get<std::string>() << ") of " << about["data"].get<std::string>() << ", in order:\n";
  for (const Json& input : about["inputs"]) {
    out << input["place"] << "\t" << spelled(input["name"]) << "\t" << input["meaning"].get<std::string>();
    if (input.contains("categories")) out << ": " << spelled(input["categories"]);
    if (const auto unit = input["unit"].get<std::string>(); !unit.empty()) out << "\t" << unit;
    if (input["mean"] != 0 || input["sd"] != 1)
      out << "\tmean " << shortest_text(input["mean"].get<float>()) << ", sd " << shortest_text(input["sd"].get<float>())
          << " over the training rows";
    out << "\n";
  }
  const Json& target = about["target"];
  out << "target\t" << spelled(target["name"]) << "\t";
  if (target.contains("classes"))
    out << "classes in order: " << spelled(target["classes"]) << "\n";
  else
    out << "a number, " << target["unit"].get<std::string>()
        << (target["mean"] != 0 || target["sd"] != 1
                ? ", less " + shortest_text(target["mean"].get<double>()) + ", divided by " + shortest_text(target["sd"].get<double>())
                : "")
        << "\n";
  if (about.contains("secret"))
    out << "secret\t" << spelled(about["secret"]["name"]) << "\tvalues in order: " << spelled(about["secret"]["values"]) << "\n";
  print(out.str());
  return 0;
}

int data_export(const DataOptions& options) {
  Read r;
  read(options, r);
  const Data& data = *r.data;
  const Dataset& set = data.set;
  make_folder("--out", options.out);
  Json about = describe_records(r.spec, data);
  about["spec"] = r.spec.json();
  if (options.format == "csv") {
    write_file(options.out / "records.csv", csv_of(data, about["inputs"]));
  } else {
    std::vector<std::int32_t> numbers, label(set.label.begin(), set.label.end());
    constexpr std::size_t kLongestPart = std::string_view("auxiliary").size();
    std::vector<char> words;  // so many bytes each, as NumPy has texts of fixed length
    for (int row = 0; row < set.rows(); ++row) numbers.push_back(number_in_file(set, row));
    for (const std::string& part : parts_of_rows(data))
      for (std::size_t i = 0; i < kLongestPart; ++i) words.push_back(i < part.size() ? part[i] : '\0');
    const auto rows = static_cast<std::size_t>(set.rows()), inputs = static_cast<std::size_t>(set.inputs.cols());
    write_file(options.out / "inputs.npy", npy_of(set.inputs.data(), {rows, inputs}));
    write_file(options.out / "target.npy",
               set.classes.empty() ? npy_of(std::vector<double>(set.target.begin(), set.target.end())) : npy_of(label));
    write_file(options.out / "row.npy", npy_of(numbers));
    write_file(options.out / "part.npy", npy("|S" + std::to_string(kLongestPart), {rows}, {words.data(), words.size()}));
  }
  write_file(options.out / "columns.json", about.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  say_warnings(data);
  std::printf("%d records with %d inputs: %zu train, %zu test, %zu auxiliary\n", set.rows(), static_cast<int>(set.inputs.cols()),
              data.split.train.size(), data.split.test.size(), data.split.auxiliary.size());
  print(options.out.string() + "\n");
  return 0;
}

}  // namespace mid::cli
