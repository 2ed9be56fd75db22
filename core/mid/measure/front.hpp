#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace mid {

/// What a setting of a defence is worth: how useful its answers are, and what its attacker gets. Both as shares: utility 0 is the guess
/// without a model and 1 a perfect one, leak 0 is the guess without the answer and 1 what the attacker of the undefended model gets.
struct Trade {
  double utility = 0, leak = 0;
};

/// The places of those that no other one dominates (at least as useful and leaks no more, one of the two strictly), from the least leak
/// on; of equal ones the first. method.md section 7.
std::vector<std::size_t> front(std::span<const Trade> trades);

/// The share of the square between the undefended model's leak and the guess's, and between no utility and a perfect one, that these
/// settings cover: each stretch of utility at its least leak, where less than the guess gets is luck and counts as the guess. 0: nothing
/// better than constant answers, or than the undefended model. method.md section 7.
double hypervolume(std::span<const Trade> trades);

}  // namespace mid
