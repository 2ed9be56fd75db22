#include "ui/tree_layout.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "ui/figures.hpp"

namespace mid::ui {
namespace {

constexpr float kCard = 38, kLine = 24, kPill = 30;  // heights: of a leaf, of what stands for several, of a question
constexpr float kGap = 5, kMostGap = 14;             // between two of them
constexpr float kIn = 7, kTurn = 8, kOut = 6;        // from a question to where lines turn, to the words, to what follows
constexpr float kFrame = 10, kBetween = 10;          // inside a card: at its edges, between its columns

/// Which nodes stand there. Whatever is added must fit.
class Chosen {
 public:
  Chosen(const Frame& f, const TreeView& tree, const TreePeople& people, Box box, int cut)
      : f_(f), tree_(tree), people_(people), box_(box), cut_(cut), high_(f.layout.present ? 1.25f : 1.f) {}

  int root = 0;

  /// Takes it back where there is no room.
  template <class F>
  bool attempt(F&& change) {
    const std::set<int> kept = kept_, open = open_;
    if (change() && fits()) return true;
    kept_ = kept, open_ = open;
    return false;
  }
  /// A node and all questions on the way to it.
  bool keep(int node) {
    for (; node != root; node = tree_.parent(node)) {
      if (node < 0 || f_.view.branches.closed.contains(tree_.parent(node))) return false;
      kept_.insert(node), open_.insert(tree_.parent(node));
    }
    return true;
  }
  bool shows(int node) const { return node == root || kept_.contains(node); }
  const std::set<int>& open() const { return open_; }
  /// The children of a question, those of most people first.
  std::vector<int> by_size(int node) const {
    const auto all = tree_.children(node);
    std::vector<int> out(all.begin(), all.end());
    std::ranges::stable_sort(out, [&](int a, int b) { return tree_.share(a) > tree_.share(b); });
    return out;
  }

  bool fits() {
    widths_.clear(), words_.clear(), answer_ = share_ = 0;
    measure(root, 0);
    return height(root) + for_cut() <= box_.h + .5f && card_x() + narrow() <= box_.right() + .5f;
  }

  TreeLayout place(const std::vector<int>& path) {
    TreeLayout out;
    fits();
    const float card = std::min(box_.right() - card_x(), 330.f);
    out.answer = answer_, out.share = share_;
    out.roomy = card >= roomy(), out.spoken = card >= roomy() + spoken();
    card_ = {box_.right() - card, card};
    path_ = path;
    const float used = height(root) + for_cut(), over = std::max(0.f, box_.h - used);
    int rows = cut_ > 0 ? 1 : 0;
    count_rows(root, rows);
    gap_ = kGap + (rows > 1 ? std::min(over / static_cast<float>(rows - 1), kMostGap - kGap) : 0.f);
    float y = box_.y + std::max(0.f, over - (gap_ - kGap) * static_cast<float>(rows - 1)) / 2;
    put(root, -1, 0, y, out);
    if (cut_ > 0 && used <= box_.h + .5f) out.cut = {card_.first, y, card_.second, kLine * high_}, out.cut_leaves = cut_;
    for (int node = root; tree_.parent(node) >= 0; node = tree_.parent(node)) ++out.before;
    return out;
  }

