#include "ui/tree_layout.hpp"

#include <algorithm>

#include "ui/figures.hpp"

namespace mid::ui {
namespace {

constexpr float kHigh = 31;  // of a question, or of a leaf with one line
constexpr float kTall = 58;  // of a leaf with its answer
constexpr float kStub = 34;  // what was cut, under a leaf
constexpr float kGap = 10, kMore = 60;
constexpr float kWords = 20;  // between two rows, for the words on the branches

float width_of(const Frame& f, const TreeView& tree, int node, bool tall) {
  const Paint& p = f.paint;
  const bool leaf = tree.leaf(node), eye = leaf && tree.gives_away(node);
  float w = p.width(kNoteMedium, label_of(tree, node)) + (eye && !tall ? 18.f : 0.f);
  if (const auto cut = tree.cut(node)) w = std::max(w, p.width(kNote, cut->question) - 6);
  if (leaf && tall) w = std::max(w, p.width(kNoteMedium, tree.answer(node)) + (eye ? 28.f : 0.f));
  return std::max(w, p.width(kNoteStrong, tree.branch(node))) + 24;
}

/// The whole tree, every question above the middle of its own.
class Whole {
 public:
  Whole(const Frame& f, const TreeView& tree, Box box) : f_(f), tree_(tree), box_(box) {}

  bool fits(float beside) {
    constexpr int kMostLeaves = 12;
    if (tree_.leaves() < 2 || tree_.leaves() > kMostLeaves) return false;
    levels_ = depth(0);
    const float stub = tree_.has_cuts() ? kStub : 0;
    for (const bool tall : {true, false}) {
      tall_ = tall, spread_ = 0, leaf_h_ = tall ? kTall : kHigh;
      pitch_ = std::min(80.f, (box_.h - leaf_h_ - stub) / static_cast<float>(levels_ - 1));
      width_.assign(static_cast<std::size_t>(tree_.size()), 0);
      if (pitch_ < kHigh + kWords || measure(0) > box_.w) continue;
      // What is left over goes between the leaves.
      spread_ = std::min(26.f, (box_.w - width_[0]) / static_cast<float>(tree_.leaves()));
      measure(0);
      const float middle = box_.x + (box_.w - width_[0]) / 2 + root_middle();
      if (middle + width_of(f_, tree_, 0, false) / 2 + 12 <= box_.right() - beside) return true;
    }
    return false;
  }

  TreeLayout place(int person) {
    TreeLayout out;
    const std::vector<int> path = tree_.path(person);
    on_path_.assign(static_cast<std::size_t>(tree_.size()), false);
    for (const int node : path) on_path_[static_cast<std::size_t>(node)] = true;
    out.gap = pitch_ - kHigh, out.tall = tall_, out.whole = true, out.below = tree_.has_cuts() ? kStub : 0;
    put(0, -1, box_.x + (box_.w - width_[0]) / 2, box_.y, out);
    return out;
  }

 private:
  int depth(int node) const {
    int most = 0;
    for (const int child : tree_.children(node)) most = std::max(most, depth(child));
    return most + 1;
  }
  float measure(int node) {
    float below = 0;
    for (const int child : tree_.children(node)) below += measure(child) + (below > 0 ? kGap + spread_ : 0);
    return width_[static_cast<std::size_t>(node)] = std::max(width_of(f_, tree_, node, tall_), below);
  }
  float root_middle() const { return width_[0] / 2; }

  /// `x` is the left edge of what the node and all below it may take.
  void put(int node, int parent, float x, float y, TreeLayout& out) {
    const float own = width_of(f_, tree_, node, tall_), room = width_[static_cast<std::size_t>(node)];
    const auto place = static_cast<int>(out.items.size());
    const bool leaf = tree_.leaf(node);
    out.items.push_back({node, parent, {x + (room - own) / 2, y, own, leaf ? leaf_h_ : kHigh}, on_path_[static_cast<std::size_t>(node)]});
    float total = 0;
    for (const int child : tree_.children(node)) total += width_[static_cast<std::size_t>(child)] + (total > 0 ? kGap + spread_ : 0);
    float at = x + (room - total) / 2;
    for (const int child : tree_.children(node)) {
      put(child, place, at, y + pitch_, out);
      at += width_[static_cast<std::size_t>(child)] + kGap + spread_;
    }
  }

