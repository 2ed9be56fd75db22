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

using Item = TreeLayout::Item;
using What = TreeLayout::What;

std::string id_of(const Item& item) { return (item.what == What::rest ? "tree.rest." : "tree.") + std::to_string(item.node); }

/// The tree on the stage, drawn and followed.
class Drawing {
 public:
  Drawing(Frame& f, const TreeView& tree, const TreePeople& people, const TreeLayout& l) : f_(f), tree_(tree), people_(people), l_(l) {}

  void draw() {
    for (const bool on_path : {false, true})  // the path on top
      for (const Item& item : l_.items)
        if (item.parent >= 0 && item.on_path == on_path) line(l_.items[static_cast<std::size_t>(item.parent)], item);
    for (const Item& item : l_.items)
      if (item.parent >= 0 && item.what != What::rest) branch_words(item);
    for (std::size_t i = 0; i < l_.items.size(); ++i) touch(i);
    if (l_.cut.w > 0) {
      Paint& p = f_.paint;
      const Box& b = l_.cut;
      p.dashed(b.x, b.y, b.right(), b.y, f_.theme().ink2), p.dashed(b.x, b.bottom(), b.right(), b.bottom(), f_.theme().ink2);
      p.dashed(b.x, b.y, b.x, b.bottom(), f_.theme().ink2), p.dashed(b.right(), b.y, b.right(), b.bottom(), f_.theme().ink2);
      const std::string all = words("tree.cut.all", {{"n", count(l_.cut_leaves)}});
      p.text(b.x + 10, b.middle_y() + 5, kNote, f_.theme().ink2,
             p.width(kNote, all) <= b.w - 20 ? all : words("tree.cut.leaves", {{"n", count(l_.cut_leaves)}}));
    }
  }

 private:
  void line(const Item& from, const Item& to) {
    Paint& p = f_.paint;
    const float share = to.what == What::rest ? static_cast<float>(to.people) / static_cast<float>(std::max(1, people_.all[0]))
                                              : static_cast<float>(tree_.share(to.node));
    const float width = std::max(to.on_path ? 2.f : 1.f, 6 * share), y = to.box.middle_y();
    const ImU32 colour = to.on_path ? f_.theme().ink : f_.theme().edge;
    p.line(from.box.right(), from.box.middle_y(), to.turn, from.box.middle_y(), colour, width);
    p.line(to.turn, from.box.middle_y(), to.turn, y, colour, width);
    p.line(to.turn, y, to.box.x, y, colour, width);
  }
  /// On the card's ground, so that no line runs through them.
  void branch_words(const Item& to) {
    Paint& p = f_.paint;
    const Theme& t = f_.theme();
    const std::string on_it = tree_.branch(to.node);
    const Type type = to.on_path ? kNoteStrong : kNote;
    const float x = to.turn + 8, w = p.width(type, on_it), y = to.box.middle_y();
    p.fill({x - 3, y - 9, w + 6, 18}, t.surface);
    p.text(x, y + 5, type, to.on_path ? t.ink : t.ink2, on_it);
  }
  void sign(float x, float y, bool plus, ImU32 colour) {
    f_.paint.line(x - 5, y, x + 5, y, colour, 1.75f);
    if (plus) f_.paint.line(x, y - 5, x, y + 5, colour, 1.75f);
  }

