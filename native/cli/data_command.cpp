// mid data: the data sets that come along, and what a model of one's own learns from.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/file.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/experiment/spec.hpp"

namespace mid::cli {
namespace {

template <class Number>
std::string text_of(Number value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

/// A name, or a list of them, as it is typed in a specification, whole.
std::string spelled(const Json& names) { return names.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Whether input `i` is its column's number as it stands in the table (with the mean where that is missing).
bool is_the_number(const Dataset& set, int i, int column) {
  for (Eigen::Index row = 0; row < set.inputs.rows(); ++row)
    if (const double v = set.table.values(row, column); !std::isnan(v) && set.inputs(row, i) != static_cast<float>(v)) return false;
  return true;
}

Json categories_of(const Column& column) {
  Json out = Json::array();
  for (const std::string& c : column.categories) out.push_back(c);
  return out;
}

/// The inputs in the order in which a model takes them: name, meaning, and the mean and sd of the model's first step.
Json inputs_of_model(const Dataset& set) {
  Json out = Json::array();
  const int n = static_cast<int>(set.inputs.cols());
  std::map<std::string, std::pair<int, int>> origin;  // of an input's name: its column, and -1 the number, -2 missing, or its category
  for (int c = 0; c < static_cast<int>(set.table.columns.size()); ++c) {
    const Column& column = set.table.columns[static_cast<std::size_t>(c)];
    origin[column.name] = {c, -1};
    origin[column.name + " missing"] = {c, -2};
    for (int k = 0; k < static_cast<int>(column.categories.size()); ++k)
      origin[column.name + "=" + column.categories[static_cast<std::size_t>(k)]] = {c, k};
  }
  for (int i = 0; i < n; ++i) {
    Json input{{"place", i}, {"mean", set.input_mean(0, i)}, {"sd", set.input_sd(0, i)}};
    if (set.input_names.empty()) {
      const int width = std::max(set.input_width, 1);
      input["name"] = "pixel " + std::to_string(i / width) + "," + std::to_string(i % width);
      input["meaning"] = "brightness in row " + std::to_string(i / width) + ", column " + std::to_string(i % width) +
                         " of the picture, from the upper left corner";
      input["unit"] = "0 black to 1 white";
      out.push_back(std::move(input));
      continue;
    }
    const std::string& name = set.input_names[static_cast<std::size_t>(i)];
    input["name"] = name;
    const auto at = origin.find(name);
    if (at == origin.end()) {
      input["meaning"] = "as the data set defines it", input["unit"] = "";
      out.push_back(std::move(input));
      continue;
    }
    const auto [c, kind] = at->second;
    const Column& column = set.table.columns[static_cast<std::size_t>(c)];
    input["column"] = column.name;
    if (kind == -2) {
      input["meaning"] = "1 where column " + spelled(column.name) + " has no value, else 0", input["unit"] = "0 or 1";
    } else if (kind >= 0) {
      input["meaning"] =
          "1 where column " + spelled(column.name) + " is " + spelled(column.categories[static_cast<std::size_t>(kind)]) + ", else 0",
      input["unit"] = "0 or 1";
    } else if (!column.numeric) {  // of a tree
      input["meaning"] = "the place of the category of column " + spelled(column.name) + " in this list, from 0", input["unit"] = "place",
      input["categories"] = categories_of(column);
    } else if (is_the_number(set, i, c)) {
      input["meaning"] = "the number in column " + spelled(column.name) + (column.offset != 0 ? " less " + text_of(column.offset) : "");
      input["unit"] = "as in the file";
      if (column.offset != 0) input["offset"] = column.offset;
      for (Eigen::Index row = 0; column.missing > 0 && row < set.inputs.rows() && !input.contains("missing"); ++row)
        if (std::isnan(set.table.values(row, c)) && !std::isnan(set.inputs(row, i))) {
          input["missing"] = set.inputs(row, i);
          input["meaning"] = input["meaning"].get<std::string>() + ", or " + text_of(set.inputs(row, i)) + " where it has no value";
        }
    } else {
      input["meaning"] = "column " + spelled(column.name) + ", scaled by the data set (docs/method.md)", input["unit"] = "scaled";
    }
    out.push_back(std::move(input));
  }
  return out;
}

Json described(const Spec& spec, const Data& data) {
  const Dataset& set = data.set;
  Json target{{"name", set.target_name}};
  if (set.classes.empty())
    target.update(
        {{"unit", set.target_is_root ? "root of the file's" : "as in the file"}, {"mean", set.target_mean}, {"sd", set.target_sd}});
  else
    target["classes"] = set.classes;
  Json out{{"data", set.name},
           {"model", spec.model["kind"]},
           {"inputs", inputs_of_model(set)},
           {"target", target},
           {"records", {{"train", data.split.train.size()}, {"test", data.split.test.size()}, {"auxiliary", data.split.auxiliary.size()}}},
           {"warnings", sentences_in("en", data.warnings)}};
  if (set.secret) {
    Json places = Json::array();
    for (const int i : set.secret->inputs) places.push_back(i);
    out["secret"] = {{"name", set.secret->name}, {"values", set.secret->values}, {"inputs", places}};
  }
  return out;
}

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

std::vector<std::string> parts(const Data& data) {
  std::vector<std::string> out(static_cast<std::size_t>(data.set.rows()));
  for (const auto& [rows, word] : {std::pair{&data.split.auxiliary, "auxiliary"}, {&data.split.test, "test"}, {&data.split.train, "train"}})
    for (const int row : *rows) out[static_cast<std::size_t>(row)] = word;
  return out;
}

/// Where a record stands in its file, from 1.
int number_of(const Dataset& set, int row) {
  if (set.row_names.empty()) return row + 1;
  const std::string& name = set.row_names[static_cast<std::size_t>(row)];
  return name.starts_with("row ") ? std::stoi(name.substr(4)) : row + 1;
}

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos && !text.empty() && text[0] != ' ' && text.back() != ' ') return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string csv_of(const Data& data, const Json& inputs) {
  const Dataset& set = data.set;
  const std::vector<std::string> part = parts(data);
  std::string out = "row,part";
  for (const Json& input : inputs) out += "," + cell(input["name"].get<std::string>());
  out += "," + cell("target: " + set.target_name) + "\n";
  for (int row = 0; row < set.rows(); ++row) {
    out += std::to_string(number_of(set, row)) + "," + part[static_cast<std::size_t>(row)];
    for (Eigen::Index i = 0; i < set.inputs.cols(); ++i) out += "," + (std::isnan(set.inputs(row, i)) ? "" : text_of(set.inputs(row, i)));
    const bool none = !set.classes.empty() && set.label[row] < 0;
    out += "," +
           (none                  ? ""
            : set.classes.empty() ? text_of(set.target[row])
                                  : cell(set.classes[static_cast<std::size_t>(set.label[row])])) +
           "\n";
  }
  return out;
}

/// An array of NumPy, format 1.0: little-endian, row after row.
std::string npy(const std::string& type, const std::string& shape, std::string_view bytes) {
  constexpr std::size_t kBlock = 64, kBegin = 10;
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header += std::string(kBlock - 1 - (kBegin + header.size()) % kBlock, ' ') + "\n";
  std::string out("\x93NUMPY\x01\0", 8);
  out += static_cast<char>(header.size() & 255);
  out += static_cast<char>(header.size() >> 8);
  return out + header + std::string(bytes);
}

template <class T>
std::string npy_of(const std::string& type, const std::vector<T>& values, const std::string& shape = {}) {
  return npy(type, shape.empty() ? "(" + std::to_string(values.size()) + ",)" : shape,
             {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
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
  const Json about = described(r.spec, *r.data);
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
      out << "\tmean " << text_of(input["mean"].get<float>()) << ", sd " << text_of(input["sd"].get<float>()) << " over the training rows";
    out << "\n";
  }
  const Json& target = about["target"];
  out << "target\t" << spelled(target["name"]) << "\t";
  if (target.contains("classes"))
    out << "classes in order: " << spelled(target["classes"]) << "\n";
  else
    out << "a number, " << target["unit"].get<std::string>()
        << (target["mean"] != 0 || target["sd"] != 1
                ? ", less " + text_of(target["mean"].get<double>()) + ", divided by " + text_of(target["sd"].get<double>())
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
  Json about = described(r.spec, data);
  about["spec"] = r.spec.json();
  if (options.format == "csv") {
    write_file(options.out / "records.csv", csv_of(data, about["inputs"]));
  } else {
    std::vector<std::int32_t> numbers, label(set.label.begin(), set.label.end());
    constexpr std::size_t kLongestPart = std::string_view("auxiliary").size();
    std::vector<char> words;  // so many bytes each, as NumPy has texts of fixed length
    for (int row = 0; row < set.rows(); ++row) numbers.push_back(number_of(set, row));
    for (const std::string& part : parts(data))
      for (std::size_t i = 0; i < kLongestPart; ++i) words.push_back(i < part.size() ? part[i] : '\0');
    const std::string shape = "(" + std::to_string(set.inputs.rows()) + ", " + std::to_string(set.inputs.cols()) + ")";
    write_file(
        options.out / "inputs.npy",
        npy("<f4", shape, {reinterpret_cast<const char*>(set.inputs.data()), static_cast<std::size_t>(set.inputs.size()) * sizeof(float)}));
    write_file(options.out / "target.npy",
               set.classes.empty() ? npy_of("<f8", std::vector<double>(set.target.begin(), set.target.end())) : npy_of("<i4", label));
    write_file(options.out / "row.npy", npy_of("<i4", numbers));
    write_file(options.out / "part.npy", npy_of("|S" + std::to_string(kLongestPart), words, "(" + std::to_string(set.rows()) + ",)"));
  }
  write_file(options.out / "columns.json", about.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  say_warnings(data);
  std::printf("%d records with %d inputs: %zu train, %zu test, %zu auxiliary\n", set.rows(), static_cast<int>(set.inputs.cols()),
              data.split.train.size(), data.split.test.size(), data.split.auxiliary.size());
  print(options.out.string() + "\n");
  return 0;
}

}  // namespace mid::cli
