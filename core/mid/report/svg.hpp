#pragma once
#include <string>

#include "mid/report/chart.hpp"

namespace mid {

/// The figure as an SVG document: light theme, Inter where the reader has it, markers that differ in shape as well as in
/// colour, intervals as thin strokes, a legend beneath.
std::string chart_svg(const Figure& figure);

}  // namespace mid
