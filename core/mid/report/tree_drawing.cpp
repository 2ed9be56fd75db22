#include "mid/report/tree_drawing.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/language.hpp"

namespace mid {
namespace {

constexpr double kTreeMargin = 24, kTreeHead = 64, kText = 14, kPitch = 56, kQuestion = 30, kLeaf = 46, kLeafWidth = 190, kTreeGap = 28;

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + "\u00a0%"; }

/// What is drawn of a node, and where.
struct Node {
  const TreeSheetNode* sheet = nullptr;
  std::vector<int> children;
  int depth = 0;
  double y = 0;  ///< its middle
  bool leaf() const { return children.empty(); }
};

class TreeDrawing {
 public:
  TreeDrawing(const TreeSheet& sheet, const TreeWords& words) : sheet_(said(sheet, words)), words_(words) {
    for (const TreeSheetNode& n : sheet_.nodes) {
      Node node;
      node.sheet = &n;
      if (const int parent = n.parent; parent >= 0) {
        node.depth = nodes_[static_cast<std::size_t>(parent)].depth + 1;
        nodes_[static_cast<std::size_t>(parent)].children.push_back(static_cast<int>(nodes_.size()));
      }
      nodes_.push_back(std::move(node));
    }
    measure();
    double y = kTreeHead + kPitch / 2;
    place(0, y);
    drawing_.height = static_cast<int>(std::ceil(y - kPitch / 2 + kTreeMargin));
    drawing_.width =
        static_cast<int>(std::ceil(std::max(520., left_.back() + kLeafWidth + (cut_ ? cut_width_ + kTreeGap : 0) + kTreeMargin)));
  }

  Drawing draw() {
    drawing_.title = filled(words_.sentence("tree.drawing"), {{"secret", sheet_.secret}});
    text(kTreeMargin, 30, drawing_.title, 16, Weight::semibold, token::kInk);
    const std::string everyone =
        sheet_.values.size() > 2 ? words_.sentence("tree.everyone.each") : filled(words_.sentence("tree.everyone"), {{"value", about(0)}});
    text(kTreeMargin, 50,
         filled(words_.sentence("tree.drawing.marks"), {{"everyone", everyone}}) + (cut_ ? "; " + words_.sentence("tree.drawing.cut") : ""),
         kText, Weight::regular, token::kInk2);
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      for (const int child : nodes_[i].children) edge(nodes_[i], nodes_[static_cast<std::size_t>(child)]);
    for (const Node& node : nodes_) node.leaf() ? leaf(node) : question(node);
    return std::move(drawing_);
  }

 private:
  /// The same tree in the words of a reader.
  static TreeSheet said(TreeSheet sheet, const TreeWords& words) {
    if (!words.text) return sheet;
    const std::string to = words.sentence("tree.to");
    for (std::size_t i = sheet.nodes.size(); i-- > 0;) {  // a branch is read by its question's own name
      TreeSheetNode& n = sheet.nodes[i];
      n.branch = words.value(short_branch(n.branch, n.parent < 0 ? "" : sheet.nodes[static_cast<std::size_t>(n.parent)].question, to));
      if (!n.question.empty()) n.question = words.column(n.question);
      n.answer = words.value(n.answer), n.tells_name = words.value(n.tells_name);
      if (n.cut) n.cut->question = words.column(n.cut->question);
    }
    sheet.secret = words.column(sheet.secret);
    return sheet;
  }
  double question_width(const Node& n) const { return rough_text_width(asked(n.sheet->question), kText) + 28; }
  double x(const Node& n) const { return left_[static_cast<std::size_t>(n.depth)]; }
  std::string about(int node) const {
    const TreeSheetNode& n = *nodes_[static_cast<std::size_t>(node)].sheet;
    return percent(n.tells) + " " + n.tells_name;
  }

  /// Each level's left edge: as wide as its widest question and the words on the branches behind it.
  void measure() {
    std::vector<double> width, words;
    for (const Node& n : nodes_) {
      const auto level = static_cast<std::size_t>(n.depth);
      if (width.size() <= level) width.resize(level + 1), words.resize(level + 1);
      if (!n.leaf()) width[level] = std::max(width[level], question_width(n));
      if (n.depth > 0) words[level] = std::max(words[level], rough_text_width(n.sheet->branch, kText));
      if (const auto& cut = n.sheet->cut) {
        cut_ = true;
        cut_width_ = std::max(cut_width_, rough_text_width(cut_words(*cut), kText) + 28);
      }
    }
    left_.push_back(kTreeMargin);
    for (std::size_t level = 1; level < width.size(); ++level)
      left_.push_back(left_.back() + width[level - 1] + words[level] + 2 * kTreeGap);
  }

  /// Leaves one under the other, each question beside the middle of its own.
  void place(int node, double& y) {
    Node& n = nodes_[static_cast<std::size_t>(node)];
    if (n.leaf()) {
      n.y = y;
      y += kPitch;
      return;
    }
    for (const int child : n.children) place(child, y);
    n.y = (nodes_[static_cast<std::size_t>(n.children.front())].y + nodes_[static_cast<std::size_t>(n.children.back())].y) / 2;
  }

