#pragma once
#include "ui/frame.hpp"

namespace mid::ui {

/// All of the page. Returns the seconds until the next frame is wanted; negative: none.
double page(Frame& f);

}  // namespace mid::ui
