#include <catch2/catch_test_macros.hpp>

#include "mid/data/pictures.hpp"

using namespace mid;

namespace {
// 2 high, 3 wide:  1 2 3 / 4 5 6
Matrix picture() { return (Matrix(1, 6) << 1, 2, 3, 4, 5, 6).finished(); }
}  // namespace

TEST_CASE("a shift moves the picture and repeats its edge") {
  CHECK(shifted(picture(), 2, 3, 1, 0) == (Matrix(1, 6) << 1, 2, 3, 1, 2, 3).finished());
  CHECK(shifted(picture(), 2, 3, -1, 0) == (Matrix(1, 6) << 4, 5, 6, 4, 5, 6).finished());
  CHECK(shifted(picture(), 2, 3, 0, 1) == (Matrix(1, 6) << 1, 1, 2, 4, 4, 5).finished());
  CHECK(shifted(picture(), 2, 3, 0, -2) == (Matrix(1, 6) << 3, 3, 3, 6, 6, 6).finished());
  CHECK(shifted(picture(), 2, 3, 0, 0) == picture());
}

TEST_CASE("a mirror swaps left and right") {
  CHECK(mirrored(picture(), 2, 3) == (Matrix(1, 6) << 3, 2, 1, 6, 5, 4).finished());
  CHECK(mirrored(mirrored(picture(), 2, 3), 2, 3) == picture());
}

TEST_CASE("reducing takes the mean of each square") {
  Matrix square(1, 16);
  for (int i = 0; i < 16; ++i) square(0, i) = static_cast<float>(i);
  CHECK(reduced(square, 4, 4, 2) == (Matrix(1, 4) << 2.5, 4.5, 10.5, 12.5).finished());
  CHECK(reduced(square, 4, 4, 4) == Matrix::Constant(1, 1, 7.5));
  CHECK(reduced(square, 4, 4, 1) == square);
}

TEST_CASE("four shifts follow their originals: down, up, right, left") {
  Matrix two(2, 6);
  two.row(0) = picture();
  two.row(1) = 10 * picture();
  const Matrix all = with_shifts(two, 2, 3, 1);
  REQUIRE(all.rows() == 10);
  CHECK(all.topRows(2) == two);
  CHECK(all.middleRows(2, 2) == shifted(two, 2, 3, 1, 0));
  CHECK(all.middleRows(4, 2) == shifted(two, 2, 3, -1, 0));
  CHECK(all.middleRows(6, 2) == shifted(two, 2, 3, 0, 1));
  CHECK(all.bottomRows(2) == shifted(two, 2, 3, 0, -1));
  CHECK(with_shifts(two, 2, 3, 0) == two);
}

TEST_CASE("enlarging repeats pixels, and reducing undoes it") {
  Matrix small(1, 6);
  small << 0, .5f, 1, .25f, .75f, .125f;  // 2 x 3
  const Matrix large = enlarged(small, 2, 3, 2);
  REQUIRE(large.cols() == 24);
  CHECK(large(0, 0) == 0);
  CHECK(large(0, 3) == .5f);
  CHECK(large(0, 6) == 0);
  CHECK(large(0, 23) == .125f);
  CHECK(reduced(large, 4, 6, 2) == small);
}
