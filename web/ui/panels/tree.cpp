#include <algorithm>

#include "ui/panel.hpp"
#include "ui/strings.hpp"
#include "ui/tree_layout.hpp"

namespace mid::ui {
namespace {

/// Opens or closes a question.
void obey(PageModel& model, View& view, const Json& c) {
  const Shown& shown = model.runs().shown();
  if (!shown.tree) return;
  const TreeView tree(shown);
  view.branches.follow(shown.serial, view.person);
  for (const bool opens : {true, false}) {
    const Json node = c.value(opens ? "open" : "close", Json());
    if (!node.is_number_integer()) continue;
    const auto at = static_cast<int>(std::clamp<std::int64_t>(node.get<std::int64_t>(), 0, tree.size() - 1));
    if (tree.leaf(at)) continue;
    opens ? view.branches.open(at) : view.branches.close(at);
  }
}

std::string leaf_in_words(const TreeView& tree, const TreePeople& people, int leaf) {
  std::string way;
  for (int node = leaf; tree.parent(node) >= 0; node = tree.parent(node))
    way = tree.question(tree.parent(node)) + " " + tree.branch(node) + (way.empty() ? "" : ", ") + way;
  const auto at = static_cast<std::size_t>(leaf);
  return (way.empty() ? "" : way + ": ") + tree.answer(leaf) + ", " + people_words(people.all[at]) + ", " + share_words(tree, leaf) + ", " +
         std::string(words("tree.given")) + ": " + std::to_string(people.gained[at]);
}

/// Where the person ends and which leaves give away most, for those who cannot see the tree.
void tell(const PageModel& model, const View& view, Json& state) {
  Json& out = state["tree"] = Json::array();
  const Shown& shown = model.runs().shown();
  if (model.choice().story().stage != Stage::tree || !model.runs().has_result() || !shown.tree || !shown.beliefs ||
      shown.beliefs->rows() == 0)
    return;
  const TreeView tree(shown);
  const TreePeople people(tree, *shown.beliefs);
  out.push_back(fates_in_words(people));
  const int person = std::min(view.person, shown.beliefs->rows() - 1);
  out.push_back(words(model.choice().story().own ? "own.row" : "tree.person", {{"n", std::to_string(person + 1)}}) + ". " +
                leaf_in_words(tree, people, tree.end_of(person)));
  for (const int leaf : telling_leaves(tree, people)) out.push_back(leaf_in_words(tree, people, leaf));
}

}  // namespace

namespace panel {
extern const Panel tree;
/// The branches of the tree on the stage.
const Panel tree{.name = "tree", .command = "tree", .obey = &obey, .tell = &tell};
}  // namespace panel

}  // namespace mid::ui
