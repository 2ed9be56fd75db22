#include "mid/model/tree/tree_growth.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace mid {

TreeGrowth::TreeGrowth(const TreeData& data, const TreeSpec& spec, const TreePenalty& penalty, Tree& tree)
    : spec_(spec),
      tree_(tree),
      classes_(static_cast<int>(data.classes.size())),
      label_(data.label),
      search_(spec, penalty, tree, static_cast<int>(data.label.size())),
      used_(data.columns.size()) {
  const int rows = static_cast<int>(data.label.size());
  coded.columns = static_cast<int>(data.columns.size());
  coded.code.resize(static_cast<std::size_t>(rows) * data.columns.size());
  order_.resize(static_cast<std::size_t>(rows));
  std::iota(order_.begin(), order_.end(), 0);
  scratch_ = order_;
  VectorXd counts = VectorXd::Zero(classes_);
  for (int y : label_) ++counts[y];
  add_node(-1, 0, rows, counts);
}

void TreeGrowth::lay_out_histograms() {
  offset_.clear();
  for (int c = 0, at = 0; c < coded.columns; ++c) {
    offset_.push_back(at);
    at += tree_.codes(c) * classes_;
    histogram_size = static_cast<std::size_t>(at);
  }
}

bool TreeGrowth::may_split(int node) const {
  const TreeNode& t = at(node);
  return t.depth < spec_.max_depth && open[static_cast<std::size_t>(node)].rows() >= 2 * spec_.min_leaf &&
         (t.counts.array() > 0).count() > 1;
}

void TreeGrowth::count(Histogram& h, int begin, int end, int by) const {
  for (int i = begin; i < end; ++i) {
    const int row = order_[static_cast<std::size_t>(i)], y = label_[row];
    const std::uint8_t* code = coded.row(row);
    for (std::size_t c = 0; c < offset_.size(); ++c) h[static_cast<std::size_t>(offset_[c] + code[c] * classes_ + y)] += by;
  }
}

void TreeGrowth::begin_search(int node) {
  std::fill(used_.begin(), used_.end(), false);
  for (int up = at(node).parent; up >= 0; up = at(up).parent) used_[static_cast<std::size_t>(at(up).column)] = true;
}

void TreeGrowth::try_column(int node, int column, SplitCandidate& best) const {
  const auto c = static_cast<std::size_t>(column);
  search_.try_column(column, at(node).depth, used_[c], open[static_cast<std::size_t>(node)].histogram.data() + offset_[c], best);
}

int TreeGrowth::split(int node, const SplitCandidate& chosen) {
  const int first = static_cast<int>(tree_.nodes.size());
  const OpenNode here{open[static_cast<std::size_t>(node)].begin, open[static_cast<std::size_t>(node)].end, {}};
  const int codes = tree_.codes(chosen.column), branches = chosen.cut < 0 ? codes : 3;
  std::vector<int> branch(static_cast<std::size_t>(codes));
  for (int code = 0; code < codes; ++code)
    branch[static_cast<std::size_t>(code)] = chosen.cut < 0 ? code : code == codes - 1 ? 2 : code > chosen.cut;

  MatrixD counts = MatrixD::Zero(branches, classes_);
  const int* h = open[static_cast<std::size_t>(node)].histogram.data() + offset_[static_cast<std::size_t>(chosen.column)];
  for (int code = 0; code < codes; ++code)
    for (int y = 0; y < classes_; ++y) counts(branch[static_cast<std::size_t>(code)], y) += h[code * classes_ + y];

  std::vector<int> child(static_cast<std::size_t>(branches), -1), next(child);
  for (int b = 0, begin = here.begin; b < branches; ++b) {
    const int rows = static_cast<int>(counts.row(b).sum());
    next[static_cast<std::size_t>(b)] = begin;
    if (rows > 0) child[static_cast<std::size_t>(b)] = add_node(node, begin, begin + rows, counts.row(b));
    begin += rows;
  }
  // In the rows' own order, which keeps reading them close to sequential.
  for (int i = here.begin; i < here.end; ++i) {
    const int row = order_[static_cast<std::size_t>(i)];
    scratch_[static_cast<std::size_t>(next[static_cast<std::size_t>(branch[coded.row(row)[chosen.column]])]++)] = row;
  }
  std::copy(scratch_.begin() + here.begin, scratch_.begin() + here.end, order_.begin() + here.begin);

  TreeNode& t = tree_.nodes[static_cast<std::size_t>(node)];
  t.split = chosen.cut < 0 ? TreeNode::Split::multiway : TreeNode::Split::cut;
  t.column = chosen.column;
  t.cut = chosen.cut;
  t.child = std::move(child);
  return first;
}

