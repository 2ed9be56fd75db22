#pragma once
#include <string>

#include "mid/base/json.hpp"

namespace mid {

/// What a person typed as a value: JSON; a number in another usual form (.1, 1., +2); or else the text.
Json value_of(const std::string& text);

}  // namespace mid
