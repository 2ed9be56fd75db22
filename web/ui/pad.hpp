#pragma once
#include <utility>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid::ui {

/// A digit that the visitor draws: strokes on a square of side 1.
class Pad {
 public:
  using Point = std::pair<float, float>;

  bool open = false;      ///< stands in the stage's place
  int digit = -1;         ///< which it is; -1: not said yet
  Point at{.5f, .2f};     ///< where the keyboard's pen is
  bool key_down = false;  ///< whether it is on the paper

  void clear() { strokes_.clear(), pen_ = key_down = false, at = {.5f, .2f}; }
  /// Takes the last stroke back.
  void undo() {
    if (!strokes_.empty()) strokes_.pop_back();
    pen_ = key_down = false;
  }
  bool empty() const { return strokes_.empty(); }
  /// The pen is at `p` on the paper.
  void draw(Point p);
  void lift() { pen_ = false; }
  const std::vector<std::vector<Point>>& strokes() const { return strokes_; }
  /// As the digits of MNIST are made: fitted into 20 of 28 pixels with its centre of mass in the middle (LeCun et al. 1998).
  Matrix picture() const;

 private:
  std::vector<std::vector<Point>> strokes_;
  bool pen_ = false;
};

}  // namespace mid::ui
