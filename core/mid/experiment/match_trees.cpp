// How trees from an ONNX file, which take the inputs of a network, are fitted to the data by the names that they bring.
#include <algorithm>
#include <set>
#include <utility>

#include "mid/experiment/input_alias.hpp"
#include "mid/experiment/match_names.hpp"
#include "mid/experiment/match_refusal.hpp"

namespace mid {
namespace {

using Names = std::vector<std::string>;

/// The same question about 1 - x.
void turn(TreeEnsemble::Node& node) {
  using Mode = TreeEnsemble::Mode;
  node.value = 1 - node.value;
  if (node.mode == Mode::equal || node.mode == Mode::unequal) return;
  // Asked the other way round, so that a tree that only asks what is smaller still does.
  node.mode = node.mode == Mode::at_most    ? Mode::less
              : node.mode == Mode::less     ? Mode::at_most
              : node.mode == Mode::at_least ? Mode::more
                                            : Mode::at_least;
  std::swap(node.yes, node.no);
  node.missing_yes = !node.missing_yes;
}

void match_inputs(TreeEnsemble& trees, const Dataset& set, const Refusal& refuse, const std::string& path, std::vector<Message>& remarks) {
  if (trees.inputs.empty() || set.input_names.empty() || trees.inputs == set.input_names) {
    int asked = trees.input_count;
    for (const TreeEnsemble::Node& node : trees.nodes) asked = std::max(asked, node.input + 1);
    // Where the file leaves their number open, trees may ask for fewer than there are.
    if (trees.input_count > 0 ? asked != set.inputs.cols() : asked > set.inputs.cols()) refuse_inputs(asked, set, path);
    trees.input_count = static_cast<int>(set.inputs.cols()), trees.inputs = set.input_names;
    return;
  }
  // Of two categories the data have one input, a model perhaps both: that of the first says when the second's is 0.
  std::vector<int> place;
  std::vector<bool> opposite;
  for (std::string& name : trees.inputs) {
    name = input_alias(name, set);
    place.push_back(place_of(set.input_names, name)), opposite.push_back(false);
    for (const Column& column : set.table.columns)
      if (place.back() < 0 && column.categories.size() == 2 && name == column.name)  // as a number, 0 for the first
        place.back() = place_of(set.input_names, column.name + "=" + column.categories[1]);
      else if (place.back() < 0 && column.categories.size() == 2 && name == column.name + "=" + column.categories[0])
        place.back() = place_of(set.input_names, column.name + "=" + column.categories[1]), opposite.back() = place.back() >= 0;
  }
  bool moved = false;
  for (TreeEnsemble::Node& node : trees.nodes) {
    if (node.mode == TreeEnsemble::Mode::leaf) continue;
    const auto at = static_cast<std::size_t>(node.input);
    if (const int column = set.table.find(trees.inputs[at]);
        place[at] < 0 && column >= 0 && !set.table.columns[static_cast<std::size_t>(column)].numeric)
      refuse.other_type(trees.inputs[at], false);
    if (place[at] < 0) refuse.lacks(trees.inputs[at]);
    moved = moved || place[at] != node.input;
    node.input = place[at];
    if (opposite[at]) turn(node);
  }
  if (moved) remarks.push_back(Message("warning.model_input_order"));
  Names unknown;
  for (std::size_t i = 0; i < set.input_names.size(); ++i)
    if (std::find(place.begin(), place.end(), static_cast<int>(i)) == place.end()) unknown.push_back(set.input_names[i]);
  if (!unknown.empty()) remarks.push_back(Message("warning.model_unknown_input").with("inputs", quoted(unknown)));
  trees.inputs = set.input_names, trees.input_count = static_cast<int>(set.input_names.size());
}

/// Classes by their names; such that are numbered from 0 are in order where the data's are called otherwise.
void match_classes(TreeEnsemble& trees, const Dataset& set, const Refusal& refuse, std::vector<Message>& remarks) {
  const Names of_file = trees.classes;
  if (of_file == set.classes) return;
  bool counted_up = trees.numbered_classes && of_file.size() == set.classes.size();
  std::vector<int> place;
  for (std::size_t k = 0; k < of_file.size(); ++k) {
    place.push_back(place_of(set.classes, of_file[k]));
    counted_up = counted_up && of_file[k] == std::to_string(k);
  }
  const std::set<int> distinct(place.begin(), place.end());
  const bool by_name = of_file.size() == set.classes.size() && distinct.size() == place.size() && !distinct.contains(-1);
  if (!by_name && !counted_up) refuse.other_classes(of_file);
  if (by_name)
    trees.places = std::move(place), remarks.push_back(Message("warning.model_class_order"));
  else
    remarks.push_back(Message("warning.model_classes_numbered").with("classes", all_of(set.classes)));
  trees.classes = set.classes;
}

}  // namespace

void match_names(TreeEnsemble& trees, const Dataset& set, const std::string& path, std::vector<Message>& remarks) {
  const Refusal refuse(path, set);
  match_inputs(trees, set, refuse, path, remarks);
  if (trees.regression() != (set.classes.size() < 2)) refuse_answers(static_cast<int>(trees.classes.size()), set, path);
  if (!trees.regression()) match_classes(trees, set, refuse, remarks);
}

}  // namespace mid