  const Frame& f_;
  const TreeView& tree_;
  Box box_;
  int levels_ = 1;
  float pitch_ = 0, leaf_h_ = kHigh, spread_ = 0;
  bool tall_ = false;
  std::vector<float> width_;
  std::vector<bool> on_path_;
};

/// The children of one node on the path that fit between the edges: the one on the path, then the largest.
std::vector<int> kept_children(const Frame& f, const TreeView& tree, int parent, int on_path, float room, float& total) {
  const std::span<const int> all = tree.children(parent);
  std::vector<int> by_size(all.begin(), all.end()), kept;
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](int a, int b) { return (a == on_path) != (b == on_path) ? a == on_path : tree.share(a) > tree.share(b); });
  total = 0;
  for (const int node : by_size) {
    const float w = width_of(f, tree, node, false);
    if (!kept.empty() && total + w + (kept.size() < all.size() - 1 ? kMore : 0) > room) break;
    kept.push_back(node);
    total += w + kGap;
  }
  std::sort(kept.begin(), kept.end());
  total += kept.size() < all.size() ? kMore : -kGap;
  return kept;
}

/// One row a question of the person's path.
TreeLayout along_path(const Frame& f, const TreeView& tree, int person, Box box, float beside) {
  TreeLayout out;
  const std::vector<int> path = tree.path(person);
  const int rows = static_cast<int>(path.size());
  const auto pitch_with = [&](float under) {
    return rows > 1 ? std::min(66.f, (box.h - kHigh - under) / static_cast<float>(rows - 1)) : 0;
  };
  // Under the last row there is room for what was cut, unless that would take the words off the branches.
  const bool room = tree.has_cuts() && pitch_with(kStub) >= kHigh + kWords + 2;
  const float pitch = pitch_with(room ? kStub : 4);
  const float w = width_of(f, tree, 0, false);
  out.gap = pitch - kHigh;
  out.below = box.h - kHigh - pitch * static_cast<float>(rows - 1);  // under the last row
  out.items.push_back({0, -1, {box.x + (box.w - beside) / 2 - w / 2, box.y, w, kHigh}, true});
  int parent = 0;
  for (int r = 1; r < rows; ++r) {
    const float y = box.y + pitch * static_cast<float>(r), middle = out.items[static_cast<std::size_t>(parent)].box.middle_x();
    const int on_path = path[static_cast<std::size_t>(r)];
    float total = 0;
    const std::vector<int> kept = kept_children(f, tree, path[static_cast<std::size_t>(r) - 1], on_path, box.w, total);
    float x = std::clamp(middle - total / 2, box.x, std::max(box.x, box.right() - total));
    int next = parent;
    for (const int node : kept) {
      const float its = width_of(f, tree, node, false);
      if (node == on_path) next = static_cast<int>(out.items.size());
      out.items.push_back({node, parent, {x, y, its, kHigh}, node == on_path});
      x += its + kGap;
    }
    if (const auto all = tree.children(path[static_cast<std::size_t>(r) - 1]).size(); all > kept.size())
      out.hidden.push_back({x - 2, y + kHigh / 2 + 5, static_cast<int>(all - kept.size())});
    parent = next;
  }
  return out;
}

}  // namespace

std::string label_of(const TreeView& tree, int node) {
  return tree.leaf(node) ? percent(tree.tells(node)) + " " + tree.tells_name(node) : tree.question(node);
}

TreeLayout TreeLayout::of(const Frame& f, const TreeView& tree, int person, Box box, float beside) {
  Whole whole(f, tree, box);
  return whole.fits(beside) ? whole.place(person) : along_path(f, tree, person, box, beside);
}

}  // namespace mid::ui
