#pragma once
// In which order the processor computes a Program's nodes, how much of each at a time, and where their numbers lie.
//
// A convolution's values are far larger than a processor's caches: node by node over the whole batch, each is written to memory and
// read from it again. So what treats every record by itself is computed strip by strip: all such nodes for a few records, then for
// the next few. Sums over the records (gradients of weights, sums of rows) go on from strip to strip in the order of the records, so
// every number is the same to the bit as without strips, which tests/unit/nn/test_strips.cpp compares.
#include <cstddef>
#include <vector>

#include "mid/nn/program.hpp"

namespace mid {

/// Where a node's numbers lie.
struct ValuePlace {
  std::size_t first = 0;  ///< number of its first float, in the memory of whole values or in that of one strip
  bool of_strip = false;  ///< only one strip of it exists at a time
};

/// Nodes that are computed one after the other.
struct Stretch {
  std::vector<std::size_t> nodes;  ///< of the Program; sources and updates are in none
  bool in_strips = false;          ///< all of them for the first strip, then for the next; else each of them whole
};

struct Schedule {
  std::vector<Stretch> stretches;
  std::vector<ValuePlace> places;  ///< one a node; of no meaning for parameters, constants and updates
  std::vector<int> strips;         ///< number of the first record of each strip, and behind them the number of records; empty: no strips
  std::size_t whole_numbers = 0, strip_numbers = 0;  ///< floats that the two memories need

  int records() const { return strips.empty() ? 1 : strips.back(); }
  std::size_t strip_count() const { return strips.empty() ? 1 : strips.size() - 1; }
};

/// Numbers of a value with its padding to whole groups of lanes: elementwise operations run over the padding too, so that every number
/// takes the same (vectorised) path wherever it stands, and the last ones are not computed by another exp than the first.
constexpr std::size_t padded(std::size_t numbers) { return (numbers + 15) / 16 * 16; }

/// The schedule of a Program. Strips have `strip_records` records, a multiple of 16 (the last one has up to as many more, less one); 0: no
/// strips. Without tables (convolutions, pooling) or where all values together are small there are none either.
Schedule schedule_of(const Program& program, int strip_records);

/// Whether an operation's sum over the records goes on from strip to strip, instead of each record being computed by itself.
bool is_sum_over_records(const Node& node);

}  // namespace mid
