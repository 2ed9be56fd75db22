#pragma once
// Made-up tables for the tests of trees.
#include <cmath>
#include <limits>

#include "mid/base/philox.hpp"
#include "mid/model/tree/tree_grow.hpp"
#include "mid/nn/device.hpp"

namespace mid {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Columns in turn numeric (whole numbers, with ties, and fractions) and categorical (2 to 5 values); a twentieth of the
/// values is missing. The class depends on the first three columns, with noise.
inline TreeData random_table(std::uint64_t seed, int rows, int columns, int classes) {
  Random random(Stream{seed, 7});
  TreeData data;
  data.values.resize(rows, columns);
  data.label.resize(rows);
  for (int c = 0; c < columns; ++c) {
    TreeColumn column{"c" + std::to_string(c), c % 2 == 0, {}};
    const int values = 2 + c % 4;
    for (int v = 0; !column.numeric && v < values; ++v) column.categories.push_back("v" + std::to_string(v));
    for (int r = 0; r < rows; ++r)
      data.values(r, c) = random.uniform() < .05 ? kMissing
                          : column.numeric       ? (c % 4 ? random.uniform() : random.below(12))
                                                 : random.below(values);
    data.columns.push_back(std::move(column));
  }
  for (int y = 0; y < classes; ++y) data.classes.push_back("y" + std::to_string(y));
  for (int r = 0; r < rows; ++r) {
    double sum = 0;
    for (int c = 0; c < std::min(columns, 3); ++c) sum += std::isnan(data.values(r, c)) ? 1 : data.values(r, c) * (c % 4 ? 2 : .3);
    data.label[r] = random.uniform() < .3 ? random.below(classes) : static_cast<int>(sum) % classes;
  }
  return data;
}

inline Tree grown(const TreeData& data, const TreeSpec& spec, const TreePenalty& penalty = {}) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  Tree tree;
  finish(grow_tree(context, "fit", data, spec, penalty, tree));
  return tree;
}

}  // namespace mid
