#include "mid/model/tree/tree_grow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "mid/base/error.hpp"
#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/tree/tree_codes.hpp"

namespace mid {

std::vector<Param> TreeSpec::params() {
  using S = TreeSpec;
  const std::string source = "method.md section 3, \"Tree, pinned\"";
  return {
      param(&S::max_depth, "max_depth", 0, 30, "levels", "model.tree.max_depth", source),
      param(&S::min_leaf, "min_leaf", 1, 1'000'000, "rows", "model.tree.min_leaf", source),
      choice(&S::numeric, "numeric", {"bins", "cuts"}, "model.tree.numeric", source),
      choice(&S::criterion, "criterion", {"entropy", "gini"}, "model.tree.criterion", source),
      model_file<S>(),
      brought_inputs_param(),
  };
}

namespace {

constexpr double kTie = 1e-12;
constexpr std::size_t kEntriesOfTick = 1u << 19;  // of histograms: about 1 ms
constexpr double kOperationsOfEntry = 5;
constexpr int kColumnsAtOnce = 4;  // half a cache line of the table's rows

using Histogram = std::vector<int>;  // rows by column, code, class

/// n log2 n, from a table as far as it goes.
class LogTable {
 public:
  explicit LogTable(int most) : table_(static_cast<std::size_t>(std::min(most, 1 << 17)) + 1) {
    for (std::size_t n = 2; n < table_.size(); ++n) table_[n] = exact(static_cast<double>(n));
  }
  double operator()(int n) const { return static_cast<std::size_t>(n) < table_.size() ? table_[static_cast<std::size_t>(n)] : exact(n); }

 private:
  static double exact(double n) { return n * std::log2(n); }
  std::vector<double> table_;
};

struct Candidate {
  int column = -1, cut = -1;
  double score = kTie;  // a split must be better than this
};

/// What growing needs to know of a node that may still be split.
struct Open {
  int begin = 0, end = 0;  // its rows in Growth::order
  Histogram histogram;     // empty: not counted yet
  int rows() const { return end - begin; }
};

class Growth {
 public:
  Growth(const TreeData& data, const TreeSpec& spec, const TreePenalty& penalty, Tree& tree)
      : spec_(spec),
        penalty_(penalty),
        tree_(tree),
        classes_(static_cast<int>(data.classes.size())),
        label_(data.label),
        log_(static_cast<int>(data.label.size())),
        cuts_(spec.numeric == "cuts"),
        gini_(spec.criterion == "gini"),
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

  /// Call when all columns are coded.
  void lay_out_histograms() {
    offset_.clear();
    for (int c = 0, at = 0; c < coded.columns; ++c) {
      offset_.push_back(at);
      at += tree_.codes(c) * classes_;
      histogram_size = static_cast<std::size_t>(at);
    }
  }

  bool may_split(int node) const {
    const TreeNode& t = at(node);
    return t.depth < spec_.max_depth && open[static_cast<std::size_t>(node)].rows() >= 2 * spec_.min_leaf &&
           (t.counts.array() > 0).count() > 1;
  }

  /// Adds the rows order[begin, end) to a histogram, `by` times each.
  void count(Histogram& h, int begin, int end, int by) const {
    for (int i = begin; i < end; ++i) {
      const int row = order_[static_cast<std::size_t>(i)], y = label_[row];
      const std::uint8_t* code = coded.row(row);
      for (std::size_t c = 0; c < offset_.size(); ++c) h[static_cast<std::size_t>(offset_[c] + code[c] * classes_ + y)] += by;
    }
  }

