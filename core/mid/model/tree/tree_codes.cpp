#include "mid/model/tree/tree_codes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"

namespace mid {
namespace {

constexpr int kBins = 8;
constexpr std::size_t kMostCategories = 200;  // as in data/encode: more is an identifier. Codes are bytes.

/// Order statistics of many numbers without sorting them: numbers fall into even buckets between least and largest, and
/// only the buckets that hold a wanted rank are looked into.
class Ranks {
 public:
  explicit Ranks(std::vector<double> values) : values_(std::move(values)) {
    const auto [low, high] = std::minmax_element(values_.begin(), values_.end());
    low_ = *low;
    // Halves, so that the difference of two finite numbers is finite.
    const double half_width = *high / 2 - *low / 2;
    scale_ = half_width > 0 ? kBuckets / half_width : 0;
    if (!std::isfinite(scale_)) scale_ = 0;  // numbers so close together that all share one bucket
    std::array<std::size_t, kBuckets> count{};
    for (double v : values_) ++count[bucket(v)];
    std::size_t below = 0;
    for (std::size_t b = 0; b < kBuckets; ++b) below_[b] = below, below += count[b];
    below_[kBuckets] = below;
  }

  /// The number with `rank` smaller ones before it.
  double at(std::size_t rank) {
    const auto b = static_cast<std::size_t>(std::upper_bound(below_.begin(), below_.end(), rank) - below_.begin()) - 1;
    if (b != gathered_) {
      gathered_ = b;
      inside_.clear();
      for (double v : values_)
        if (bucket(v) == b) inside_.push_back(v);
    }
    const auto place = inside_.begin() + static_cast<std::ptrdiff_t>(rank - below_[b]);
    std::nth_element(inside_.begin(), place, inside_.end());
    return *place;
  }

 private:
  static constexpr std::size_t kBuckets = 2048;
  std::size_t bucket(double v) const { return std::min(kBuckets - 1, static_cast<std::size_t>((v / 2 - low_ / 2) * scale_)); }
  std::vector<double> values_, inside_;
  std::array<std::size_t, kBuckets + 1> below_{};
  std::size_t gathered_ = kBuckets;
  double low_ = 0, scale_ = 0;
};

}  // namespace

void check_tree_data(const TreeData& data) {
  assert(data.values.cols() == static_cast<Eigen::Index>(data.columns.size()) && data.label.size() == data.values.rows());
  if (data.classes.empty()) throw Error("model.kind", Message("refusal.tree_number"));
  if (data.values.rows() == 0) throw Failure(Message("refusal.no_records").with("training", "tree"));
  for (const TreeColumn& column : data.columns)
    if (!column.numeric && column.categories.size() > kMostCategories)
      throw Error("data.drop", Message("refusal.tree_values")
                                   .with("column", shown(column.name))
                                   .with("found", std::to_string(column.categories.size()))
                                   .with("most", std::to_string(kMostCategories)));
}

std::vector<double> quantile_cuts(std::span<const double> values) {
  std::vector<double> numbers;
  numbers.reserve(values.size());
  for (double v : values)
    if (std::isfinite(v)) numbers.push_back(v);
  std::vector<double> cuts;
  if (numbers.empty()) return cuts;
  const std::size_t last = numbers.size() - 1;
  Ranks ranks(std::move(numbers));
  for (std::size_t k = 1; k < kBins; ++k) {
    const std::size_t below = last * k / kBins, rest = last * k % kBins;
    const double left = ranks.at(below), part = static_cast<double>(rest) / kBins;
    const double right = rest ? ranks.at(below + 1) : left;
    const double cut = left == right ? left : left * (1 - part) + right * part;
    if (cuts.empty() || cut > cuts.back()) cuts.push_back(cut);
  }
  return cuts;
}

void code_column(const Tree& tree, int column, std::span<const double> values, CodedRows& out) {
  const auto c = static_cast<std::size_t>(column), stride = static_cast<std::size_t>(out.columns);
  const std::vector<double>& cuts = tree.cuts[c];
  const bool numeric = tree.columns[c].numeric;
  const auto missing = static_cast<std::uint8_t>(tree.codes(column) - 1);
  std::uint8_t* to = out.code.data() + c;
  for (double value : values) {
    if (std::isnan(value)) {
      *to = missing;
    } else if (numeric) {
      // Counting beats searching for so few cuts: there is nothing to mispredict.
      int above = 0;
      for (double cut : cuts) above += value > cut;
      *to = static_cast<std::uint8_t>(above);
    } else {
      assert(tree.code(column, value) >= 0);
      *to = static_cast<std::uint8_t>(value);
    }
    to += stride;
  }
}

}  // namespace mid
