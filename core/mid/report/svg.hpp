#pragma once
#include <string>
#include <string_view>

#include "mid/report/drawing.hpp"

namespace mid {

/// The figure as an SVG document: light theme, Inter where the reader has it, markers that differ in shape as well as in
/// colour, intervals as thin strokes, a legend beneath.
std::string chart_svg(const Figure& figure);

/// Whatever was arranged, shape by shape, as an SVG document.
std::string drawing_svg(const Drawing& drawing);

/// Text as it stands in SVG and HTML, between tags or in a quoted attribute: signs of markup become entities, what no document may
/// hold is spelled out (printable_lines, base/text.hpp).
std::string escaped_markup(std::string_view text);

}  // namespace mid
