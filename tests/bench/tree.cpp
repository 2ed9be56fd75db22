// Growing a tree: the time for 50,000 rows of 20 columns at depth 8, and its growth per doubling of the rows
// (docs/benchmarks.md: at most 2.2), in processor time, which other programs disturb less. tests/bench/tree_sklearn.py
// times scikit-learn on a table made the same way.
//
//   cmake --build --preset release --target bench_tree && build/release/bin/bench_tree
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "mid/model/tree/tree_grow.hpp"
#include "mid/nn/device.hpp"

using namespace mid;

namespace {

constexpr int kColumns = 20, kDepth = 8, kMinLeaf = 25;

/// Standard normal columns; the class is the sign of a sum with products and noise.
TreeData table(int rows) {
  TreeData data;
  Matrix x(rows, kColumns + 1);
  fill_normal(Stream{1, 1}, 0, x);
  data.values = x.leftCols(kColumns).cast<double>();
  data.label.resize(rows);
  for (int r = 0; r < rows; ++r) data.label[r] = x(r, 0) + x(r, 1) * x(r, 2) + x(r, 3) + .5f * x(r, 4) * x(r, 5) + x(r, kColumns) > 0;
  for (int c = 0; c < kColumns; ++c) data.columns.push_back({"c" + std::to_string(c), true, {}});
  data.classes = {"no", "yes"};
  return data;
}

struct Timing {
  double least = 1e9, median = 0, longest_tick = 1e9;  // ms; the last: the best of the rounds
  int leaves = 0;
};

Timing time_of(const TreeData& data, const TreeSpec& spec, int rounds) {
  const auto device = cpu_device();
  Timing timing;
  std::vector<double> all;
  const auto ms = [](std::clock_t a, std::clock_t b) { return 1e3 * static_cast<double>(b - a) / CLOCKS_PER_SEC; };
  for (int round = 0; round < rounds; ++round) {
    Context context{*device, Stream{1, 0}};
    Tree tree;
    Task task = grow_tree(context, "fit", data, spec, {}, tree);  // copies the table; growing starts with the first advance()
    const auto begin = std::clock();
    double longest = 0;
    for (auto last = begin;;) {
      const bool more = task.advance();
      const auto now = std::clock();
      longest = std::max(longest, ms(last, now));
      last = now;
      if (!more) break;
    }
    all.push_back(ms(begin, std::clock()));
    timing.longest_tick = std::min(timing.longest_tick, longest);
    timing.leaves = tree.leaves();
  }
  std::sort(all.begin(), all.end());
  timing.least = all.front();
  timing.median = all[all.size() / 2];
  return timing;
}

}  // namespace

int main() {
  std::printf("growing a tree, %d columns, depth %d, min_leaf %d, codes included\n", kColumns, kDepth, kMinLeaf);
  for (const char* numeric : {"cuts", "bins"}) {
    TreeSpec spec;
    spec.max_depth = kDepth;
    spec.min_leaf = kMinLeaf;
    spec.numeric = numeric;
    double before = 0;
    for (int rows : {25000, 50000, 100000, 200000}) {
      const Timing t = time_of(table(rows), spec, 9);
      std::printf("  %s %7d rows: %7.1f ms least %7.1f ms median, %4d leaves, longest tick %4.1f ms", numeric, rows, t.least, t.median,
                  t.leaves, t.longest_tick);
      if (before > 0) std::printf(", %.2f times half the rows", t.least / before);
      std::printf("\n");
      before = t.least;
    }
  }
}
