#include "mid/experiment/input_cuts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/model/file/to_onnx.hpp"

namespace mid {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

/// A record beside a cut: its number in the table and as an input.
struct Beside {
  double value, input;
};

float input_cut(const Dataset& set, int column, int input, double cut) {
  Beside below{-kEndless, -kEndless}, above{kEndless, kEndless};
  for (Eigen::Index row = 0; row < set.table.values.rows(); ++row) {
    const double v = set.table.values(row, column), x = static_cast<double>(set.inputs(row, input));
    if (std::isnan(v)) continue;
    if (v <= cut)
      below = {std::max(below.value, v), std::max(below.input, x)};
    else
      above = {std::min(above.value, v), std::min(above.input, x)};
  }
  if (!(below.input < above.input))
    throw Error("run",
                Message("refusal.export_tree_input").with("column", shown(Json(set.table.columns[static_cast<std::size_t>(column)].name))));
  if (above.input == kEndless) return below.input == -kEndless ? rounded_down(cut) : static_cast<float>(below.input);
  const float highest = std::nextafter(static_cast<float>(above.input), -std::numeric_limits<float>::infinity());
  if (below.input == -kEndless) return highest;
  const double share = (cut - below.value) / (above.value - below.value);
  const float between = rounded_down(below.input + share * (above.input - below.input));
  return std::clamp(between, static_cast<float>(below.input), highest);
}

}  // namespace

std::vector<std::vector<float>> input_cuts(const Tree& tree, const Dataset& set) {
  std::vector<std::vector<float>> out;
  for (std::size_t c = 0; c < tree.columns.size(); ++c) {
    const std::string& name = tree.columns[c].name;
    const auto input = std::ranges::find(set.input_names, name);
    const int column = set.table.find(name);
    std::vector<float>& cuts = out.emplace_back();
    for (const double cut : tree.cuts[c])
      cuts.push_back(column < 0 || input == set.input_names.end()
                         ? rounded_down(cut)
                         : input_cut(set, column, static_cast<int>(input - set.input_names.begin()), cut));
  }
  return out;
}

}  // namespace mid
