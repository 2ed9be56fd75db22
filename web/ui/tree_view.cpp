#include "ui/tree_view.hpp"

#include <algorithm>
#include <numeric>

#include "ui/own.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr std::size_t kQuestion = 22, kValue = 18;  // characters of somebody's names

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

TreeView::TreeView(const Shown& shown) : sheet_(*shown.tree), first_child_(sheet_.nodes.size() + 1), children_(sheet_.nodes.size()) {
  if (const Json name = field_of(shown.spec(), "data.name"); name.is_string()) data_ = name.get<std::string>();
  // Counted first and then filled, so that the children of each lie side by side in the order of the sheet.
  for (const TreeSheetNode& n : sheet_.nodes)
    if (n.parent >= 0) ++first_child_[static_cast<std::size_t>(n.parent) + 1];
  std::partial_sum(first_child_.begin(), first_child_.end(), first_child_.begin());
  std::vector<int> next = first_child_;
  for (int node = 0; node < size(); ++node)
    if (parent(node) >= 0) children_[static_cast<std::size_t>(next[static_cast<std::size_t>(parent(node))]++)] = node;
}

std::span<const int> TreeView::children(int node) const {
  const int from = first_child_[static_cast<std::size_t>(node)], to = first_child_[static_cast<std::size_t>(node) + 1];
  return std::span(children_).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

std::string TreeView::asked(const std::string& column) const {
  return column.empty() ? column : shortened(column_words(data_, column), kQuestion) + "?";
}

std::string TreeView::question(int node) const { return asked(at(node).question); }

std::string TreeView::branch(int node) const {
  return shortened(value_words(short_branch(at(node).branch, parent(node) < 0 ? "" : at(parent(node)).question)), kValue);
}

std::string TreeView::answer(int node) const { return shortened(value_words(at(node).answer), kValue); }

std::string TreeView::tells_name(int node) const { return shortened(value_words(at(node).tells_name), kValue); }

std::optional<TreeCut> TreeView::cut(int node) const {
  std::optional<TreeCut> cut = at(node).cut;
  if (cut) cut->question = asked(cut->question);
  return cut;
}

int TreeView::leaves() const {
  int count = 0;
  for (int node = 0; node < size(); ++node) count += children(node).empty();
  return count;
}

bool TreeView::has_cuts() const {
  return std::any_of(sheet_.nodes.begin(), sheet_.nodes.end(), [](const TreeSheetNode& n) { return n.cut.has_value(); });
}

bool TreeView::leaf_gives_away() const {
  for (int node = 0; node < size(); ++node)
    if (children(node).empty() && gives_away(node)) return true;
  return false;
}

std::vector<int> TreeView::path(int victim) const {
  std::vector<int> out;
  for (int node = victim < static_cast<int>(sheet_.victims.size()) ? sheet_.victims[static_cast<std::size_t>(victim)] : 0; node >= 0;
       node = parent(node))
    out.push_back(node);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace mid::ui
