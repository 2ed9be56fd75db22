#pragma once
#include <string>

#include "mid/report/painter.hpp"
#include "mid/report/result.hpp"
#include "mid/report/sheets.hpp"

namespace mid {

/// A PNG that a person would put on a slide: columns of true | attacker | average for up to `people` victims (at first one
/// picture of each person), each with a bar for the chance that it is picked rightly among 10; above it the question and
/// what was done, beneath it the two numbers with their baselines, and whose data this is. Greys are enlarged by a whole
/// factor. `scale` makes all of it larger or smaller than its some 1,900 pixels.
std::string contact_sheet_png(const PictureSheet& sheet, const Result& result, const Fonts& fonts, int people = 12, double scale = 1);

/// The same for an attribute attack: for two persons the two bells between which the released answer decides (spikes where
/// there is no noise), and up to 1,000 people as a grid: right without the model, right only thanks to it, wrong.
/// The bells are left out where the secret has more than two values or the attack gives none.
std::string belief_sheet_png(const BeliefSheet& sheet, const Result& result, const Fonts& fonts, double scale = 1);

}  // namespace mid
