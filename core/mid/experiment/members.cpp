#include "mid/experiment/members.hpp"

#include <algorithm>

namespace mid {

std::vector<int> members_and_strangers(const Dataset& set, const Split& split, Stream random) {
  const auto drawn = [&](const std::vector<int>& from, const char* name) {
    std::vector<int> out;
    for (const int place : permutation(random.sub(name), static_cast<int>(from.size())))
      if (const int row = from[static_cast<std::size_t>(place)]; set.classes.empty() || set.label[row] >= 0) out.push_back(row);
    return out;
  };
  std::vector<int> members = drawn(split.train, "members"), strangers = drawn(split.test, "strangers");
  const std::size_t each = std::min(members.size(), strangers.size());
  members.resize(each);
  members.insert(members.end(), strangers.begin(), strangers.begin() + static_cast<std::ptrdiff_t>(each));
  std::vector<int> out;
  for (const int place : permutation(random.sub("order"), static_cast<int>(members.size())))
    out.push_back(members[static_cast<std::size_t>(place)]);
  return out;
}

VectorXi membership_of(const Split& split) {
  std::vector<int> learnt = split.train;
  std::sort(learnt.begin(), learnt.end());
  VectorXi out(static_cast<Eigen::Index>(split.attacked.size()));
  for (Eigen::Index i = 0; i < out.size(); ++i)
    out[i] = std::binary_search(learnt.begin(), learnt.end(), split.attacked[static_cast<std::size_t>(i)]) ? 1 : 0;
  return out;
}

}  // namespace mid
