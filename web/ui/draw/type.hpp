#pragma once
#include <imgui.h>

#include <string_view>
#include <vector>

namespace mid::ui {

/// A size and weight of Inter, in logical pixels (CSS pixels at text scale 1). `tabular`: every digit takes the width of
/// "0", so that numbers which change do not dance.
struct Type {
  enum Weight { regular, medium, semibold, icons } weight = regular;
  int size = 16;
  bool tabular = false;
  friend bool operator==(const Type&, const Type&) = default;
};

inline constexpr Type kNote{Type::regular, 14}, kNoteMedium{Type::medium, 14}, kNoteStrong{Type::semibold, 14};
inline constexpr Type kNoteDigits{Type::regular, 14, true};
inline constexpr Type kBody{Type::regular, 16}, kBodyMedium{Type::medium, 16}, kBodyStrong{Type::semibold, 16};
inline constexpr Type kTitle{Type::semibold, 20}, kFormula{Type::semibold, 20, true};
inline constexpr Type kCount{Type::semibold, 28}, kNumber{Type::semibold, 48}, kPercent{Type::semibold, 24};
inline constexpr Type kIcon{Type::icons, 20}, kIconSmall{Type::icons, 16};

/// The fonts, rasterised for one scale: drawn at the size they were made for, so that stems stay sharp.
class TypeSet {
 public:
  /// Fills ImGui's atlas. `scale` is device pixels per logical pixel; `large`: every size is one step up, for a room.
  /// Afterwards the atlas' texture must be uploaded anew.
  void build(float scale, bool large = false);
  float scale() const { return scale_; }
  bool large() const { return large_; }

  struct Font {
    ImFont* font = nullptr;
    float pixels = 0;  ///< the size to draw with, device pixels
    float ascent = 0;  ///< from the top of the line to the baseline, device pixels
    float zero = 0;    ///< advance of "0", device pixels
  };
  const Font& of(Type type) const;

  /// Advance of a text in device pixels.
  float advance(Type type, std::string_view text) const;

 private:
  struct Entry {
    Type type;
    Font font;
  };
  float scale_ = 0;
  bool large_ = false;
  std::vector<Entry> entries_;
};

/// Decodes the UTF-8 character at the front of `text` and removes it.
unsigned take_character(std::string_view& text);

}  // namespace mid::ui
