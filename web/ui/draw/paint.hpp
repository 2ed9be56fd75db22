#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ui/draw/theme.hpp"
#include "ui/draw/type.hpp"

namespace mid::ui {

/// A place on the page in logical pixels.
struct Box {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float middle_x() const { return x + w / 2; }
  float middle_y() const { return y + h / 2; }
  Box grown(float by) const { return {x - by, y - by, w + 2 * by, h + 2 * by}; }
  bool contains(float px, float py) const { return px >= x && py >= y && px < right() && py < bottom(); }
};

enum class Align { left, centre, right };

/// A part of a text with a look of its own.
struct Span {
  std::string_view text;
  Type type;
  ImU32 colour;
};

/// What was painted, for tests that look whether everything can be read. Boxes in logical pixels.
struct Seen {
  struct Text {
    std::string text;
    Type type;
    Box ink;                 ///< around its visible parts
    Box clip;                ///< nothing outside was painted
    const ImDrawList* list;  ///< lists lie over one another: the page, a menu, a tooltip
  };
  std::vector<Text> texts;
  std::vector<Box> cards;
};

/// The primitives that everything is drawn with. Takes logical pixels, puts edges and text on whole device pixels.
class Paint {
 public:
  Paint(ImDrawList& list, const TypeSet& types, const Theme& colours) : theme(colours), list_(list), types_(types) {}

  /// The same on another list: a menu, a tooltip.
  Paint(ImDrawList& list, const Paint& other) : theme(other.theme), list_(list), types_(other.types_) {}

  const Theme& theme;
  /// Where texts and cards are written down while it is set; tests alone set it.
  static inline Seen* witness = nullptr;

  void fill(Box box, ImU32 colour, float radius = 0);
  void stroke(Box box, ImU32 colour, float thickness = 1, float radius = 0);
  void line(float x0, float y0, float x1, float y1, ImU32 colour, float thickness = 1);
  void dashed(float x0, float y0, float x1, float y1, ImU32 colour);
  /// A filled convex polygon, given as x, y, x, y, ...
  void polygon(const std::vector<float>& corners, ImU32 colour);
  void circle(float x, float y, float radius, ImU32 colour);
  void ring(float x, float y, float radius, ImU32 colour, float thickness = 2);
  /// A line through points given as x, y, x, y, ...
  void polyline(const std::vector<float>& points, ImU32 colour, float thickness);
  /// The area between a curve and a horizontal line.
  void area(const std::vector<float>& points, float floor, ImU32 colour);
  void image(ImTextureID texture, Box box, const float uv[4], float opacity, float radius);

  /// Nothing outside `box` is painted until unclip(). Each panel has its own clip, so that a frame in which only one panel
  /// changed can be drawn by redrawing that one.
  void clip(Box box);
  void unclip() { list_.PopClipRect(); }

  /// A surface with hairline and shadow.
  void card(Box box);
  /// A bar of `share` in 0 to 1 on its track.
  void bar(Box box, float share, ImU32 colour);
  /// Tick or cross in a disc.
  void badge(float x, float y, bool tick, ImU32 colour);
  void diamond(float x, float y, float radius, ImU32 colour);
  void triangle_up(float x, float y, float radius, ImU32 colour);
  void cross(float x, float y, float radius, ImU32 colour, float thickness = 2);
  void triangle_right(float x, float y, float size, ImU32 colour);

  /// One line of text; returns its advance. `y` is the baseline.
  float text(float x, float y, Type type, ImU32 colour, std::string_view text, Align align = Align::left);
  /// Parts of one line, one after the other.
  float text(float x, float y, const std::vector<Span>& parts, Align align = Align::left);
  float width(Type type, std::string_view text) const { return types_.advance(type, text) / scale(); }
  /// What is left of a stranger's words in `room`.
  std::string fitting(Type type, std::string_view text, float room) const;
  /// Text in lines of at most `width`, broken between words; **strong** words take the semibold weight and full ink.
  /// `y` is the first baseline. Returns the number of lines. With `draw` false it only counts.
  int paragraph(float x, float y, float width, Type type, ImU32 colour, std::string_view text, float line_height, bool draw = true);
  /// An icon of Lucide around its middle.
  void icon(float x, float y, const char* name, ImU32 colour, Type type = kIcon);

  const TypeSet::Font& font(Type type) const { return types_.of(type); }
  float scale() const { return types_.scale(); }
  ImDrawList& list() { return list_; }
  /// Logical to device pixels, whole.
  float px(float v) const;

 private:
  ImVec2 at(float x, float y) const { return {px(x), px(y)}; }
  void see(float left, float top, Type type, std::string_view text) const;
  ImDrawList& list_;
  const TypeSet& types_;
};

}  // namespace mid::ui
