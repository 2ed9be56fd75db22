#include <algorithm>
#include <fonts.hpp>

#include "ui/belief_bars.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/tree_layout.hpp"

namespace mid::ui {
namespace {

void question(Frame& f, const TreeView& tree, const TreeLayout::Item& item) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box& b = item.box;
  const bool asks = tree.asks(item.node);
  p.fill(b, !item.on_path ? t.sunken : asks ? t.attack : t.ink, b.h / 2);
  if (!item.on_path) p.stroke(b, asks ? t.attack : t.edge, 1, b.h / 2);
  p.text(b.middle_x(), b.middle_y() + 5, kNoteMedium,
         item.on_path ? (asks ? t.on_role : t.surface)
         : asks       ? t.attack
                      : t.ink,
         label_of(tree, item.node), Align::centre);
}

/// A leaf with its bar; orange, and with an eye, where it tells much more than everyone's share.
void leaf(Frame& f, const TreeView& tree, const TreeLayout::Item& item, bool tall) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box& b = item.box;
  const bool away = tree.gives_away(item.node);
  const ImU32 colour = away ? t.attack : t.ink2;
  p.fill(b, away ? t.attack_soft : t.surface, 6);
  p.stroke(b, away ? t.attack : t.edge, away ? 1.5f : 1, 6);
  const Box bar{b.x + 8, tall ? b.y + 25 : b.bottom() - 11, b.w - 16, 5};
  const std::string label = label_of(tree, item.node);
  if (tall) {
    p.text(b.x + 10, b.y + 18, kNoteMedium, t.model, tree.answer(item.node));
    if (away) p.icon(b.right() - 16, b.y + 13, icon::kEye, t.attack, kIconSmall);
    p.text(b.x + 10, b.bottom() - 9, kNoteMedium, colour, label);
  } else {
    const float w = p.width(kNoteMedium, label), left = b.middle_x() - (w + (away ? 18 : 0)) / 2;
    if (away) p.icon(left + 7, b.y + 11, icon::kEye, t.attack, kIconSmall);
    p.text(left + (away ? 18 : 0), b.y + 16, kNoteMedium, colour, label);
  }
  p.bar(bar, static_cast<float>(tree.tells(item.node)), away ? t.attack : t.ink3);
  const float mark = bar.x + bar.w * static_cast<float>(tree.everyone(item.node));
  p.line(mark, bar.y - 2, mark, bar.bottom() + 2, t.ink, 1.5f);
}

void dashed_box(Paint& p, Box b, ImU32 colour) {
  p.dashed(b.x, b.y, b.right(), b.y, colour);
  p.dashed(b.right(), b.y, b.right(), b.bottom(), colour);
  p.dashed(b.x, b.bottom(), b.right(), b.bottom(), colour);
  p.dashed(b.x, b.y, b.x, b.bottom(), colour);
}

/// What the defence cut off below a leaf: the question that would have been asked, where there is room for it.
void cut_below(Frame& f, const TreeView& tree, const TreeLayout::Item& item, float room) {
  const auto cut = tree.cut(item.node);
  if (!cut) return;
  Paint& p = f.paint;
  const ImU32 colour = cut->asks ? f.theme().attack : f.theme().ink3;
  const Box& b = item.box;
  const std::string& label = cut->question;
  const float w = p.width(kNote, label) + 14;
  const float from = b.bottom() + (item.on_path ? 4.f : 1.f);
  if (room < 32) {  // stumps, above the edges of the next row
    for (const float x : {-.3f, 0.f, .3f})
      for (const float y : {from, from + 4}) p.line(b.middle_x() + x * b.w, y, b.middle_x() + x * b.w, y + 2, colour, 1.5f);
    return;
  }
  p.dashed(b.middle_x(), from, b.middle_x(), b.bottom() + 10, colour);
  const Box pill{b.middle_x() - w / 2, b.bottom() + 10, w, 22};
  dashed_box(p, pill, colour);
  p.text(pill.middle_x(), pill.middle_y() + 5, kNote, colour, label, Align::centre);
}

void edge(Frame& f, const Box& from, const Box& to, bool on_path, float width) {
  Paint& p = f.paint;
  const ImU32 colour = on_path ? f.theme().ink : f.theme().edge;
  const float turn = from.bottom() + std::min(8.f + std::max(0.f, to.y - from.bottom() - 28), 13.f);
  p.line(from.middle_x(), from.bottom(), from.middle_x(), turn, colour, width);
  p.line(from.middle_x(), turn, to.middle_x(), turn, colour, width);
  p.line(to.middle_x(), turn, to.middle_x(), to.y, colour, width);
}

/// The words on a branch, on the card's ground so that no line runs through them.
void branch_words(Frame& f, const TreeView& tree, const TreeLayout::Item& to) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string on_it = tree.branch(to.node);
  const Type type = to.on_path ? kNoteStrong : kNote;
  const float w = p.width(type, on_it), y = to.box.y - 5;
  p.fill({to.box.middle_x() - w / 2 - 3, y - 12, w + 6, 15}, t.surface);
  p.text(to.box.middle_x(), y, type, to.on_path ? t.ink : t.ink2, on_it, Align::centre);
}

