// Random numbers: the published known answers, and that a number depends on its place alone.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>
#include <set>

#include "mid/base/normal_blocks.hpp"
#include "mid/base/philox.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

TEST_CASE("Philox4x32-10 gives the known answers of the Random123 distribution", "[philox]") {
  using Four = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Four{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Four{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Four{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("streams of different names and numbers are different, equal ones equal", "[philox]") {
  const Stream root{1, 0};
  std::set<std::uint64_t> names = {root.name,
                                   root.sub("a").name,
                                   root.sub("b").name,
                                   root.sub("ab").name,
                                   root.sub("a").sub("b").name,
                                   root.sub(0).name,
                                   root.sub(1).name,
                                   root.sub(static_cast<std::uint64_t>('a')).name,
                                   root.sub("").name};
  CHECK(names.size() == 9);
  CHECK(root.sub("a").name == root.sub("a").name);
  CHECK(uniform_at(root.sub("a"), 3) == uniform_at(root.sub("a"), 3));
  CHECK(uniform_at(Stream{1, 5}, 3) != uniform_at(Stream{2, 5}, 3));
}

TEST_CASE("uniform numbers lie in 0 to 1 and are spread evenly", "[philox]") {
  constexpr int kCount = 100000;
  double sum = 0, squares = 0;
  std::array<int, 10> tenths{};
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const double u = uniform_at(Stream{9, 9}, i);
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u, squares += u * u, ++tenths[static_cast<std::size_t>(u * 10)];
  }
  CHECK_THAT(sum / kCount, WithinAbs(.5, .004));
  CHECK_THAT(squares / kCount, WithinAbs(1. / 3, .004));
  for (int n : tenths) CHECK_THAT(n / double{kCount}, WithinAbs(.1, .004));
}

TEST_CASE("normal numbers have the moments of the normal distribution", "[philox]") {
  constexpr int kCount = 200000;
  double moment[5] = {};
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const double x = normal_at(Stream{9, 8}, i);
    REQUIRE(std::isfinite(x));
    for (int m = 1; m <= 4; ++m) moment[m] += std::pow(x, m) / kCount;
  }
  CHECK_THAT(moment[1], WithinAbs(0, .01));
  CHECK_THAT(moment[2], WithinAbs(1, .015));
  CHECK_THAT(moment[3], WithinAbs(0, .03));
  CHECK_THAT(moment[4], WithinAbs(3, .1));
}

TEST_CASE("normal numbers are Box-Muller's of the block's words, however many blocks are made at once", "[philox]") {
  const Stream s{77, 0x123456789abcdef0};
  const auto exact = [](std::uint32_t a, std::uint32_t b) {
    const double radius = std::sqrt(-2 * std::log((a + .5) / 4294967296.)), angle = 2 * std::numbers::pi * ((b + .5) / 4294967296.);
    return std::pair{radius * std::cos(angle), radius * std::sin(angle)};
  };
  double all[4 * kNormalBlocks];
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1000}, (std::uint64_t{1} << 32) - 5}) {
    normal_blocks(s.seed, s.name, first, kNormalBlocks, all);
    for (int i = 0; i < kNormalBlocks; ++i) {
      const std::uint64_t block = first + static_cast<std::uint64_t>(i);
      const auto w = words_at(s, block);
      const auto [x, y] = exact(w[0], w[1]);
      const auto [u, v] = exact(w[2], w[3]);
      const double wanted[] = {x, y, u, v};
      double alone[4];
      normal_blocks(s.seed, s.name, block, 1, alone);
      for (int j = 0; j < 4; ++j) {
        INFO("block " << block << ", number " << j);
        REQUIRE_THAT(all[4 * i + j], WithinAbs(wanted[j], 1e-14));
        REQUIRE(all[4 * i + j] == alone[j]);
        REQUIRE(all[4 * i + j] == normal_at(s, 4 * block + static_cast<std::uint64_t>(j)));
      }
    }
  }
}

TEST_CASE("words are those of their blocks, however many are made at once", "[philox]") {
  const Stream s{77, 0x123456789abcdef0};
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1000}, (std::uint64_t{1} << 32) - 5})
    for (const int count : {1, 7, kNormalBlocks}) {
      std::uint32_t all[4 * kNormalBlocks];
      word_blocks(s.seed, s.name, first, count, all);
      for (int i = 0; i < 4 * count; ++i)
        REQUIRE(all[i] == words_at(s, first + static_cast<std::uint64_t>(i / 4))[static_cast<std::size_t>(i % 4)]);
    }
}

TEST_CASE("filling a matrix gives the stream's numbers, wherever it begins", "[philox]") {
  const Stream s{4, 2};
  for (std::uint64_t first : {0u, 1u, 2u, 3u, 7u}) {
    Matrix m(3, 5);
    fill_normal(s, first, m);
    for (int i = 0; i < 15; ++i) CHECK(m.data()[i] == static_cast<float>(normal_at(s, first + static_cast<std::uint64_t>(i))));
  }
  Matrix long_row(1, 500);  // more than are made at once
  fill_normal(s, 3, long_row);
  for (int i = 0; i < 500; ++i) REQUIRE(long_row(0, i) == static_cast<float>(normal_at(s, 3 + static_cast<std::uint64_t>(i))));
  Matrix wide = Matrix::Zero(3, 5);
  fill_normal(s, 10, wide.middleCols(1, 2));  // a view keeps its neighbours
  CHECK(wide(1, 0) == 0);
  CHECK(wide(1, 3) == 0);
  CHECK(wide(1, 1) == static_cast<float>(normal_at(s, 12)));
}

TEST_CASE("a permutation holds every number once and every order is as likely", "[philox]") {
  std::vector<int> order = permutation(Stream{1, 1}, 1000);
  CHECK(order == permutation(Stream{1, 1}, 1000));
  CHECK(order != permutation(Stream{1, 2}, 1000));
  std::sort(order.begin(), order.end());
  for (int i = 0; i < 1000; ++i) REQUIRE(order[static_cast<std::size_t>(i)] == i);
  CHECK(permutation(Stream{1, 1}, 0).empty());
  CHECK(permutation(Stream{1, 1}, 1) == std::vector<int>{0});
  std::array<int, 6> seen{};
  for (std::uint64_t i = 0; i < 6000; ++i) {
    const auto p = permutation(Stream{2, i}, 3);
    ++seen[static_cast<std::size_t>(p[0] * 2 + (p[1] > p[2]))];
  }
  for (int n : seen) CHECK(std::abs(n - 1000) < 130);
}

TEST_CASE("integers below n stay below n", "[philox]") {
  Random draw(Stream{3, 3});
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) ++seen.at(static_cast<std::size_t>(draw.below(7)));
  for (int n : seen) CHECK(std::abs(n - 1000) < 150);
  CHECK(draw.below(1) == 0);
}