 private:
  struct Widths {
    float word = 0, question = 0, answer = 0, share = 0;
  };
  /// Measured once: many choices are tried in a frame.
  const Widths& of(int node) {
    const auto [known, fresh] = measured_.try_emplace(node);
    if (!fresh) return known->second;
    const Paint& p = f_.paint;
    const bool leaf = tree_.leaf(node);
    return known->second = {p.width(kNoteStrong, tree_.branch(node)), leaf ? 0 : p.width(kNoteMedium, tree_.question(node)) + 38,
                            p.width(kNoteMedium, leaf ? tree_.answer(node) : leaves_words(people_.leaves[at(node)])),
                            std::max(p.width(kNoteMedium, share_words(tree_, node)), p.width(kNote, people_words(people_.all[at(node)])))};
  }
  int hidden(int node) const {
    int n = 0;
    for (const int child : tree_.children(node)) n += !kept_.contains(child);
    return n;
  }
  /// The widths of the levels, of the words between them, and of what stands in the cards.
  void measure(int node, std::size_t level) {
    const Widths& w = of(node);
    if (!open_.contains(node)) return void((answer_ = std::max({answer_, w.answer, 54.f}), share_ = std::max(share_, w.share)));
    if (widths_.size() <= level) widths_.resize(level + 1), words_.resize(level + 1);
    widths_[level] = std::max(widths_[level], w.question);
    if (level == 0 && tree_.parent(node) >= 0) widths_[0] = std::max(widths_[0], f_.paint.width(kNote, before_words(99)) + 30);
    for (const int child : tree_.children(node))
      if (kept_.contains(child)) words_[level] = std::max(words_[level], of(child).word), measure(child, level + 1);
  }
  static std::size_t at(int node) { return static_cast<std::size_t>(node); }
  float level_x(std::size_t level) const {
    float x = box_.x;
    for (std::size_t l = 0; l < level; ++l) x += widths_[l] + kIn + kTurn + words_[l] + kOut;
    return x;
  }
  float card_x() const { return level_x(widths_.size()); }
  float narrow() const { return 2 * kFrame + std::max(answer_ + kBetween + 30, 30 + kBetween + share_); }
  float roomy() const { return 2 * kFrame + answer_ + share_ + 2 * kBetween + 46; }
  float spoken() const { return f_.paint.width(kNote, words("tree.given")) - 40; }
  float height(int node) const {
    if (!open_.contains(node)) return kCard * high_;
    float h = hidden(node) > 0 ? kLine * high_ : -kGap;
    for (const int child : tree_.children(node))
      if (kept_.contains(child)) h += height(child) + kGap;
    return h;
  }
  float for_cut() const { return cut_ > 0 ? kLine * high_ + kGap : 0; }
  void count_rows(int node, int& rows) const {
    if (!open_.contains(node)) return void(++rows);
    rows += hidden(node) > 0;
    for (const int child : tree_.children(node))
      if (kept_.contains(child)) count_rows(child, rows);
  }
  /// `y` is where the next card stands. Returns the node's middle.
  float put(int node, int parent, std::size_t level, float& y, TreeLayout& out) {
    using What = TreeLayout::What;
    const std::size_t place = out.items.size();
    TreeLayout::Item item;
    item.node = node, item.parent = parent, item.on_path = std::ranges::find(path_, node) != path_.end();
    item.leaves = people_.leaves[at(node)], item.people = people_.all[at(node)];
    if (level > 0) item.turn = level_x(level - 1) + widths_[level - 1] + kIn;
    if (!open_.contains(node)) {
      item.what = tree_.leaf(node) ? What::leaf : What::closed;
      item.box = {card_.first, y, card_.second, kCard * high_};
      y += kCard * high_ + gap_;
      out.items.push_back(item);
      return item.box.middle_y();
    }
    item.what = What::question;
    out.items.push_back(item);
    float first = -1, last = 0;
    TreeLayout::Item rest;
    rest.what = What::rest, rest.node = node, rest.parent = static_cast<int>(place);
    rest.turn = level_x(level) + widths_[level] + kIn;
    for (const int child : tree_.children(node)) {
      if (!kept_.contains(child)) {
        ++rest.count, rest.leaves += people_.leaves[at(child)], rest.people += people_.all[at(child)];
        continue;
      }
      last = put(child, static_cast<int>(place), level + 1, y, out);
      if (first < 0) first = last;
    }
    if (rest.count > 0) {
      rest.box = {card_.first, y, card_.second, kLine * high_};
      y += kLine * high_ + gap_, last = rest.box.middle_y();
      out.items.push_back(rest);
    }
    const float middle = (first + last) / 2;
    out.items[place].box = {level_x(level), middle - kPill * high_ / 2, of(node).question, kPill * high_};
    return middle;
  }