  void touch(std::size_t i) {
    const Item& item = l_.items[i];
    const float radius = item.what == What::question ? item.box.h / 2 : 6;
    const Touch touch = f_.controls.button(id_of(item).c_str(), item.box, {}, radius);
    const bool asked = ImGui::IsItemFocused() && !followed_;
    switch (item.what) {
      case What::question: question(item, touch); break;
      case What::rest: rest(item, touch); break;
      default: card(item, touch);
    }
    if (asked) keys(i), followed_ = true;  // where a key leads to must not follow it again
    if (touch.clicked) turn(item);
  }
  /// A question closes, what is closed opens, a leaf names the next of its people.
  void turn(const Item& item) {
    View::Branches& v = f_.view.branches;
    if (item.what == What::question) v.close(item.node);
    if (item.what == What::closed) v.open(item.node);
    if (item.what == What::rest)
      v.turned[item.node] += static_cast<int>(tree_.children(item.node).size()) - item.count, v.focus = item.node;
    if (item.what != What::leaf) return;
    const BeliefSheet& b = *f_.model.runs().shown().beliefs;
    for (int step = 1; step <= b.rows(); ++step)
      if (const int who = (f_.view.person + step) % b.rows(); tree_.end_of(who) == item.node) return show_person(f_, b, who);
  }
  /// Up and down through all that stands there; right opens or goes to the first branch, left closes or goes back.
  void keys(std::size_t here) {
    const ImGuiID own = ImGui::GetItemID();
    for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_Home, ImGuiKey_End})
      ImGui::SetKeyOwner(key, own);
    const auto pressed = [&](ImGuiKey key) { return ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat); };
    const auto go = [&](std::size_t to) { f_.controls.move_to(id_of(l_.items[to])); };
    const Item& item = l_.items[here];
    if (pressed(ImGuiKey_UpArrow) && here > 0) go(here - 1);
    if (pressed(ImGuiKey_DownArrow) && here + 1 < l_.items.size()) go(here + 1);
    if (pressed(ImGuiKey_Home)) go(0);
    if (pressed(ImGuiKey_End)) go(l_.items.size() - 1);
    if (pressed(ImGuiKey_RightArrow)) item.what == What::question ? go(here + 1) : item.what == What::leaf ? void() : turn(item);
    if (pressed(ImGuiKey_LeftArrow)) {
      if (item.what == What::question)
        turn(item);
      else if (item.parent >= 0)
        go(static_cast<std::size_t>(item.parent));
    }
  }

  void question(const Item& item, const Touch& touch) {
    Paint& p = f_.paint;
    const Theme& t = f_.theme();
    const bool asks = tree_.asks(item.node);
    const ImU32 ground = asks ? t.attack : item.on_path ? t.ink : t.sunken, ink = asks ? t.on_role : item.on_path ? t.surface : t.ink;
    p.fill(item.box, touched(p, ground, touch), item.box.h / 2);
    if (!asks && !item.on_path) p.stroke(item.box, t.edge, 1, item.box.h / 2);
    p.text(item.box.x + 12, item.box.middle_y() + 5, kNoteMedium, ink, tree_.question(item.node));
    sign(item.box.right() - 15, item.box.middle_y(), false, ink);
  }

  /// A leaf, or a closed question for all below it: what is answered, how many people, what share of them has the secret, and how many
  /// are given away.
  void card(const Item& item, const Touch& touch) {
    Paint& p = f_.paint;
    const Theme& t = f_.theme();
    const Box& b = item.box;
    const bool leaf = item.what == What::leaf, away = leaf && tree_.gives_away(item.node);
    p.fill(b, touched(p, away ? t.attack_soft : t.surface, touch), 6);
    p.stroke(b, away ? t.attack : t.edge, away ? 1.5f : 1, 6);
    if (item.on_path) p.stroke(b.grown(3), t.ink, 2, 8);
    const float left = b.x + 10, right = b.right() - 10, high = b.y + b.h * .42f, low = b.bottom() - b.h * .18f;
    p.text(left, high, kNoteMedium, leaf ? t.model : t.ink, leaf ? tree_.answer(item.node) : leaves_words(item.leaves));
    const std::string share = share_words(tree_, item.node);
    const float share_x = l_.roomy ? left + l_.answer + 10 : right - p.width(away ? kNoteMedium : kNote, share);
    const Box bar{left, low - 9, (l_.roomy ? left + l_.answer : share_x - 10) - left, 7};
    p.bar(bar, static_cast<float>(tree_.tells(item.node)), away ? t.attack : t.ink3);
    const float mark = bar.x + bar.w * static_cast<float>(tree_.everyone(item.node));
    p.line(mark, bar.y - 2, mark, bar.bottom() + 2, t.ink, 1.5f);
    p.text(share_x, low, away ? kNoteMedium : kNote, away ? t.attack : t.ink2, share);
    if (l_.roomy) p.text(share_x, high, kNote, t.ink2, people_words(item.people));
    if (!leaf) return sign(right - 6, l_.roomy ? b.middle_y() : high - 5, true, t.ink);
    const int gained = people_.gained[static_cast<std::size_t>(item.node)];
    const ImU32 colour = gained > 0 ? t.attack : t.ink3;
    const float w = p.text(right, high, kNoteStrong, colour, count(gained), Align::right);
    if (l_.roomy && l_.spoken)
      p.text(right, low, kNote, colour, words("tree.given"), Align::right);
    else if (gained > 0)
      p.icon(right - w - 11, high - 5, icon::kEye, colour, kIconSmall);
  }

  /// Branches that there is no room for.
  void rest(const Item& item, const Touch& touch) {
    Paint& p = f_.paint;
    const Theme& t = f_.theme();
    const Box& b = item.box;
    p.fill(b, touched(p, t.sunken, touch), 6);
    std::string text = words(item.count == 1 ? "tree.more.one" : "tree.more", {{"n", count(item.count)}});
    for (const std::string& part : {leaves_words(item.leaves), people_words(item.people)})
      if (p.width(kNote, text + " · " + part) < b.w - 40) text += " · " + part;
    p.text(b.x + 10, b.middle_y() + 5, kNote, t.ink2, text);
    sign(b.right() - 16, b.middle_y(), true, t.ink);
  }

  Frame& f_;
  const TreeView& tree_;
  const TreePeople& people_;
  const TreeLayout& l_;
  bool followed_ = false;
};

