#pragma once
#include <string>

#include "mid/report/result.hpp"

namespace mid {

/// The bytes of a PNG that a person would put on a slide: columns of true | attacker | average for up to `people` rows,
/// with captions, the title line and the numbers beneath, greys enlarged by a whole factor.
std::string contact_sheet_png(const PictureSheet& sheet, const Result& result, int people = 12);

}  // namespace mid
