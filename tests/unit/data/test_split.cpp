#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "check_error.hpp"
#include "mid/data/split.hpp"

using namespace mid;

namespace {

std::vector<int> numbers(const SplitSpec& spec, int n, std::optional<double> fraction = {}) {
  const Shares s = shares(spec, n, fraction, "rows");
  return {s.private_, s.held_out, s.auxiliary};
}

}  // namespace

TEST_CASE("counts that are given are kept, what is left open takes the rest") {
  CHECK(numbers({40, 20, 41}, 101) == std::vector{40, 20, 41});
  CHECK(numbers({40, 20, {}}, 101) == std::vector{40, 20, 41});
  CHECK(numbers({800, {}, 700}, 1797) == std::vector{800, 297, 700});
  CHECK(numbers({{}, 10, {}}, 101) == std::vector{46, 10, 45});
  CHECK(numbers({1, 1, 0}, 101) == std::vector{1, 1, 0});
}

TEST_CASE("a quarter is held out and the others share the rest") {
  CHECK(numbers({}, 1780, .25) == std::vector{668, 445, 667});
  CHECK(numbers({{}, {}, 0}, 1780, .25) == std::vector{1335, 445, 0});
  CHECK(numbers({{}, {}, 0}, 331, .25) == std::vector{248, 83, 0});
  CHECK(numbers({1000, {}, {}}, 1780, .25) == std::vector{1000, 445, 335});
}

TEST_CASE("more records than there are, or none, is an error that names the field") {
  CHECK(check_error([] { numbers({3000, 5000, 5000}, 10000); }, "there are 10,000 rows") == "data.held_out");
  CHECK(check_error([] { numbers({9000, 500, 501}, 10000); }, "private 9000, held_out 500, auxiliary 501") == "data.private");
  CHECK(check_error([] { numbers({100, {}, {}}, 100, .25); }, "too many") == "data.private");
}

TEST_CASE("the parts of a cut are disjoint, seeded and the victims stay when auxiliary grows") {
  const Parts parts = cut({4, 3, 2}, 10, Stream{5});
  std::vector<int> all = parts.private_;
  all.insert(all.end(), parts.held_out.begin(), parts.held_out.end());
  all.insert(all.end(), parts.auxiliary.begin(), parts.auxiliary.end());
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  CHECK(all.size() == 9);
  CHECK((all.front() >= 0 && all.back() < 10));
  CHECK(cut({4, 3, 3}, 10, Stream{5}).held_out == parts.held_out);
  CHECK(cut({4, 3, 2}, 10, Stream{6}).private_ != parts.private_);
}