  void edge(const Node& from, const Node& to) {
    const double start = x(from) + question_width(from),
                 turn = left_[static_cast<std::size_t>(to.depth) - 1] + widest(to.depth - 1) + kTreeGap / 2, end = x(to);
    line({{start, from.y}, {turn, from.y}, {turn, to.y}, {end, to.y}}, token::kEdge, std::max(1., 6 * to.sheet->share), false);
    text(turn + 8, to.y - 5, to.sheet->branch, kText, Weight::regular, token::kInk2);
  }
  double widest(int level) const {
    double w = 0;
    for (const Node& n : nodes_)
      if (n.depth == level && !n.leaf()) w = std::max(w, question_width(n));
    return w;
  }

  void question(const Node& n) {
    const bool asks = n.sheet->asks;
    const double w = question_width(n);
    box(x(n), n.y - kQuestion / 2, w, kQuestion, asks ? token::kAttack : token::kPage, kQuestion / 2);
    if (!asks) box(x(n), n.y - kQuestion / 2, w, kQuestion, token::kEdge, kQuestion / 2, true);
    text(x(n) + w / 2, n.y + 5, asked(n.sheet->question), kText, Weight::medium, asks ? token::kSurface : token::kInk, Align::centre);
  }

  void leaf(const Node& n) {
    const bool away = n.sheet->gives_away;
    const Colour colour = away ? token::kAttack : token::kInk2;
    const double left = x(n), top = n.y - kLeaf / 2;
    box(left, top, kLeafWidth, kLeaf, away ? token::kAttackSoft : token::kSurface, 8);
    box(left, top, kLeafWidth, kLeaf, away ? token::kAttack : token::kEdge, 8, true);
    text(left + 10, top + 18, n.sheet->answer, kText, Weight::medium, token::kModel);
    text(left + kLeafWidth - 10, top + 18, percent(n.sheet->tells) + " " + n.sheet->tells_name, kText, Weight::medium, colour,
         Align::right);
    const double bar = kLeafWidth - 20;
    box(left + 10, top + 29, bar, 6, token::kTrack, 3);
    if (const double share = n.sheet->tells; share > 0) box(left + 10, top + 29, std::max(6., bar * share), 6, colour, 3);
    box(left + 9 + bar * n.sheet->everyone, top + 26, 2, 12, token::kInk);
    if (!n.sheet->cut) return;
    const TreeCut& cut = *n.sheet->cut;
    const double from = left + kLeafWidth, at = from + kTreeGap, w = rough_text_width(cut_words(cut), kText) + 28;
    const Colour dashes = cut.asks ? token::kAttack : token::kInk3;
    line({{from, n.y}, {at, n.y}}, dashes, 1.5, true);
    line({{at, n.y - 15}, {at + w, n.y - 15}, {at + w, n.y + 15}, {at, n.y + 15}, {at, n.y - 15}}, dashes, 1.5, true);
    text(at + w / 2, n.y + 5, cut_words(cut), kText, Weight::regular, dashes, Align::centre);
  }
  std::string asked(const std::string& column) const { return filled(words_.sentence("tree.question"), {{"column", column}}); }
  std::string cut_words(const TreeCut& cut) const {
    return asked(cut.question) + "  " + filled(words_.sentence("tree.cut.leaves"), {{"n", std::to_string(cut.leaves)}});
  }

  void box(double left, double top, double w, double h, Colour c, double radius = 0, bool outline = false) {
    drawing_.shapes.emplace_back(Drawing::Box{left, top, w, h, c, outline, radius});
  }
  void line(std::vector<std::pair<double, double>> points, Colour c, double width, bool dashed) {
    drawing_.shapes.emplace_back(Drawing::Line{std::move(points), c, width, dashed, 1});
  }
  void text(double left, double baseline, std::string words, double size, Weight weight, Colour c, Align align = Align::left) {
    drawing_.shapes.emplace_back(Drawing::Text{left, baseline, std::move(words), size, weight, c, align});
  }

  const TreeSheet sheet_;
  const TreeWords& words_;
  std::vector<Node> nodes_;
  std::vector<double> left_;
  bool cut_ = false;
  double cut_width_ = 0;
  Drawing drawing_;
};

}  // namespace

std::string TreeWords::column(const std::string& name) const {
  for (const char* kind : {"data_question.", "data_column."})
    if (const auto found = text ? text(kind + data + "." + name) : std::nullopt) return std::string(*found);
  return name;
}

std::string TreeWords::value(const std::string& name) const {
  return std::string((text ? text("data_value." + name) : std::nullopt).value_or(name));
}

std::string TreeWords::sentence(std::string_view key) const {
  return std::string((text ? text(key) : std::nullopt).value_or(text_of(key, "en")));
}

std::string short_branch(std::string branch, const std::string& column, std::string_view to) {
  if (!column.empty() && branch.starts_with(column)) {
    branch.erase(0, column.size());
    for (const std::string sign : {" = ", " "})
      if (branch.starts_with(sign)) {
        branch.erase(0, sign.size());
        break;
      }
  } else if (const auto between = branch.find(" < " + column + " <= "); !column.empty() && between != std::string::npos) {
    branch.replace(between, column.size() + 7, " " + std::string(to) + " ");
  }
  if (branch.starts_with("<= ")) branch.replace(0, 2, "≤");
  return branch;
}

Drawing arrange_tree(const TreeSheet& sheet, const TreeWords& words) { return TreeDrawing(sheet, words).draw(); }

}  // namespace mid