  /// Call before try_column() of a node.
  void begin_search(int node) { mark_used(node); }
  /// `best` becomes the best split of this column if that is better.
  void try_column(int node, int c, Candidate& best) {
    const bool secret = c == penalty_.secret;
    if (secret && penalty_.secret_depth && at(node).depth != *penalty_.secret_depth) return;
    const double lambda = secret || penalty_.on == TreePenalty::On::every_split ? penalty_.lambda : 0;
    const int* h = open[static_cast<std::size_t>(node)].histogram.data() + offset_[static_cast<std::size_t>(c)];
    if (cuts_ && tree_.columns[static_cast<std::size_t>(c)].numeric)
      try_cuts(c, h, lambda, best);
    else if (!used_[static_cast<std::size_t>(c)])
      try_multiway(c, h, lambda, best);
  }
  /// Entries of a histogram that belong to a column.
  std::size_t entries(int column) const { return static_cast<std::size_t>(tree_.codes(column)) * static_cast<std::size_t>(classes_); }

  /// Makes the children, each with its rows together; returns the first one's index (they come last in `nodes`).
  int split(int node, const Candidate& chosen) {
    const int first = static_cast<int>(tree_.nodes.size());
    const Open here{open[static_cast<std::size_t>(node)].begin, open[static_cast<std::size_t>(node)].end, {}};
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

  /// Call when all that a node asks for is done: a save point holds the tree as it was then.
  void settle() { settled_ = tree_.nodes.size(); }
  /// The tree without what has begun since settle(): splitting the rows of a node again leaves them in the same order.
  void pack(Packer& out) const {
    out.add(order_), out.add(static_cast<std::uint64_t>(settled_));
    for (std::size_t i = 0; i < settled_; ++i) {
      const TreeNode& t = tree_.nodes[i];
      const bool begun = !t.is_leaf() && static_cast<std::size_t>(*std::max_element(t.child.begin(), t.child.end())) >= settled_;
      out.add(static_cast<int>(begun ? TreeNode::Split::leaf : t.split)), out.add(begun ? -1 : t.column), out.add(begun ? -1 : t.cut);
      out.add(begun ? std::vector<int>() : t.child), out.add(t.counts), out.add(t.parent), out.add(t.depth);
      out.add(open[i].begin), out.add(open[i].end);
    }
  }
  void unpack(Unpacker& in) {
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
    for (int i = 0; i < count; ++i) {
      TreeNode t;
      Open its;
      int split = 0;
      in.get_index(split, 0, 3);
      t.split = static_cast<TreeNode::Split>(split);
      in.get_index(t.column, -1, coded.columns), in.get_index(t.cut, -1, 256);
      in.get(t.child), in.get(t.counts), in.get_index(t.parent, -1, i), in.get(t.depth);
      in.get_index(its.begin, 0, rows + 1), in.get_index(its.end, its.begin, rows + 1);
      Unpacker::expect(t.counts.size() == classes_ && (t.parent < 0) == (i == 0) && t.depth == (i == 0 ? 0 : at(t.parent).depth + 1));
      Unpacker::expect(t.is_leaf() || t.column >= 0);
      const int branches = t.is_leaf() ? 0 : t.split == TreeNode::Split::cut ? 3 : tree_.codes(t.column);
      Unpacker::expect(t.child.size() == static_cast<std::size_t>(branches) && (t.split == TreeNode::Split::cut) == (t.cut >= 0));
      if (t.split == TreeNode::Split::cut)
        Unpacker::expect(tree_.columns[static_cast<std::size_t>(t.column)].numeric &&
                         static_cast<std::size_t>(t.cut) < tree_.cuts[static_cast<std::size_t>(t.column)].size());
      for (const int child : t.child) Unpacker::expect(child == -1 || (child > i && child < count));
      tree_.nodes.push_back(std::move(t)), open.push_back(std::move(its));
    }
    settle();
  }
  /// Throws Damaged unless `node`, to which a save point has come, is one of its tree.
  void check_place(int node) const { Unpacker::expect(node <= static_cast<int>(tree_.nodes.size())); }

  CodedRows coded;
  std::vector<Open> open;  // beside tree.nodes
  std::size_t histogram_size = 0;

 private:
  const TreeNode& at(int node) const { return tree_.nodes[static_cast<std::size_t>(node)]; }

  int add_node(int parent, int begin, int end, VectorXd counts) {
    TreeNode t;
    t.counts = std::move(counts);
    t.parent = parent;
    t.depth = parent < 0 ? 0 : at(parent).depth + 1;
    tree_.nodes.push_back(std::move(t));
    open.push_back({begin, end, {}});
    return static_cast<int>(tree_.nodes.size()) - 1;
  }

  void mark_used(int node) {
    std::fill(used_.begin(), used_.end(), false);
    for (int up = at(node).parent; up >= 0; up = at(up).parent) used_[static_cast<std::size_t>(at(up).column)] = true;
  }

  /// n times the impurity of n rows with these class counts.
  double impurity(const int* counts, int n) const {
    double sum = 0;
    if (gini_) {
      for (int y = 0; y < classes_; ++y) sum += static_cast<double>(counts[y]) * counts[y];
      return n > 0 ? n - sum / n : 0;
    }
    for (int y = 0; y < classes_; ++y) sum += log_(counts[y]);
    return log_(n) - sum;
  }

  /// Collects the children of one candidate.
  struct Children {
    double impurity = 0, logs = 0;
    int count = 0, least = 0;
    void add(int rows, double its_impurity, double its_log) {
      least = count++ ? std::min(least, rows) : rows;
      impurity += its_impurity, logs += its_log;
    }
  };
  void add(Children& to, const int* counts) const {
    const int n = std::accumulate(counts, counts + classes_, 0);
    if (n > 0) to.add(n, impurity(counts, n), log_(n));
  }
  void compare(const Children& children, const int* total, int column, int cut, double lambda, Candidate& best) const {
    if (children.count < 2 || children.least < spec_.min_leaf) return;
    const int n = std::accumulate(total, total + classes_, 0);
    const double gain = impurity(total, n) - children.impurity, information = log_(n) - children.logs;
    const double score = (gain - lambda * information) / static_cast<double>(label_.size());
    if (score > best.score + (best.column < 0 ? 0 : kTie)) best = {column, cut, score};
  }

  std::vector<int> total_of(int column, const int* h) const {
    std::vector<int> total(static_cast<std::size_t>(classes_));
    for (int code = 0; code < tree_.codes(column); ++code)
      for (int y = 0; y < classes_; ++y) total[static_cast<std::size_t>(y)] += h[code * classes_ + y];
    return total;
  }

  void try_multiway(int column, const int* h, double lambda, Candidate& best) const {
    const std::vector<int> total = total_of(column, h);
    Children children;
    for (int code = 0; code < tree_.codes(column); ++code) {
      add(children, h + code * classes_);
      if (children.count > 0 && children.least < spec_.min_leaf) return;
    }
    compare(children, total.data(), column, -1, lambda, best);
  }

  void try_cuts(int column, const int* h, double lambda, Candidate& best) const {
    const std::vector<int> total = total_of(column, h);
    const int missing = tree_.codes(column) - 1;
    std::vector<int> below(static_cast<std::size_t>(classes_)), above = total;
    for (int y = 0; y < classes_; ++y) above[static_cast<std::size_t>(y)] -= h[missing * classes_ + y];
    for (int cut = 0; cut + 1 < missing; ++cut) {
      for (int y = 0; y < classes_; ++y) {
        const int moved = h[cut * classes_ + y];
        below[static_cast<std::size_t>(y)] += moved, above[static_cast<std::size_t>(y)] -= moved;
      }
      Children children;
      add(children, below.data());
      add(children, above.data());
      add(children, h + missing * classes_);
      compare(children, total.data(), column, cut, lambda, best);
    }
  }

  const TreeSpec& spec_;
  const TreePenalty& penalty_;
  Tree& tree_;
  int classes_;
  const VectorXi& label_;
  LogTable log_;
  bool cuts_, gini_;
  std::vector<bool> used_;            // columns asked on the way to the node at hand
  std::vector<int> order_, scratch_;  // rows, those of a node together
  std::vector<int> offset_;           // where each column's part of a histogram begins
  std::size_t settled_ = 0;           // nodes that a save point holds
};

/// What the loop over the nodes changes.
struct Turn {
  Growth& growth;
  static auto members(Turn& turn) { return std::tie(turn.growth); }
};

/// Work since the last tick, in histogram entries.
struct Pace {
  std::size_t work = 0;
  bool due(std::size_t more) {
    count_work(kOperationsOfEntry * static_cast<double>(more));
    work += more;
    if (work < kEntriesOfTick) return false;
    work = 0;
    return true;
  }
};

Task count_rows(Growth& growth, Pace& pace, Histogram& h, int begin, int end, int by) {
  const int columns = growth.coded.columns, block = std::max(1, static_cast<int>(kEntriesOfTick / 4) / std::max(1, columns));
  for (int at = begin; at < end; at += block) {
    const int stop = std::min(end, at + block);
    growth.count(h, at, stop, by);
    if (pace.due(static_cast<std::size_t>(stop - at) * static_cast<std::size_t>(columns))) co_await Tick{};
  }
}

/// Gives the node's histogram to its largest child, less what its other children hold, where that is cheaper than counting
/// the child's rows. A child's histogram is kept only if it is no larger than the child's own rows, so that all that are
/// kept never take more than the coded rows do (times the size of a counter).
Task hand_down(Growth& growth, Pace& pace, int node, int first) {
  const int last = static_cast<int>(growth.open.size());
  int heir = first;
  for (int child = first; child < last; ++child)
    if (growth.open[static_cast<std::size_t>(child)].rows() > growth.open[static_cast<std::size_t>(heir)].rows()) heir = child;
  const auto entries = [&](int rows) { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(growth.coded.columns); };
  const int all = growth.open[static_cast<std::size_t>(node)].rows(), most = growth.open[static_cast<std::size_t>(heir)].rows();
  if (!growth.may_split(heir) || entries(all - most) + growth.histogram_size > entries(most)) co_return;

  Histogram rest = std::move(growth.open[static_cast<std::size_t>(node)].histogram);
  for (int child = first; child < last; ++child) {
    if (child == heir) continue;
    Open& c = growth.open[static_cast<std::size_t>(child)];
    if (growth.may_split(child) && entries(c.rows()) >= growth.histogram_size) {
      c.histogram.assign(growth.histogram_size, 0);
      co_await count_rows(growth, pace, c.histogram, c.begin, c.end, 1);
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= c.histogram[i];
      if (pace.due(rest.size())) co_await Tick{};
    } else {
      co_await count_rows(growth, pace, rest, c.begin, c.end, -1);
    }
  }
  growth.open[static_cast<std::size_t>(heir)].histogram = std::move(rest);
}

void check_penalty(const TreePenalty& penalty) {
  if (penalty.secret < 0 && (penalty.on == TreePenalty::On::secret || penalty.secret_depth))
    throw Error("data.sensitive", Message("refusal.tree_secret"));
}

/// Which node of a tree begun earlier stands beside each node of the one that grows; -1: it has ended before.
class Twins {
 public:
  Twins(const Tree* begun, const Tree& out) : begun_(begun), out_(out), twin_{begun ? 0 : -1} {}
  /// The split that stands there already; null: none.
  const TreeNode* split_of(int node) const {
    const int same = twin_[static_cast<std::size_t>(node)];
    if (same < 0 || begun_->nodes[static_cast<std::size_t>(same)].is_leaf()) return nullptr;
    return &begun_->nodes[static_cast<std::size_t>(same)];
  }
  /// `node` has been split: its children get theirs.
  void follow(int node) {
    const TreeNode* stands = split_of(node);
    twin_.resize(out_.nodes.size(), -1);
    const std::vector<int>& children = out_.nodes[static_cast<std::size_t>(node)].child;
    Unpacker::expect(!stands || stands->child.size() == children.size());  // false in a save point that was damaged alone
    for (std::size_t b = 0; stands && b < children.size(); ++b)
      if (children[b] >= 0) twin_[static_cast<std::size_t>(children[b])] = stands->child[b];
  }

