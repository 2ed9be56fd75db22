#include "ranks.hpp"

namespace mid::cli {

std::unique_ptr<Ranks> ranks() { return nullptr; }

}  // namespace mid::cli
