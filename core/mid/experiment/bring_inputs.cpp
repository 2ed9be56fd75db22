#include "mid/experiment/bring_inputs.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/data/encode.hpp"

namespace mid {
namespace {

constexpr const char* kField = "model.inputs";

std::vector<std::string> brought_names(const std::vector<BroughtInput>& inputs) {
  std::vector<std::string> names;
  for (const BroughtInput& input : inputs) names.push_back(input.name);
  return names;
}

void check_count(std::size_t of_model, const std::vector<BroughtInput>& inputs) {
  if (of_model != inputs.size())
    throw Error(kField, Message("refusal.brought_inputs")
                            .with("inputs", counted(static_cast<long long>(of_model), "input"))
                            .with("found", std::to_string(inputs.size())));
}

/// x' = (x - m) / s, and then what the model does with x' itself.
void bring(Network& net, const std::vector<BroughtInput>& inputs) {
  check_count(static_cast<std::size_t>(net.inputs()), inputs);
  net.input_names = brought_names(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    net.input_mean(0, at) = static_cast<float>(inputs[i].mean + inputs[i].sd * net.input_mean(0, at));
    net.input_sd(0, at) = static_cast<float>(inputs[i].sd * net.input_sd(0, at));
  }
}

void bring(Linear& model, const std::vector<BroughtInput>& inputs) {
  check_count(static_cast<std::size_t>(model.weight.size()), inputs);
  model.input_names = brought_names(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    double& weight = model.weight[static_cast<Eigen::Index>(i)];
    weight /= inputs[i].sd;
    model.bias -= weight * inputs[i].mean;
  }
}

void bring(Tree&, const std::vector<BroughtInput>&) { throw Error(kField, Message("refusal.brought_tree")); }
void bring(BlackBox&, const std::vector<BroughtInput>&) {}

}  // namespace

void bring_inputs(Model& model, const std::vector<BroughtInput>& inputs) {
  if (inputs.empty()) return;
  std::visit([&](auto& m) { bring(m, inputs); }, model);
}

void bring_inputs(TreeEnsemble& trees, const std::vector<BroughtInput>& inputs) {
  if (inputs.empty()) return;
  int asked = trees.input_count;
  for (const TreeEnsemble::Node& node : trees.nodes) asked = std::max(asked, node.input + 1);
  // Where the file leaves their number open there may be more than the trees ask for.
  if (trees.input_count > 0 || static_cast<std::size_t>(asked) > inputs.size()) check_count(static_cast<std::size_t>(asked), inputs);
  trees.inputs = brought_names(inputs), trees.input_count = static_cast<int>(inputs.size());
  for (TreeEnsemble::Node& node : trees.nodes) {
    if (node.mode == TreeEnsemble::Mode::leaf) continue;
    const BroughtInput& input = inputs[static_cast<std::size_t>(node.input)];
    node.value = static_cast<float>(input.mean + input.sd * node.value);
  }
}

bool numbers_behind_categories(const Dataset& set) {
  if (set.name != "csv") return false;
  bool categories = false;
  for (const Column& column : set.table.columns) {
    if (inputs_of(column, set.input_names).empty()) continue;
    if (column.numeric && categories) return true;
    categories = categories || !column.numeric;
  }
  return false;
}

}  // namespace mid
