#include "mid/model/tree/tree_split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mid {

SplitSearch::LogTable::LogTable(int most) : table_(static_cast<std::size_t>(std::min(most, 1 << 17)) + 1) {
  for (std::size_t n = 2; n < table_.size(); ++n) table_[n] = exact(static_cast<double>(n));
}

double SplitSearch::LogTable::exact(double n) { return n * std::log2(n); }

SplitSearch::SplitSearch(const TreeSpec& spec, const TreePenalty& penalty, const Tree& tree, int rows)
    : spec_(spec),
      penalty_(penalty),
      tree_(tree),
      classes_(static_cast<int>(tree.classes.size())),
      rows_(rows),
      log_(rows),
      cuts_(spec.numeric == "cuts"),
      gini_(spec.criterion == "gini") {}

void SplitSearch::try_column(int column, int depth, bool used, const int* counts, SplitCandidate& best) const {
  const bool secret = column == penalty_.secret;
  if (secret && penalty_.secret_depth && depth != *penalty_.secret_depth) return;
  const double lambda = secret || penalty_.on == TreePenalty::On::every_split ? penalty_.lambda : 0;
  if (cuts_ && tree_.columns[static_cast<std::size_t>(column)].numeric)
    try_cuts(column, counts, lambda, best);
  else if (!used)
    try_multiway(column, counts, lambda, best);
}

/// n times the impurity of n rows with these class counts.
double SplitSearch::impurity(const int* counts, int n) const {
  double sum = 0;
  if (gini_) {
    for (int y = 0; y < classes_; ++y) sum += static_cast<double>(counts[y]) * counts[y];
    return n > 0 ? n - sum / n : 0;
  }
  for (int y = 0; y < classes_; ++y) sum += log_(counts[y]);
  return log_(n) - sum;
}

void SplitSearch::add(Children& to, const int* counts) const {
  const int n = std::accumulate(counts, counts + classes_, 0);
  if (n > 0) to.add(n, impurity(counts, n), log_(n));
}

void SplitSearch::compare(const Children& children, const int* total, int column, int cut, double lambda, SplitCandidate& best) const {
  if (children.count < 2 || children.least < spec_.min_leaf) return;
  const int n = std::accumulate(total, total + classes_, 0);
  const double gain = impurity(total, n) - children.impurity, information = log_(n) - children.logs;
  const double score = (gain - lambda * information) / static_cast<double>(rows_);
  if (score > best.score + (best.column < 0 ? 0 : SplitCandidate::kTie)) best = {column, cut, score};
}

std::vector<int> SplitSearch::total_of(int column, const int* counts) const {
  std::vector<int> total(static_cast<std::size_t>(classes_));
  for (int code = 0; code < tree_.codes(column); ++code)
    for (int y = 0; y < classes_; ++y) total[static_cast<std::size_t>(y)] += counts[code * classes_ + y];
  return total;
}

void SplitSearch::try_multiway(int column, const int* counts, double lambda, SplitCandidate& best) const {
  const std::vector<int> total = total_of(column, counts);
  Children children;
  for (int code = 0; code < tree_.codes(column); ++code) {
    add(children, counts + code * classes_);
    if (children.count > 0 && children.least < spec_.min_leaf) return;
  }
  compare(children, total.data(), column, -1, lambda, best);
}

void SplitSearch::try_cuts(int column, const int* counts, double lambda, SplitCandidate& best) const {
  const std::vector<int> total = total_of(column, counts);
  const int missing = tree_.codes(column) - 1;
  std::vector<int> below(static_cast<std::size_t>(classes_)), above = total;
  for (int y = 0; y < classes_; ++y) above[static_cast<std::size_t>(y)] -= counts[missing * classes_ + y];
  for (int cut = 0; cut + 1 < missing; ++cut) {
    for (int y = 0; y < classes_; ++y) {
      const int moved = counts[cut * classes_ + y];
      below[static_cast<std::size_t>(y)] += moved, above[static_cast<std::size_t>(y)] -= moved;
    }
    Children children;
    add(children, below.data());
    add(children, above.data());
    add(children, counts + missing * classes_);
    compare(children, total.data(), column, cut, lambda, best);
  }
}

}  // namespace mid
