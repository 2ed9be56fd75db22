#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "ui/draw/motion.hpp"
#include "ui/page_model.hpp"

namespace mid::ui {

/// Which rows of the sheet stand on the stage, and their pixels in one texture. Two layers, so that new pictures can fade in
/// over old ones.
class Pictures {
 public:
  static constexpr int kColumns = 10, kRows = 4, kOthers = 4, kTile = 64;
  static constexpr int kWidth = kColumns * kTile, kHeight = (2 * kRows + 1 + kOthers) * kTile;  // then a line-up, then others

  /// `plain`: what the same attack draws where there is no defence.
  enum Row { truth, plain, guess, average };

  /// What is to be seen.
  struct Scene {
    const Shown& shown;
    const Shown* plain = nullptr;           ///< null: it is not looked at
    int step = -1;                          ///< of the attack; -1: what it kept
    int columns = 6, draw = 0;              ///< so many pictures, the `draw`-th choice among the rows
    bool inverted = false;                  ///< swaps black and white
    std::vector<const Shown*> others = {};  ///< what the same attack draws elsewhere, at most kOthers; null: nothing yet
    int lined_up = -1;                      ///< the row of the sheet whose line-up is looked at; -1: none is
    std::string_view first = {};            ///< drawn_rows()
  };
  /// Makes the texture show it. Returns true when pixels() changed and must be uploaded.
  bool update(const Scene& scene);

  /// The next update() returns true.
  void forget() { columns_ = 0; }

  std::span<const std::uint8_t> pixels() const { return pixels_; }  ///< RGBA, kWidth x kHeight
  int columns() const { return static_cast<int>(picked_.size()); }
  /// The sheet's row in a column of the stage.
  int picked(int column) const { return picked_[static_cast<std::size_t>(column)]; }
  bool has(Row row) const { return has_[row]; }
  bool had(Row row) const { return had_[row]; }
  /// Texture corners of a picture, of the new or the old layer.
  void corners(Row row, int column, bool old, float uv[4]) const;
  /// The same of a candidate in the line-up.
  void candidate_corners(int place, float uv[4]) const;
  /// Whether the others' `which`-th is there, and the corners of its pictures.
  bool has_other(int which) const { return which < kOthers && has_other_[which]; }
  void other_corners(int which, int column, float uv[4]) const;
  int serial() const { return serial_; }  ///< grows with each fade that should start

 private:
  std::vector<std::uint8_t> pixels_ = std::vector<std::uint8_t>(static_cast<std::size_t>(kWidth) * kHeight * 4);
  std::vector<int> picked_;
  bool has_[kRows] = {}, had_[kRows] = {};
  int height_ = 1, width_ = 1, old_height_ = 1, old_width_ = 1;
  int layer_ = 0, serial_ = 0;
  int shown_ = -1, plain_ = -1, step_ = -1, columns_ = 0, draw_ = -1;
  bool inverted_ = false;
  int lined_up_ = -1;
  bool has_other_[kOthers] = {};
  std::vector<int> others_;  ///< their serials; -1: nothing yet
  void draw_tile(const std::uint8_t* from, int x, int y);
};

/// The name of the row that the visitor drew.
inline constexpr const char* kDrawn = "drawn";
/// The rows of a sheet in the order of the `draw`-th choice: a person once as long as there are others. Choice 0 begins with the rows of
/// the class `first` (Story::opens_with), whatever was made of them.
std::vector<int> drawn_rows(const PictureSheet& sheet, int draw, std::string_view first);

}  // namespace mid::ui