  const Frame& f_;
  const TreeView& tree_;
  const TreePeople& people_;
  Box box_;
  int cut_;     // leaves that the defence cut
  float high_;  // letters of a presentation are larger
  std::set<int> kept_, open_;
  std::vector<float> widths_, words_;  // of each level of open questions
  float answer_ = 0, share_ = 0, gap_ = kGap;
  std::pair<float, float> card_;  // left edge and width
  std::vector<int> path_;
  std::map<int, Widths> measured_;
};

}  // namespace

std::string before_words(int n) { return words("tree.before", {{"n", count(n)}}); }
std::string leaves_words(int n) { return words(n == 1 ? "tree.leaves.one" : "tree.leaves", {{"n", count(n)}}); }
std::string people_words(int n) { return words(n == 1 ? "tree.people.one" : "tree.people", {{"n", count(n)}}); }
std::string share_words(const TreeView& tree, int node) { return percent(tree.tells(node)) + " " + tree.tells_name(node); }

std::vector<int> telling_leaves(const TreeView& tree, const TreePeople& people) {
  constexpr std::size_t kMost = 4;
  std::vector<int> out;
  for (int node = 0; node < tree.size(); ++node)
    if (tree.leaf(node) && people.gained[static_cast<std::size_t>(node)] > 0) out.push_back(node);
  std::ranges::stable_sort(
      out, [&](int a, int b) { return people.gained[static_cast<std::size_t>(a)] > people.gained[static_cast<std::size_t>(b)]; });
  if (out.size() > kMost) out.resize(kMost);
  return out;
}

std::string fates_in_words(const TreePeople& people) {
  std::string out = words("tree.attacked", {{"n", count(people.all[0])}}) + ": ";
  for (int k = 0; k < 3; ++k) out += (k > 0 ? ", " : "") + words(kFateWords[k], {{"n", count(people.fates[k])}});
  return out;
}

TreePeople::TreePeople(const TreeView& tree, const BeliefSheet& b) {
  const auto n = static_cast<std::size_t>(tree.size());
  all.assign(n, 0), gained.assign(n, 0), leaves.assign(n, 0);
  for (int row = 0; row < b.rows(); ++row) {
    const Fate fate = fate_of(b, row);
    ++fates[static_cast<int>(fate)];
    const auto end = static_cast<std::size_t>(tree.end_of(row));
    ++all[end], gained[end] += fate == Fate::gained;
  }
  for (int node = tree.size() - 1; node >= 0; --node) {
    const auto here = static_cast<std::size_t>(node);
    if (tree.leaf(node)) leaves[here] = 1;
    if (tree.parent(node) < 0) continue;
    const auto up = static_cast<std::size_t>(tree.parent(node));
    all[up] += all[here], gained[up] += gained[here], leaves[up] += leaves[here];
  }
}

TreeLayout TreeLayout::of(const Frame& f, const TreeView& tree, const TreePeople& people, int person, Box box) {
  const View::Branches& asked = f.view.branches;
  const std::vector<int> path = tree.path(person);
  // What must be seen: the question that was opened last, else where the person ends; as far as nothing on the way was closed.
  std::vector<int> way = path;
  const bool opened = asked.focus >= 0 && asked.focus < tree.size() && !tree.leaf(asked.focus);
  if (opened) {
    way.clear();
    for (int node = tree.by_share(asked.focus); node >= 0; node = tree.parent(node)) way.insert(way.begin(), node);
  }
  for (std::size_t i = 0; i + 1 < way.size(); ++i)
    if (asked.closed.contains(way[i])) way.resize(i + 1);
  int cut = 0;
  if (tree.has_cuts())
    for (int node = 0; node < tree.size(); ++node)
      if (const auto& c = tree.cut(node)) cut += c->leaves;
  Chosen chosen(f, tree, people, box, cut);
  for (std::size_t i = 0; i < way.size(); ++i) {
    chosen.root = way[i];
    if (chosen.attempt([&] { return chosen.keep(way.back()); })) break;
  }
  const auto add = [&](int node) { return chosen.attempt([&] { return chosen.keep(node); }); };
  for (std::size_t i = path.size(); i-- > 0;)  // as much of the person's way as there is room for
    if (add(path[i])) break;
  for (const auto& [node, skipped] : asked.turned) {
    if (!chosen.open().contains(node)) continue;
    std::vector<int> children = chosen.by_size(node);
    std::ranges::rotate(children, children.begin() + skipped % std::ssize(children));
    for (const int child : children)
      if (!chosen.shows(child) && !add(child)) break;
  }
  for (const int node : asked.opened)
    if (!tree.leaf(node)) add(tree.by_share(node));
  if (!opened && asked.turned.empty())
    for (const int leaf : telling_leaves(tree, people)) add(leaf);
  // Then what most people meet.
  for (bool more = true; more;) {
    more = false;
    int best = -1;
    for (const int node : std::set<int>(chosen.open()))
      for (const int child : tree.children(node))
        if (!chosen.shows(child) && (best < 0 || tree.share(child) > tree.share(best))) best = child;
    if (best >= 0) more = add(best);
  }
  return chosen.place(path);
}

}  // namespace mid::ui
