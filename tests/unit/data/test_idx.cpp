#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "check_error.hpp"
#include "mid/data/idx.hpp"

using namespace mid;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (int v : values) out += static_cast<char>(v);
  return out;
}

}  // namespace

TEST_CASE("pictures of an IDX file are rows in 0 to 1") {
  const Idx idx = parse_idx(bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102}), "f");
  CHECK(idx.sizes == std::vector{2, 1, 2});
  CHECK(pictures_of(idx) == (Matrix(2, 2) << 0.f, 1.f, 51 / 255.f, 102 / 255.f).finished());
}

TEST_CASE("pictures come back from their residuals") {
  // Two pictures of 2 x 3, by hand; the second begins anew, and differences wrap around at 256.
  const Idx idx =
      from_residuals(parse_idx(bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 10, 40, 0, 251, 3, 255, 1, 0, 2, 250, 3}), "f"));
  CHECK(idx.sizes == std::vector{2, 2, 3});
  CHECK(idx.values == bytes({10, 20, 60, 10, 15, 58, 255, 0, 0, 1, 250, 253}));
}

TEST_CASE("pictures come back from where they are not 0 and what is there") {
  // Two pictures of 2 x 5, by hand: ten bits and six unused ones each.
  const Idx inked = parse_idx(bytes({0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0b10000100, 0b01000000, 0, 0b10111111}), "f");
  const Idx ink = parse_idx(bytes({0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 255, 7}), "f");
  const Idx idx = from_ink(inked, ink, 2, 5, "f");
  CHECK(idx.sizes == std::vector{2, 2, 5});
  CHECK(idx.values == bytes({1, 0, 0, 0, 0, 2, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0}));
  for (const std::string& other : {bytes({0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 255}), bytes({0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 255, 7, 8}),
                                   bytes({0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4})})
    CHECK_THROWS_WITH(from_ink(inked, parse_idx(other, "g"), 2, 5, "f"), Catch::Matchers::ContainsSubstring("does not fit"));
  CHECK_THROWS_WITH(from_ink(inked, ink, 2, 9, "f"), Catch::Matchers::ContainsSubstring("does not fit"));
}

TEST_CASE("labels of an IDX file are its bytes") {
  const Idx idx = parse_idx(bytes({0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9}), "f");
  CHECK(idx.sizes == std::vector{3});
  CHECK(idx.values == bytes({7, 0, 9}));
}

TEST_CASE("a damaged or hostile IDX file is refused in a sentence") {
  const struct {
    std::string file, words;
  } bad[] = {
      {"", "no IDX file"},
      {bytes({0, 0, 8}), "no IDX file"},
      {bytes({1, 0, 8, 1, 0, 0, 0, 1, 0}), "no IDX file"},
      {"\x89PNG....", "no IDX file"},
      {bytes({0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}), "type 13"},
      {bytes({0, 0, 8, 0}), "0 IDX dimensions"},
      {bytes({0, 0, 8, 255}), "255 IDX dimensions"},
      {bytes({0, 0, 8, 3, 0, 0, 0, 1, 0, 0}), "cut off inside its IDX header"},
      {bytes({0, 0, 8, 1, 0, 0, 0, 0}), "size 0"},
      {bytes({0, 0, 8, 1, 0, 0, 0, 3, 1, 2}), "more values than the 2"},
      {bytes({0, 0, 8, 1, 0, 0, 0, 1, 1, 2}), "1 values, not the 2"},
      {bytes({0, 0, 8, 1, 255, 255, 255, 255, 1}), "more values than the 1"},
      // 2^32 values in each of two dimensions: their product is 0 in 64 bits if one is careless.
      {bytes({0, 0, 8, 3, 128, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 4}), "more values than the 0"},
      {bytes({0, 0, 8, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1}), "more values than the 1"},
  };
  for (const auto& [file, words] : bad) CHECK(check_error([&] { parse_idx(file, "x.idx"); }, words) == "x.idx");
}
