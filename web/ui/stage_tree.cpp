#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "belief_bars.hpp"
#include "figures.hpp"
#include "frame.hpp"
#include "strings.hpp"
#include "tree_view.hpp"

namespace mid::ui {
namespace {

constexpr float kHigh = 31;  // of a question or a leaf

/// Where an element of the drawing stands.
struct Placed {
  int node = -1;
  Box box;
};

/// One row of the drawing: the siblings that fit, in their order, the one on the path among them.
struct Row {
  std::vector<Placed> shown;
  std::size_t on_path = 0;
  int hidden = 0;
};

std::string label_of(const TreeView& tree, int node) {
  return tree.question(node).empty() ? percent(tree.tells(node)) + " " + tree.tells_name() : tree.question(node) + "?";
}

/// The children of `parent` that fit between the edges: the one on the path, then the largest.
Row row_of(const Frame& f, const TreeView& tree, int parent, int on_path, float middle, float left, float right, float y) {
  const std::vector<int> all = tree.children(parent);
  std::vector<int> by_size = all;
  std::stable_sort(by_size.begin(), by_size.end(), [&](int a, int b) { return (a == on_path) != (b == on_path) ? a == on_path : tree.share(a) > tree.share(b); });
  constexpr float kGap = 10, kMore = 60;
  float total = 0;
  std::vector<int> kept;
  for (const int node : by_size) {
    const float w = std::max(f.paint.width(kNoteMedium, label_of(tree, node)), f.paint.width(kNote, tree.branch(node))) + 24;
    if (!kept.empty() && total + w + (kept.size() < all.size() - 1 ? kMore : 0) > right - left) break;
    kept.push_back(node);
    total += w + kGap;
  }
  std::sort(kept.begin(), kept.end());
  Row row;
  row.hidden = static_cast<int>(all.size() - kept.size());
  total += row.hidden ? kMore : -kGap;
  float x = std::clamp(middle - total / 2, left, std::max(left, right - total));
  for (const int node : kept) {
    const float w = std::max(f.paint.width(kNoteMedium, label_of(tree, node)), f.paint.width(kNote, tree.branch(node))) + 24;
    if (node == on_path) row.on_path = row.shown.size();
    row.shown.push_back({node, {x, y, w, kHigh}});
    x += w + kGap;
  }
  return row;
}

/// A question in a pill, a leaf in a box with its bar; orange where it tells much more than everyone's share.
void element(Frame& f, const TreeView& tree, const Placed& placed, bool on_path, bool last) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box& b = placed.box;
  const bool leaf = tree.question(placed.node).empty(), away = tree.gives_away(placed.node);
  const std::string label = label_of(tree, placed.node);
  if (!leaf) {
    const ImU32 fill = !on_path ? t.sunken : tree.asks(placed.node) ? t.attack : t.ink;
    p.fill(b, fill, b.h / 2);
    if (!on_path) p.stroke(b, tree.asks(placed.node) ? t.attack : t.edge, 1, b.h / 2);
    p.text(b.middle_x(), b.middle_y() + 5, kNoteMedium, on_path ? (tree.asks(placed.node) ? t.on_role : t.surface) : tree.asks(placed.node) ? t.attack : t.ink, label, Align::centre);
    return;
  }
  p.fill(b, away ? t.attack_soft : t.surface, 6);
  p.stroke(b, away ? t.attack : t.edge, away ? 1.5f : 1, 6);
  p.text(b.middle_x(), b.y + 16, kNoteMedium, away ? t.attack : t.ink2, label, Align::centre);
  const Box bar{b.x + 8, b.bottom() - 11, b.w - 16, 5};
  p.bar(bar, static_cast<float>(tree.tells(placed.node)), away ? t.attack : t.ink3);
  const float mark = bar.x + bar.w * static_cast<float>(tree.everyone());
  p.line(mark, bar.y - 2, mark, bar.bottom() + 2, t.ink, 1.5f);
  if (last) p.stroke(b.grown(3), t.ink, 2, 8);
}

void edge(Frame& f, const Box& from, const Box& to, bool on_path) {
  Paint& p = f.paint;
  const ImU32 colour = on_path ? f.theme().ink : f.theme().edge;
  const float thick = on_path ? 3.f : 1.f, turn = from.bottom() + 5;
  p.line(from.middle_x(), from.bottom(), from.middle_x(), turn, colour, thick);
  p.line(from.middle_x(), turn, to.middle_x(), turn, colour, thick);
  p.line(to.middle_x(), turn, to.middle_x(), to.y, colour, thick);
}

/// The words on a branch, on the card's ground so that no line runs through them.
void branch_words(Frame& f, const TreeView& tree, const Placed& to, bool on_path) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string words_on = tree.branch(to.node);
  const Type type = on_path ? kNoteStrong : kNote;
  const float w = p.width(type, words_on), y = to.box.y - 5;
  p.fill({to.box.middle_x() - w / 2 - 3, y - 12, w + 6, 15}, t.surface);
  p.text(to.box.middle_x(), y, type, on_path ? t.ink : t.ink2, words_on, Align::centre);
}

