#pragma once
#include <functional>

#include "mid/report/drawing.hpp"
#include "ui/draw/paint.hpp"

namespace mid::ui {

/// A size and weight of the page's letters for those of a drawing.
Type type_of(double size, Weight weight);
/// Widths of the page's letters, for whoever arranges a drawing for it.
TextWidth widths(const Paint& paint);
/// Paints the shapes of a drawing in the colours of the page's look. `grown`: how large the n-th marker is; null: all as they are.
void paint_drawing(Paint& paint, const std::vector<Drawing::Shape>& shapes, const std::function<float(std::size_t marker)>& grown = {});

}  // namespace mid::ui
