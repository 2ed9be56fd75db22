#include "mid/nn/cpu_tables.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace mid {
namespace {

constexpr int kVector = 4;

void copy(const float* from, float* to, int width) {
  int j = 0;
  for (; j + kVector <= width; j += kVector) std::memcpy(to + j, from + j, kVector * sizeof(float));
  for (; j < width; ++j) to[j] = from[j];
}

/// The sums of `Width` neighbouring columns, kept in registers over all terms.
template <int Width>
void add_up(const float* from, const int* terms, int count, float* to) {
  float total[Width] = {};
  for (int q = 0; q < count; ++q)
    for (int j = 0; j < Width; ++j) total[j] += from[terms[q] + j];
  std::memcpy(to, total, sizeof total);
}

}  // namespace

TableRuns::TableRuns(const std::vector<int>& table, int summands, int columns) : table_(table), summands_(summands) {
  find_runs(summands, columns);
  constexpr std::size_t kWorthRuns = 3;  // columns a run, on average
  if (table.size() < kWorthRuns * static_cast<std::size_t>(summands) * runs_.size()) runs_.clear(), terms_.clear();
}

void TableRuns::find_runs(int summands, int columns) {
  const int count = static_cast<int>(table_.size()) / summands;
  const auto entry = [&](int column, int q) {
    return table_[static_cast<std::size_t>(column) * static_cast<std::size_t>(summands) + static_cast<std::size_t>(q)];
  };
  const auto beside = [&](int column, int width) {
    for (int q = 0; q < summands; ++q)
      if (entry(column + width, q) != (entry(column, q) < 0 ? -1 : entry(column, q) + width)) return false;
    return true;
  };
  for (int column = 0; column < count;) {
    Run run{column, 1, static_cast<int>(terms_.size()), 0};
    while (column + run.width < count && beside(column, run.width)) ++run.width;
    column += run.width;
    for (int q = 0; q < summands; ++q)
      if (entry(run.to, q) >= 0) terms_.push_back(entry(run.to, q)), ++run.terms;
    // Whole lanes are faster than single numbers. What they write beyond the run is written again by the next one.
    const int whole = (run.width + kVector - 1) / kVector * kVector;
    const bool inside = std::all_of(terms_.begin() + run.first, terms_.end(), [&](int from) { return from + whole <= columns; });
    if (inside && run.to + whole <= count) run.width = whole;
    runs_.push_back(run);
  }
}

void TableRuns::read(const float* from, float* to) const {
  if (runs_.empty()) {
    const int* entry = table_.data();
    const int count = static_cast<int>(table_.size()) / summands_;
    if (summands_ == 1) {
      for (int c = 0; c < count; ++c) to[c] = entry[c] < 0 ? 0.f : from[entry[c]];
      return;
    }
    for (int c = 0; c < count; ++c) {
      float total = 0;
      for (int q = 0; q < summands_; ++q, ++entry)
        if (*entry >= 0) total += from[*entry];
      to[c] = total;
    }
    return;
  }
  for (const Run& run : runs_) {
    float* out = to + run.to;
    const int* terms = terms_.data() + run.first;
    if (run.terms == 0)
      std::fill_n(out, run.width, 0.f);
    else if (summands_ == 1)
      copy(from + *terms, out, run.width);
    else {
      int j = 0;
      for (; j + 16 <= run.width; j += 16) add_up<16>(from + j, terms, run.terms, out + j);
      for (; j + 8 <= run.width; j += 8) add_up<8>(from + j, terms, run.terms, out + j);
      for (; j + 4 <= run.width; j += 4) add_up<4>(from + j, terms, run.terms, out + j);
      for (; j < run.width; ++j) add_up<1>(from + j, terms, run.terms, out + j);
    }
  }
}

}  // namespace mid