 private:
  const Tree* begun_;
  const Tree& out_;
  std::vector<int> twin_;
};

/// Grows on from `begun`, whose splits stay as they are; null: from the root alone.
Task grow(Context& context, std::string name, TreeData data, TreeSpec spec, TreePenalty penalty, const Tree* begun, Tree& out) {
  check_tree_data(data);
  check_penalty(penalty);
  out = {data.columns, std::vector<std::vector<double>>(data.columns.size()), data.classes, {}, spec.criterion};
  context.progress.total = spec.max_depth + 1;
  Growth growth(data, spec, penalty, out);
  Pace pace;
  for (int first = 0; first < growth.coded.columns; first += kColumnsAtOnce) {
    const int count = std::min(kColumnsAtOnce, growth.coded.columns - first);
    const MatrixD turned = data.values.middleCols(first, count).transpose();
    if (pace.due(static_cast<std::size_t>(turned.size()))) co_await Tick{};
    for (int c = first; c < first + count; ++c) {
      const std::span<const double> column(turned.row(c - first).data(), static_cast<std::size_t>(turned.cols()));
      if (data.columns[static_cast<std::size_t>(c)].numeric) out.cuts[static_cast<std::size_t>(c)] = quantile_cuts(column);
      if (pace.due(column.size() * 4)) co_await Tick{};
      code_column(out, c, column, growth.coded);
      if (pace.due(column.size() * 4)) co_await Tick{};
    }
  }
  growth.lay_out_histograms();

  growth.settle();
  Turn turn{growth};
  Loop step(context, name, std::numeric_limits<int>::max(), turn);  // how many nodes there will be shows on the way
  if (step) growth.check_place(*step);                              // of a tree that is done, stop() has set it to the end
  int leaves = 0;
  Twins twins(begun, out);
  for (int node = 0; step && node < *step; ++node) {  // where an interrupted tree stood
    if (out.nodes[static_cast<std::size_t>(node)].is_leaf())
      ++leaves;
    else
      twins.follow(node);
  }
  for (; step && *step < static_cast<int>(out.nodes.size()); co_await step.next()) {
    const int node = *step;
    context.progress.done = out.nodes[static_cast<std::size_t>(node)].depth;
    Candidate best;
    if (growth.may_split(node)) {
      Open& here = growth.open[static_cast<std::size_t>(node)];
      if (here.histogram.empty()) {
        here.histogram.assign(growth.histogram_size, 0);
        co_await count_rows(growth, pace, here.histogram, here.begin, here.end, 1);
      }
      const TreeNode* stands = twins.split_of(node);
      if (stands)
        best = Candidate{stands->column, stands->cut};
      else
        growth.begin_search(node);
      for (int c = 0; !stands && c < growth.coded.columns; ++c) {
        growth.try_column(node, c, best);
        if (pace.due(2 * growth.entries(c))) co_await Tick{};
      }
    }
    if (best.column >= 0) {
      if (pace.due(static_cast<std::size_t>(growth.open[static_cast<std::size_t>(node)].rows()))) co_await Tick{};
      const int first = growth.split(node, best);
      twins.follow(node);
      co_await hand_down(growth, pace, node, first);
    } else {
      context.progress.live["leaves"] = ++leaves;
    }
    Histogram().swap(growth.open[static_cast<std::size_t>(node)].histogram);
    growth.settle();
  }
  step.stop();
  context.progress.live["leaves"] = out.leaves();
  context.progress.done = context.progress.total;
}

}  // namespace

Task grow_tree(Context& context, std::string name, TreeData data, TreeSpec spec, TreePenalty penalty, Tree& out) {
  co_await grow(context, std::move(name), std::move(data), std::move(spec), penalty, nullptr, out);
}

Task grow_on(Context& context, TreeData data, TreeSpec spec, const Tree& begun, Tree& out) {
  TreePenalty none;
  co_await grow(context, "uncut", std::move(data), std::move(spec), none, &begun, out);
}

}  // namespace mid
