#pragma once
#include "ui/draw/paint.hpp"

namespace mid::ui {

/// Where everything stands, in logical pixels; chosen by the logical width alone. A box without width is not shown.
struct Layout {
  enum class Kind { wide, medium, phone } kind = Kind::wide;
  float width = 0, height = 0;  ///< of the page
  Box top, transport, stage, slider, numbers, explain, chart, tabs;
  Box strip;                        ///< under the stage, of a lesson
  Box aside;                        ///< in a wide presentation: the chart, beside slider and numbers
  bool present = false;             ///< a presentation: no heads, no explanation, larger letters
  bool transport_in_stage = false;  ///< too low for a row of its own
  bool one_pane = false;            ///< explanation and chart take the stage's place when asked for
  float pad = 20;                   ///< inside cards

  // The rows of pictures share columns: true, the attacker's without defence, the attacker's, average.
  float label_x = 0, pictures_x = 0;
  float row_top[4] = {};  ///< top of the pictures, in the order of Pictures::Row
  float picture = 88, pitch = 100, gap = 12;
  float label_gap = 30;      ///< on phones: from the label's top to the pictures under it
  float average = 88;        ///< side of an average picture
  bool plain_row = false;    ///< the attacker's without defence are shown
  bool one_average = false;  ///< one average picture stands for all, without a label above it
  int pictures = 6;          ///< in a row
  // What the model answers about the chosen picture; without width: there is no room, or nothing to show.
  Box network, plain_bars, bars, bars_legend;
  Box bars_band;  ///< on phones: around all of it
  /// What the rows of pictures are fitted into.
  struct Room {
    float y = 0, width = 0, height = 0, largest = 0;
    int fewest = 4, most = 6;
  } room;

  /// What stands on the stage beside the true, the attacker's and the average pictures.
  struct Wish {
    bool plain = false;    ///< the attacker's where there is no defence
    bool numbers = false;  ///< what the model answers
    float above = 0;       ///< pixels above the rows for something else
  };
  /// Fits the rows into their room. A low page shows less than was wished for: the numbers go first, then the row without defence.
  void make_rows(const Wish& wish);
  /// A picture of a row (in the order of Pictures::Row).
  Box tile(int row, int column) const {
    const float side = row == 3 ? average : picture;
    return {pictures_x + pitch * static_cast<float>(column), row_top[row], side, side};
  }
  /// The height that a strip above the rows needs where there is no head whose place it takes.
  float strip_above_rows() const { return present ? 46.f : kind == Kind::phone ? 48.f : 0.f; }

  static Layout of(float width, float height, bool present = false);
  /// The same with a strip in the place of slider and numbers, where these pages have no column beside the stage.
  static Layout above_strip(float width, float height, bool present);

 private:
  void rows_beside_labels(const Wish& wish);
  void rows_under_labels(Wish wish);
};

}  // namespace mid::ui
