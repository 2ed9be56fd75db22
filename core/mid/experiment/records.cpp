#include "mid/experiment/records.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "mid/experiment/measure_parts.hpp"

namespace mid {
namespace {

template <class Number>
std::string fewest_digits(Number value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

/// A name, or a list of them, as it is typed in a specification, whole.
std::string spelled_names(const Json& names) { return names.dump(-1, ' ', false, Json::error_handler_t::replace); }

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
      input["meaning"] = "1 where column " + spelled_names(column.name) + " has no value, else 0", input["unit"] = "0 or 1";
    } else if (kind >= 0) {
      input["meaning"] = "1 where column " + spelled_names(column.name) + " is " +
                         spelled_names(column.categories[static_cast<std::size_t>(kind)]) + ", else 0",
      input["unit"] = "0 or 1";
    } else if (!column.numeric) {  // of a tree
      input["meaning"] = "the place of the category of column " + spelled_names(column.name) + " in this list, from 0",
      input["unit"] = "place", input["categories"] = categories_of(column);
    } else if (is_the_number(set, i, c)) {
      input["meaning"] =
          "the number in column " + spelled_names(column.name) + (column.offset != 0 ? " less " + shortest_text(column.offset) : "");
      input["unit"] = "as in the file";
      if (column.offset != 0) input["offset"] = column.offset;
      for (Eigen::Index row = 0; column.missing > 0 && row < set.inputs.rows() && !input.contains("missing"); ++row)
        if (std::isnan(set.table.values(row, c)) && !std::isnan(set.inputs(row, i))) {
          input["missing"] = set.inputs(row, i);
          input["meaning"] = input["meaning"].get<std::string>() + ", or " + shortest_text(set.inputs(row, i)) + " where it has no value";
        }
    } else {
      input["meaning"] = "column " + spelled_names(column.name) + ", scaled by the data set (docs/method.md)", input["unit"] = "scaled";
    }
    out.push_back(std::move(input));
  }
  return out;
}

}  // namespace

std::string shortest_text(float value) { return fewest_digits(value); }
std::string shortest_text(double value) { return fewest_digits(value); }

Json describe_records(const Spec& spec, const Data& data) {
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

std::vector<std::string> parts_of_rows(const Data& data) {
  std::vector<std::string> out(static_cast<std::size_t>(data.set.rows()));
  for (const auto& [rows, word] : {std::pair{&data.split.auxiliary, "auxiliary"}, {&data.split.test, "test"}, {&data.split.train, "train"}})
    for (const int row : *rows) out[static_cast<std::size_t>(row)] = word;
  return out;
}

std::vector<int> believed_rows(const Data& data, Attack::Finds finds) {
  return gather_or_empty(data.split.attacked, judged_records(data, finds).rows);
}

int number_in_file(const Dataset& set, int row) {
  if (set.row_names.empty()) return row + 1;
  const std::string& name = set.row_names[static_cast<std::size_t>(row)];
  return name.starts_with("row ") ? std::stoi(name.substr(4)) : row + 1;
}

}  // namespace mid
