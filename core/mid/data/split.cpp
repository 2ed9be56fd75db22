#include "mid/data/split.hpp"

#include <cmath>

namespace mid {

Shares shares(const SplitSpec& spec, int n, std::optional<double> test_fraction, const std::string& what, int least_auxiliary,
              int least_held_out) {
  struct Part {
    const char* field;
    std::optional<std::int64_t> count;
    int least;
  };
  Part parts[] = {{"data.private", spec.private_, 1},
                  {"data.held_out", spec.held_out, least_held_out},
                  {"data.auxiliary", spec.auxiliary, least_auxiliary}};
  if (test_fraction) parts[1].count = std::lround(n * *test_fraction);

  std::int64_t given = 0, unknown = 0;
  const Part* largest = nullptr;
  std::string listing;
  for (const Part& part : parts) {
    if (!part.count) {
      ++unknown;
      continue;
    }
    given += *part.count;
    listing += (listing.empty() ? "" : ", ") + std::string(part.field + 5) + " " + std::to_string(*part.count);
    if (!largest || *part.count > *largest->count) largest = &part;
  }
  if (largest && given > n)
    throw Error(largest->field, Message("refusal.too_many_together")
                                    .with("found", std::to_string(*largest->count))
                                    .with("counts", listing)
                                    .with("there", Message("refusal.part." + what).with("n", std::to_string(n))));
  std::int64_t rest = n - given;
  for (Part& part : parts) {
    if (!part.count) {
      part.count = (rest + unknown - 1) / unknown;
      rest -= *part.count;
      --unknown;
    }
    if (*part.count < part.least)
      throw Error(part.field, Message("refusal.part_too_small")
                                  .with("found", std::to_string(*part.count))
                                  .with("there", Message("refusal.part." + what).with("n", std::to_string(n)))
                                  .with("least", std::to_string(part.least)));
  }
  return {static_cast<int>(*parts[0].count), static_cast<int>(*parts[1].count), static_cast<int>(*parts[2].count)};
}

Parts cut(const Shares& s, int n, Stream random) {
  const std::vector<int> order = permutation(random, n);
  const auto first = order.begin(), second = first + s.private_, third = second + s.held_out;
  return {{first, second}, {second, third}, {third, third + s.auxiliary}};
}

}  // namespace mid
