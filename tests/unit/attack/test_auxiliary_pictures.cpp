// What an attacker makes of its own pictures: of many copies those that fewer would have been.
#include <catch2/catch_test_macros.hpp>

#include "mid/attack/search/auxiliary_pictures.hpp"

using namespace mid;

TEST_CASE("of all copies those are told that fewer would have been") {
  Dataset auxiliary;
  auxiliary.height = 3, auxiliary.width = 4;
  auxiliary.pictures.resize(7, 12);
  fill_normal(Stream{5}, 0, auxiliary.pictures);
  const auto made = [&](const OwnPictures& own) {
    Matrix out;
    finish(own.load(auxiliary, out));
    return out;
  };
  for (const OwnPictures most : {OwnPictures{0, false}, OwnPictures{0, true}, OwnPictures{1, false}, OwnPictures{1, true}})
    for (const bool moved : {false, true})
      for (const bool mirrored : {false, true}) {
        const std::vector<int> rows = most.rows(7, moved, mirrored);
        const Matrix all = made(most), fewer = made({moved ? most.shifts : 0, mirrored && most.mirror});
        REQUIRE(static_cast<Eigen::Index>(rows.size()) == fewer.rows());
        for (std::size_t i = 0; i < rows.size(); ++i) CHECK(all.row(rows[i]) == fewer.row(static_cast<Eigen::Index>(i)));
      }
}
