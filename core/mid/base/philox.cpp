#include "mid/base/philox.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "mid/base/hash.hpp"

namespace mid {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53u, kMultiplier1 = 0xCD9E8D57u;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9u, kWeyl1 = 0xBB67AE85u;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = kMultiplier0 * c[0], p1 = kMultiplier1 * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
    k[0] += kWeyl0;
    k[1] += kWeyl1;
  }
  return c;
}

std::array<std::uint32_t, 4> words_at(Stream s, std::uint64_t index) {
  return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), static_cast<std::uint32_t>(s.name),
                     static_cast<std::uint32_t>(s.name >> 32)},
                    {static_cast<std::uint32_t>(s.seed), static_cast<std::uint32_t>(s.seed >> 32)});
}

namespace {

constexpr double kTwoToMinus32 = 1.0 / 4294967296.0;

/// Two normals from two 32-bit words. The half step keeps the logarithm's argument above 0.
std::pair<double, double> box_muller(std::uint32_t a, std::uint32_t b) {
  const double radius = std::sqrt(-2 * std::log((a + 0.5) * kTwoToMinus32));
  const double angle = 2 * std::numbers::pi * ((b + 0.5) * kTwoToMinus32);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

Stream Stream::sub(std::string_view part) const { return {seed, fnv1a(part, name ^ 0x9E3779B97F4A7C15ull)}; }

Stream Stream::sub(std::uint64_t part) const {
  char bytes[9] = {'#'};  // the mark keeps number 65 apart from the name "A"
  for (int i = 0; i < 8; ++i) bytes[i + 1] = static_cast<char>(part >> (8 * i));
  return sub(std::string_view(bytes, sizeof bytes));
}

double uniform_at(Stream stream, std::uint64_t index) { return words_at(stream, index >> 2)[index & 3] * kTwoToMinus32; }

double normal_at(Stream stream, std::uint64_t index) {
  const auto b = words_at(stream, index >> 2);
  const auto [first, second] = index & 2 ? box_muller(b[2], b[3]) : box_muller(b[0], b[1]);
  return index & 1 ? second : first;
}

void fill_normal(Stream stream, std::uint64_t first, Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> out) {
  std::uint64_t index = first, held = ~std::uint64_t{0};
  std::array<double, 4> four{};
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c, ++index) {
      if (index >> 2 != held) {  // one Philox block serves four neighbours
        held = index >> 2;
        const auto b = words_at(stream, held);
        std::tie(four[0], four[1]) = box_muller(b[0], b[1]);
        std::tie(four[2], four[3]) = box_muller(b[2], b[3]);
      }
      out(r, c) = static_cast<float>(four[index & 3]);
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
