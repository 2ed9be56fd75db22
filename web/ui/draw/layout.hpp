#pragma once
#include "ui/draw/paint.hpp"

namespace mid::ui {

/// Where everything stands, in logical pixels; chosen by the logical width alone. A box without width is not shown.
struct Layout {
  enum class Kind { wide, medium, phone } kind = Kind::wide;
  float width = 0, height = 0;  ///< of the page
  Box top, transport, stage, slider, numbers, explain, chart, tabs;
  Box strip;                        ///< under the stage, of a lesson
  bool present = false;             ///< a presentation: no heads, no explanation, larger letters
  bool transport_in_stage = false;  ///< too low for a row of its own
  bool one_pane = false;            ///< explanation and chart take the stage's place when asked for
  float pad = 20;                   ///< inside cards

  // The stage's three rows share columns.
  float label_x = 0, pictures_x = 0, count_x = 0;
  float rows_y = 0;  ///< top of the first row's pictures
  float picture = 88, pitch = 100, row_pitch = 100, gap = 12;
  float label_gap = 30;  ///< on phones: from the label's top to the pictures under it
  int pictures = 6;
  /// What the rows of pictures are fitted into.
  struct Room {
    float y = 0, width = 0, height = 0, largest = 0;
    int fewest = 4, most = 6;
  } room;

  /// Fits `rows` rows of pictures `above` pixels below where they usually begin.
  void make_rows(int rows, float above);
  /// The height that a strip above the rows needs where there is no head whose place it takes.
  float strip_above_rows() const { return present ? 46.f : kind == Kind::phone ? 48.f : 0.f; }

  static Layout of(float width, float height, bool present = false);
  /// The same with a strip in the place of slider and numbers, where these pages have no column beside the stage.
  static Layout above_strip(float width, float height, bool present);
};

}  // namespace mid::ui
