#include "mid/model/tree/tree_grow.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "mid/base/error.hpp"
#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/tree/tree_growth.hpp"

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

constexpr std::size_t kEntriesOfTick = 1u << 19;  // of histograms: about 1 ms
constexpr double kOperationsOfEntry = 5;
constexpr int kColumnsAtOnce = 4;  // half a cache line of the table's rows

/// What the loop over the nodes changes.
struct Turn {
  TreeGrowth& growth;
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

Task count_rows(TreeGrowth& growth, Pace& pace, Histogram& h, int begin, int end, int by) {
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
Task hand_down(TreeGrowth& growth, Pace& pace, int node, int first) {
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
    OpenNode& c = growth.open[static_cast<std::size_t>(child)];
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
  TreeGrowth growth(data, spec, penalty, out);
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
    SplitCandidate best;
    if (growth.may_split(node)) {
      OpenNode& here = growth.open[static_cast<std::size_t>(node)];
      if (here.histogram.empty()) {
        here.histogram.assign(growth.histogram_size, 0);
        co_await count_rows(growth, pace, here.histogram, here.begin, here.end, 1);
      }
      const TreeNode* stands = twins.split_of(node);
      if (stands)
        best = SplitCandidate{stands->column, stands->cut};
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