/// What became of all who were attacked, as one bar in three parts with its words above it.
class FatesBar {
 public:
  FatesBar(Frame& f, const TreePeople& people, float width) : f_(f), people_(people), width_(width) {
    const Paint& p = f.paint;
    head_ = words("tree.attacked", {{"n", count(people.all[0])}});
    float all = 0;
    for (int k = 0; k < 3; ++k) {
      said_[k] = words(kFateWords[k], {{"n", count(people.fates[k])}});
      wide_[k] = 18 + p.width(kNoteMedium, said_[k]);
      all += wide_[k] + kApart;
    }
    if (p.width(kNoteStrong, head_) + 20 + all - kApart > width) head_.clear();
    for (int k = 0; k < 3; ++k) walk(k);
  }
  float height() const { return 16 + line() * static_cast<float>(1 + row_[2]); }

  void draw(float x, float bottom) {
    Paint& p = f_.paint;
    const Theme& t = f_.theme();
    const Box bar{x, bottom - 10, width_, 10};
    const float first = bottom - height() + line() - 4;
    p.text(x, first, kNoteStrong, t.ink, head_);
    float at = x;
    for (int k = 0; k < 3; ++k) {
      const auto fate = static_cast<Fate>(k);
      const float left = x + left_[k], y = first + line() * static_cast<float>(row_[k]);
      fate_mark(p, {left, y - 11, 12, 12}, fate);
      p.text(left + 18, y, kNoteMedium, fate == Fate::gained ? t.attack : t.ink2, said_[k]);
      const float w = bar.w * static_cast<float>(people_.fates[k]) / static_cast<float>(std::max(1, people_.all[0]));
      if (w > 2) fate_mark(p, {at, bar.y, w - 2, bar.h}, fate);
      at += w;
    }
  }

