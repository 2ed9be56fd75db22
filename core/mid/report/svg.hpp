#pragma once
#include <string>

#include "mid/report/drawing.hpp"

namespace mid {

/// The figure as an SVG document: light theme, Inter where the reader has it, markers that differ in shape as well as in
/// colour, intervals as thin strokes, a legend beneath.
std::string chart_svg(const Figure& figure);

/// Whatever was arranged, shape by shape, as an SVG document.
std::string drawing_svg(const Drawing& drawing);

}  // namespace mid
