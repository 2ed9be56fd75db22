#include "ui/tree_view.hpp"

#include <algorithm>

#include "ui/own.hpp"
#include "ui/strings.hpp"

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

TreeView::TreeView(const TreeSheet& sheet) : victims_(sheet.victims), values_(static_cast<int>(sheet.values.size())) {
  constexpr std::size_t kQuestion = 22, kValue = 18;  // characters of somebody's names
  for (const TreeSheetNode& whole : sheet.nodes) {
    TreeSheetNode n = whole;
    const bool root = n.parent < 0;
    n.branch = shortened(short_branch(n.branch, root ? "" : sheet.nodes[static_cast<std::size_t>(n.parent)].question), kValue);
    n.question = shortened(n.question, kQuestion), n.answer = shortened(n.answer, kValue), n.tells_name = shortened(n.tells_name, kValue);
    if (n.cut) n.cut->question = shortened(n.cut->question, kQuestion);
    if (!root) nodes_[static_cast<std::size_t>(n.parent)].children.push_back(size());
    nodes_.push_back({std::move(n), {}});
  }
}

int TreeView::leaves() const {
  return static_cast<int>(std::count_if(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.children.empty(); }));
}

bool TreeView::has_cuts() const {
  return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.of.cut.has_value(); });
}

bool TreeView::leaf_gives_away() const {
  return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.children.empty() && n.of.gives_away; });
}

std::vector<int> TreeView::path(int victim) const {
  std::vector<int> out;
  for (int node = victim < static_cast<int>(victims_.size()) ? victims_[static_cast<std::size_t>(victim)] : 0; node >= 0;
       node = parent(node))
    out.push_back(node);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace mid::ui