void TreeGrowth::pack(Packer& out) const {
  out.add(order_), out.add(static_cast<std::uint64_t>(settled_));
  for (std::size_t i = 0; i < settled_; ++i) {
    const TreeNode& t = tree_.nodes[i];
    const bool begun = !t.is_leaf() && static_cast<std::size_t>(*std::max_element(t.child.begin(), t.child.end())) >= settled_;
    out.add(static_cast<int>(begun ? TreeNode::Split::leaf : t.split)), out.add(begun ? -1 : t.column), out.add(begun ? -1 : t.cut);
    out.add(begun ? std::vector<int>() : t.child), out.add(t.counts), out.add(t.parent), out.add(t.depth);
    out.add(open[i].begin), out.add(open[i].end);
  }
}

void TreeGrowth::unpack(Unpacker& in) {
  const int rows = static_cast<int>(order_.size());
  in.get(order_);
  std::vector<bool> seen(static_cast<std::size_t>(rows));
  Unpacker::expect(order_.size() == seen.size());
  for (const int row : order_) {
    Unpacker::expect(row >= 0 && row < rows && !seen[static_cast<std::size_t>(row)]);
    seen[static_cast<std::size_t>(row)] = true;
  }
  constexpr std::size_t kLeastBytes = 48;  // of a node
  const int count = static_cast<int>(std::min<std::size_t>(in.count(kLeastBytes), std::numeric_limits<int>::max()));
  Unpacker::expect(count > 0);
  tree_.nodes.clear(), open.clear();
  for (int node = 0; node < count; ++node) unpack_node(in, node, count);
  settle();
}

/// Appends node number `node` of `count`; throws Damaged unless it fits those before it.
void TreeGrowth::unpack_node(Unpacker& in, int node, int count) {
  const int rows = static_cast<int>(order_.size());
  TreeNode t;
  OpenNode its;
  int split = 0;
  in.get_index(split, 0, 3);
  t.split = static_cast<TreeNode::Split>(split);
  in.get_index(t.column, -1, coded.columns), in.get_index(t.cut, -1, 256);
  in.get(t.child), in.get(t.counts), in.get_index(t.parent, -1, node), in.get(t.depth);
  in.get_index(its.begin, 0, rows + 1), in.get_index(its.end, its.begin, rows + 1);
  Unpacker::expect(t.counts.size() == classes_ && (t.parent < 0) == (node == 0) && t.depth == (node == 0 ? 0 : at(t.parent).depth + 1));
  Unpacker::expect(t.is_leaf() || t.column >= 0);
  const int branches = t.is_leaf() ? 0 : t.split == TreeNode::Split::cut ? 3 : tree_.codes(t.column);
  Unpacker::expect(t.child.size() == static_cast<std::size_t>(branches) && (t.split == TreeNode::Split::cut) == (t.cut >= 0));
  if (t.split == TreeNode::Split::cut)
    Unpacker::expect(tree_.columns[static_cast<std::size_t>(t.column)].numeric &&
                     static_cast<std::size_t>(t.cut) < tree_.cuts[static_cast<std::size_t>(t.column)].size());
  for (const int child : t.child) Unpacker::expect(child == -1 || (child > node && child < count));
  tree_.nodes.push_back(std::move(t)), open.push_back(std::move(its));
}

int TreeGrowth::add_node(int parent, int begin, int end, VectorXd counts) {
  TreeNode t;
  t.counts = std::move(counts);
  t.parent = parent;
  t.depth = parent < 0 ? 0 : at(parent).depth + 1;
  tree_.nodes.push_back(std::move(t));
  open.push_back({begin, end, {}});
  return static_cast<int>(tree_.nodes.size()) - 1;
}

}  // namespace mid
