#include "ui/tree_view.hpp"

#include <algorithm>
#include <numeric>

#include "ui/own.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr std::size_t kQuestion = 22, kValue = 18;  // characters of somebody's names

}  // namespace

TreeView::TreeView(const Shown& shown)
    : sheet_(*shown.tree), names_{.text = &own_words}, first_child_(sheet_.nodes.size() + 1), children_(sheet_.nodes.size()) {
  if (const Json name = field_of(shown.spec(), "data.name"); name.is_string()) names_.data = name.get<std::string>();
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
  return column.empty() ? column : words("tree.question", {{"column", shortened(names_.column(column), kQuestion)}});
}

std::string TreeView::question(int node) const { return asked(at(node).question); }

std::string TreeView::branch(int node) const {
  return shortened(value_words(short_branch(at(node).branch, parent(node) < 0 ? "" : at(parent(node)).question, words("tree.to"))), kValue);
}

std::string TreeView::answer(int node) const { return shortened(value_words(at(node).answer), kValue); }

std::string TreeView::tells_name(int node) const { return shortened(value_words(at(node).tells_name), kValue); }

Json TreeView::said() const {
  Json out = Json::object();
  const auto say = [&](const std::string& key) {
    if (const auto text = own_words(key)) out[key] = *text;
  };
  const auto say_column = [&](const std::string& name) {
    for (const char* kind : {"data_question.", "data_column."}) say(kind + names_.data + "." + name);
  };
  say_column(sheet_.secret);
  for (const TreeSheetNode& n : sheet_.nodes) {
    if (!n.question.empty()) say_column(n.question);
    if (n.cut) say_column(n.cut->question);
    for (const std::string& value : {n.answer, n.tells_name, short_branch(n.branch, n.parent < 0 ? "" : at(n.parent).question, "")})
      say("data_value." + value);
  }
  for (const char* key : {"tree.question", "tree.drawing", "tree.drawing.marks", "tree.drawing.cut", "tree.everyone", "tree.everyone.each",
                          "tree.to", "tree.cut.leaves"})
    say(key);
  return out;
}

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

int TreeView::by_share(int node) const {
  const auto all = children(node);
  return *std::ranges::max_element(all, {}, [&](int child) { return share(child); });
}

std::vector<int> TreeView::path(int victim) const {
  std::vector<int> out;
  for (int node = end_of(victim); node >= 0; node = parent(node)) out.push_back(node);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace mid::ui
