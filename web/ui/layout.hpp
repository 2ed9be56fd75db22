#pragma once
#include "paint.hpp"

namespace mid::ui {

/// Where everything stands, in logical pixels; chosen by the logical width alone. A box without width is not shown.
struct Layout {
  enum class Kind { wide, medium, phone } kind = Kind::wide;
  float width = 0, height = 0;  ///< of the page
  Box top, transport, stage, slider, numbers, explain, chart, tabs;
  bool transport_in_stage = false;  ///< too low for a row of its own
  bool one_pane = false;            ///< explanation and chart take the stage's place when asked for
  float pad = 20;                   ///< inside cards

  // The stage's three rows share columns.
  float label_x = 0, pictures_x = 0, count_x = 0;
  float rows_y = 0;   ///< top of the first row's pictures
  float picture = 88, pitch = 100, row_pitch = 100, gap = 12;
  float label_gap = 30;  ///< on phones: from the label's top to the pictures under it
  int pictures = 6;

  static Layout of(float width, float height);
};

}  // namespace mid::ui
