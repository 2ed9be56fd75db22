#include <catch2/catch_test_macros.hpp>

#include "mid/defense/defense.hpp"
#include "mid/teach/treatment.hpp"

using namespace mid;

TEST_CASE("targeted MID charges a tree for the secret alone, MID for every question, the others for none") {
  CHECK(charges_for_secret_alone("mid_targeted"));
  for (const char* other : {"mid", "depth_placement", "dp_tree", "none", "nobody"}) CHECK_FALSE(charges_for_secret_alone(other));
  CHECK(defense_called("mid")->tree_price == TreePenalty::On::every_split);
  CHECK_FALSE(defense_called("dp_tree")->tree_price.has_value());
}
