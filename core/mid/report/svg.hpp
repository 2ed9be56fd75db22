#pragma once
#include <string>

#include "mid/report/chart.hpp"

namespace mid {

/// The chart as an SVG document of the given size in pixels: light theme, Inter where the reader has it, markers that
/// differ in shape as well as in colour, intervals as thin strokes, a legend beneath.
std::string chart_svg(const Chart& chart, int width = 640, int height = 420);

}  // namespace mid
