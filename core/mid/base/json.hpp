#pragma once
#include <nlohmann/json.hpp>

namespace mid {
using Json = nlohmann::json;
}
