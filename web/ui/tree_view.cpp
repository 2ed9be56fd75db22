#include "tree_view.hpp"

#include <algorithm>

#include "own.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// The column's name is the question already: "8 < age <= 9" says "8 to 9" under "age?".
std::string short_branch(std::string branch, const std::string& column) {
  if (!column.empty() && branch.starts_with(column)) {
    branch.erase(0, column.size());
    for (const std::string sign : {" = ", " "})
      if (branch.starts_with(sign)) {
        branch.erase(0, sign.size());
        break;
      }
  } else if (const auto between = branch.find(" < " + column + " <= "); !column.empty() && between != std::string::npos) {
    branch.replace(between, column.size() + 7, " " + std::string(words("tree.to")) + " ");
  }
  if (branch.starts_with("<= ")) branch.replace(0, 2, "≤");
  return branch;
}

}  // namespace

TreeView::TreeView(const Json& sheet) {
  constexpr std::size_t kQuestion = 22, kValue = 18;  // characters of somebody's names
  values_ = static_cast<int>(sheet.at("values").size());
  std::vector<std::string> columns;  // whole, where questions are shortened
  for (const Json& n : sheet.at("nodes")) {
    Node node;
    node.parent = n.at("parent").get<int>();
    columns.push_back(n.at("question").get<std::string>());
    node.branch = shortened(
        short_branch(n.at("branch").get<std::string>(), node.parent >= 0 ? columns[static_cast<std::size_t>(node.parent)] : ""), kValue);
    node.question = shortened(columns.back(), kQuestion), node.answer = shortened(n.at("answer").get<std::string>(), kValue);
    node.asks = n.at("asks").get<bool>(), node.share = n.at("share").get<double>(), node.gain = n.at("gain").get<double>(),
    node.told = n.at("told").get<double>();
    node.tells = n.at("tells").get<double>(), node.tells_name = shortened(n.at("tells_name").get<std::string>(), kValue);
    node.everyone = n.at("everyone").get<double>(), node.away = n.at("gives_away").get<bool>();
    if (const Json& cut = n.at("cut"); cut.is_object())
      node.cut = Cut{shortened(cut.at("question").get<std::string>(), kQuestion), cut.at("asks").get<bool>(), cut.at("leaves").get<int>()};
    if (node.parent >= 0) nodes_[static_cast<std::size_t>(node.parent)].children.push_back(size());
    nodes_.push_back(std::move(node));
  }
  victims_ = sheet.at("victims").get<std::vector<int>>();
}

int TreeView::leaves() const {
  return static_cast<int>(std::count_if(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.children.empty(); }));
}

bool TreeView::has_cuts() const {
  return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.cut.has_value(); });
}

bool TreeView::leaf_gives_away() const {
  return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.children.empty() && n.away; });
}

std::vector<int> TreeView::path(int victim) const {
  std::vector<int> out;
  for (int node = victim < static_cast<int>(victims_.size()) ? victims_[static_cast<std::size_t>(victim)] : 0; node >= 0;
       node = at(node).parent)
    out.push_back(node);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace mid::ui