void drawing(Frame& f, const TreeView& tree, int person, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::vector<int> path = tree.path(person);
  const int rows = static_cast<int>(path.size());
  const float pitch = rows > 1 ? std::min(66.f, (box.h - kHigh - 4) / static_cast<float>(rows - 1)) : 0;
  const float w = p.width(kNoteMedium, label_of(tree, 0)) + 28;
  const float beside = 210;  // the chooser stands at the right of the first row
  Placed parent{0, {box.x + (box.w - beside) / 2 - w / 2, box.y, w, kHigh}};
  std::vector<Row> drawn;
  for (int r = 1; r < rows; ++r) {
    const float y = box.y + pitch * static_cast<float>(r);
    drawn.push_back(row_of(f, tree, path[static_cast<std::size_t>(r) - 1], path[static_cast<std::size_t>(r)], parent.box.middle_x(), box.x, box.right(), y));
    const Row& row = drawn.back();
    for (std::size_t i = 0; i < row.shown.size(); ++i)
      if (i != row.on_path) edge(f, parent.box, row.shown[i].box, false);
    edge(f, parent.box, row.shown[row.on_path].box, true);
    if (pitch >= kHigh + 22)
      for (std::size_t i = 0; i < row.shown.size(); ++i) branch_words(f, tree, row.shown[i], i == row.on_path);
    if (row.hidden) p.text(row.shown.back().box.right() + 8, row.shown.back().box.middle_y() + 5, kNote, t.ink3, words("tree.more", {{"n", std::to_string(row.hidden)}}));
    parent = row.shown[row.on_path];
  }
  element(f, tree, {0, {box.x + (box.w - beside) / 2 - w / 2, box.y, w, kHigh}}, true, rows == 1);
  for (std::size_t r = 0; r < drawn.size(); ++r)
    for (std::size_t i = 0; i < drawn[r].shown.size(); ++i) element(f, tree, drawn[r].shown[i], i == drawn[r].on_path, i == drawn[r].on_path && r + 1 == drawn.size());
}

}  // namespace

void stage_tree(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const Lab& lab = f.lab;
  const bool phone = l.kind == Layout::Kind::phone;
  const auto [card, inner, another] = stage_card(f);
  const float x = inner.x, right = inner.right(), bottom = inner.bottom();
  const float y = inner.y + (l.transport_in_stage || phone ? 0.f : 2.f);
  const auto& shown = lab.shown();
  if (!lab.has_result() || !shown.tree.is_object() || !shown.beliefs || shown.beliefs->rows() == 0) {
    p.fill({x, y, right - x, bottom - y}, t.sunken, 8);
    return;
  }
  const TreeView tree(shown.tree);
  const Beliefs& b = *shown.beliefs;
  f.view.person = std::clamp(f.view.person, 0, b.rows() - 1);
  if (another) show_person(f, b, (f.view.person + 1) % b.rows());
  // At the right of the root: whose path this is, and how large the tree is.
  const float chooser_w = p.width({Type::medium, 16, true}, words("tree.person", {{"n", "1000"}})) + 70;
  person_chooser(f, b, right - chooser_w + 6, y + 15, "tree.person");
  const float legend = phone ? 0 : 24;
  const float top = phone ? y + 40 : y;
  drawing(f, tree, f.view.person, {x, top, right - x, bottom - legend - top});
  if (tree.leaves() == 1) p.text(x, top + kHigh + 34, kBody, t.ink2, words("tree.empty"));
  if (phone) return;
  p.icon(x + 9, bottom - 6, icon::kEye, t.attack);
  float at = x + 26 + p.text(x + 26, bottom, kNote, t.ink2, words("tree.gives")) + 24;
  p.line(at, bottom - 13, at, bottom + 1, t.ink, 2);
  at += 8 + p.text(at + 8, bottom, kNote, t.ink2, words("tree.everyone", {{"value", percent(tree.everyone()) + " " + tree.tells_name()}})) + 24;
  p.text(right, bottom, kNoteMedium, t.ink2, words("tree.leaves", {{"n", std::to_string(tree.leaves())}}), Align::right);
}

}  // namespace mid::ui