 private:
  static constexpr float kApart = 16;
  float line() const { return f_.layout.present ? 24.f : 18.f; }
  void walk(int k) {
    left_[k] = k > 0 ? left_[k - 1] + wide_[k - 1] + kApart : head_.empty() ? 0 : f_.paint.width(kNoteStrong, head_) + 20;
    row_[k] = k > 0 ? row_[k - 1] : 0;
    if (k > 0 && left_[k] + wide_[k] > width_) left_[k] = 0, ++row_[k];
  }
  Frame& f_;
  const TreePeople& people_;
  float width_, left_[3] = {}, wide_[3] = {};
  int row_[3] = {};
  std::string head_, said_[3];
};

/// What the marks mean, and a way to take the tree along.
void legend(Frame& f, const TreeView& tree, float x, float right, float y) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string save(words("tree.save"));
  const float w = menu_width(f, "", save);
  const int picked = menu(f, "tree.save", {right - w, y - 16, w, 32}, "", save,
                          {{std::string(words("tree.save.svg")), std::string(words("tree.save.svg.note"))},
                           {std::string(words("tree.save.dot")), std::string(words("tree.save.dot.note"))}});
  if (picked >= 0) f.model.export_tree(picked == 0 ? "svg" : "dot");
  const std::string everyone =
      tree.one_value() ? words("tree.everyone", {{"value", share_words(tree, 0)}}) : std::string(words("tree.everyone.each"));
  const float room = right - w - 16;
  if (x + 8 + p.width(kNote, everyone) > room) return;
  p.line(x, y - 8, x, y + 6, t.ink, 2);
  x += 8 + p.text(x + 8, y + 5, kNote, t.ink2, everyone) + 24;
  if (x + 26 + p.width(kNote, words("tree.gives")) > room) return;
  p.icon(x + 9, y, icon::kEye, t.attack);
  p.text(x + 26, y + 5, kNote, t.ink2, words("tree.gives"));
}

/// Back to the questions that there was no room for.
void back(Frame& f, const TreeView& tree, const TreeLayout& l, float top) {
  Paint& p = f.paint;
  const Box& first = l.items.front().box;
  const std::string text = before_words(l.before);
  const Box b{first.x, first.y - 34 < top ? first.bottom() + 6 : first.y - 34, p.width(kNote, text) + 30, 28};
  const Touch touch = f.controls.button("tree.before", b);
  if (touch.hovered || touch.held) p.fill(b, f.theme().sunken, 8);
  p.icon(b.x + 12, b.middle_y(), icon::kChevronLeft, f.theme().ink2, kIconSmall);
  p.text(b.x + 24, b.middle_y() + 5, kNote, f.theme().ink2, text);
  if (touch.clicked) f.view.branches.open(tree.parent(l.items.front().node));
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
  const TreePeople people(tree, b);
  // Nobody has been chosen yet: whoever is given away tells more than whoever comes first, and a short way is seen whole.
  if (f.view.person == 0 && shown.serial != f.view.branches.serial) {
    std::size_t shortest = SIZE_MAX;
    for (int who = 0; who < b.rows(); ++who)
      if (const std::size_t way = tree.path(who).size(); way < shortest && fate_of(b, who) == Fate::gained)
        shortest = way, f.view.person = who;
  }
  f.view.branches.follow(shown.serial, f.view.person);
  const char* who = model.choice().story().own ? "own.row" : "tree.person";
  constexpr float kChooser = 34;
  FatesBar bar(f, people, right - x);
  const bool with_bar = bottom - y > 190;
  const float foot = bottom - (with_bar ? bar.height() + 6 : 0), below = phone ? 0 : kChooser + 4;
  const float top = phone ? y + 40 : y;
  const TreeLayout layout = TreeLayout::of(f, tree, people, f.view.person, {x, top, right - x, foot - below - top});
  if (phone) person_chooser(f, b, x, y + 15, who);
  Drawing(f, tree, people, layout).draw();
  if (layout.before > 0) back(f, tree, layout, top);
  if (!phone) legend(f, tree, person_chooser(f, b, x + 6, foot - kChooser / 2, who) + 20, right, foot - kChooser / 2);
  if (with_bar) bar.draw(x, bottom);
}

}  // namespace mid::ui
