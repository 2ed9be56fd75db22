#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {
NetworkHooks network(const Json&) { return {}; }
}  // namespace

extern const Defense none;
const Defense none{{"none", "No defence", "The model is trained for its task alone; a bottleneck is a plain layer.", "", nullptr},
                   &network, nullptr, nullptr};

}  // namespace mid::defense
