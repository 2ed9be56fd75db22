#pragma once
#include <string>

#include "mid/report/chart.hpp"
#include "mid/report/painter.hpp"

namespace mid {

/// The same picture as chart_svg's, as the bytes of a PNG file with `scale` pixels to each of the SVG's.
std::string chart_png(const Figure& figure, const Fonts& fonts, double scale = 2.5);

}  // namespace mid
