#include "mid/base/philox.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "mid/base/hash.hpp"
#include "mid/base/normal_blocks.hpp"
#include "mid/base/philox_round.hpp"

namespace mid {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < kPhiloxRounds; ++round, k[0] += kPhiloxWeyl0, k[1] += kPhiloxWeyl1)
    philox_round(c[0], c[1], c[2], c[3], k[0], k[1]);
  return c;
}

std::array<std::uint32_t, 4> words_at(Stream s, std::uint64_t index) {
  return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), static_cast<std::uint32_t>(s.name),
                     static_cast<std::uint32_t>(s.name >> 32)},
                    {static_cast<std::uint32_t>(s.seed), static_cast<std::uint32_t>(s.seed >> 32)});
}

static constexpr double kTwoToMinus32 = 1.0 / 4294967296.0;

Stream Stream::sub(std::string_view part) const { return {seed, fnv1a(part, name ^ 0x9E3779B97F4A7C15ull)}; }

Stream Stream::sub(std::uint64_t part) const {
  char bytes[9] = {'#'};  // the mark keeps number 65 apart from the name "A"
  for (int i = 0; i < 8; ++i) bytes[i + 1] = static_cast<char>(part >> (8 * i));
  return sub(std::string_view(bytes, sizeof bytes));
}

double uniform_at(Stream stream, std::uint64_t index) { return words_at(stream, index >> 2)[index & 3] * kTwoToMinus32; }

double normal_at(Stream stream, std::uint64_t index) {
  double four[4];
  normal_blocks(stream.seed, stream.name, index >> 2, 1, four);
  return four[index & 3];
}

void fill_normal(Stream stream, std::uint64_t first, Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> out) {
  double held[4 * kNormalBlocks];
  std::uint64_t index = first, from = first, to = first;  // `held` has the numbers from `from` to `to`
  const std::uint64_t end = first + static_cast<std::uint64_t>(out.size());
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c, ++index) {
      if (index == to) {
        const std::uint64_t block = index >> 2, blocks = std::min<std::uint64_t>(kNormalBlocks, ((end + 3) >> 2) - block);
        normal_blocks(stream.seed, stream.name, block, static_cast<int>(blocks), held);
        from = 4 * block, to = 4 * (block + blocks);
      }
      out(r, c) = static_cast<float>(held[index - from]);
    }
}

std::vector<int> permutation(Stream stream, int n) {
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Random random(stream);
  for (int i = n - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  return order;
}

}  // namespace mid