void drawing(Frame& f, const TreeView& tree, const TreeLayout& l) {
  Paint& p = f.paint;
  const auto parent = [&](const TreeLayout::Item& item) -> const TreeLayout::Item& {
    return l.items[static_cast<std::size_t>(item.parent)];
  };
  for (const bool on_path : {false, true})  // the path on top
    for (const auto& item : l.items)
      if (item.parent >= 0 && item.on_path == on_path)
        edge(f, parent(item).box, item.box, on_path, on_path ? 3.f : std::max(1.f, 6 * static_cast<float>(tree.share(item.node))));
  float lowest = 0;
  for (const auto& item : l.items) lowest = std::max(lowest, item.box.y);
  for (const auto& item : l.items) {
    if (item.parent >= 0 && l.gap >= 22) branch_words(f, tree, item);
    if (!tree.leaf(item.node)) {
      question(f, tree, item);
      continue;
    }
    leaf(f, tree, item, l.tall);
    if (item.on_path && l.items.size() > 1) p.stroke(item.box.grown(3), f.theme().ink, 2, 8);
    cut_below(f, tree, item, l.whole || item.box.y >= lowest ? l.below : 0);
  }
  for (const auto& h : l.hidden) p.text(h.x, h.y, kNote, f.theme().ink3, words("tree.more", {{"n", std::to_string(h.count)}}));
}

/// What the marks mean, how large the tree is, and a way to take it along.
void legend(Frame& f, const TreeView& tree, float x, float right, float y) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.icon(x + 9, y - 6, icon::kEye, t.attack);
  float at = x + 26 + p.text(x + 26, y, kNote, t.ink2, words("tree.gives")) + 24;
  p.line(at, y - 13, at, y + 1, t.ink, 2);
  const std::string everyone = tree.one_value() ? words("tree.everyone", {{"value", percent(tree.everyone(0)) + " " + tree.tells_name(0)}})
                                                : std::string(words("tree.everyone.each"));
  at += 8 + p.text(at + 8, y, kNote, t.ink2, everyone) + 24;
  const std::string save(words("tree.save"));
  const float w = menu_width(f, "", save);
  const int picked = menu(f, "tree.save", {right - w, y - 24, w, 32}, "", save,
                          {{std::string(words("tree.save.svg")), std::string(words("tree.save.svg.note"))},
                           {std::string(words("tree.save.dot")), std::string(words("tree.save.dot.note"))}});
  if (picked >= 0) f.model.export_tree(picked == 0 ? "svg" : "dot");
  const std::string leaves = words("tree.leaves", {{"n", std::to_string(tree.leaves())}});
  const float count_x = right - w - 20 - p.width(kNoteMedium, leaves);
  p.text(count_x, y, kNoteMedium, t.ink2, leaves);
  if (!tree.has_cuts() || at + 34 + p.width(kNote, words("tree.cut")) + 16 > count_x) return;
  p.dashed(at, y - 5, at + 26, y - 5, t.ink3);
  p.text(at + 34, y, kNote, t.ink2, words("tree.cut"));
}

}  // namespace

void stage_tree(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  const PageModel& model = f.model;
  const bool phone = l.kind == Layout::Kind::phone;
  const auto [card, inner, another] = stage_card(f);
  const float x = inner.x, right = inner.right(), bottom = inner.bottom();
  const float y = inner.y + (l.transport_in_stage || phone ? 0.f : 2.f);
  const auto& shown = model.runs().shown();
  if (!model.runs().has_result() || !shown.tree || !shown.beliefs || shown.beliefs->rows() == 0) {
    p.fill({x, y, right - x, bottom - y}, t.sunken, 8);
    return;
  }
  const TreeView tree(shown);
  const BeliefSheet& b = *shown.beliefs;
  f.view.person = std::clamp(f.view.person, 0, b.rows() - 1);
  if (another) show_person(f, b, (f.view.person + 1) % b.rows());
  // At the right of the root: whose path this is.
  const char* who = model.choice().story().own ? "own.row" : "tree.person";
  const float chooser_w = p.width({Type::medium, 16, true}, words(who, {{"n", "1000"}})) + 70;
  person_chooser(f, b, right - chooser_w + 6, y + 15, who);
  const float foot = phone ? 0 : 28, top = phone ? y + 40 : y;
  drawing(f, tree, TreeLayout::of(f, tree, f.view.person, {x, top, right - x, bottom - foot - top}, phone ? 0 : chooser_w + 10));
  if (tree.leaves() == 1) p.text(x, top + 78, kBody, t.ink2, words("tree.empty"));
  if (!phone) legend(f, tree, x, right, bottom);
}

}  // namespace mid::ui
