#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mid/report/tokens.hpp"

namespace mid {

/// The bytes of three weights of a typeface (TrueType or OpenType), which outlive their use. The core holds no font: the
/// programs bring Inter (core/cmake/fonts.cmake), others any font file.
struct Fonts {
  std::span<const unsigned char> regular, medium, semibold;
};

enum class Weight { regular, medium, semibold };
enum class Align { left, centre, right };

/// Draws anti-aliased shapes and text on a picture in memory, in units from the top left corner: pixels, unless it is made larger
/// or smaller by `scale`.
class Painter {
 public:
  /// Throws Failure when a font cannot be read.
  Painter(int width, int height, Colour ground, const Fonts& fonts, double scale = 1);
  ~Painter();
  double width() const { return width_ / scale_; }  ///< in units

  void box(double x, double y, double w, double h, Colour c, double radius = 0, double opacity = 1);
  /// The outline of a box, inside it.
  void frame(double x, double y, double w, double h, Colour c, double thickness = 1, double radius = 0);
  void line(double x0, double y0, double x1, double y1, Colour c, double thickness = 1, double opacity = 1);
  /// A filled convex polygon, its corners in the order of the clock.
  void polygon(std::span<const std::pair<double, double>> corners, Colour c);
  /// Fills from the curve tops[i], at the column x + i, down to `bottom`.
  void area(int x, std::span<const double> tops, double bottom, Colour c, double opacity = 1);
  /// A grey picture of h x w bytes, 0 black to 255 white, row by row, each value a square of `factor` units, with round corners.
  void picture(int x, int y, const std::uint8_t* grey, int h, int w, int factor, double radius = 0);

  /// One line of UTF-8 text whose letters stand on `baseline`; `size` is the em in units. Returns the x behind it.
  double text(double x, double baseline, std::string_view text, double size, Weight weight, Colour c, Align align = Align::left);
  double text_width(std::string_view text, double size, Weight weight) const;

  /// The picture as the bytes of a PNG file.
  std::string png() const;

 private:
  struct Typeface;
  const Typeface& face(Weight weight) const;
  void blend(int x, int y, Colour c, double coverage);
  template <class Coverage>
  void paint(double left, double top, double right, double bottom, Colour c, Coverage coverage);

  double scale_;
  int width_, height_;                // pixels
  std::vector<std::uint8_t> pixels_;  // red, green, blue, row by row
  std::vector<std::unique_ptr<Typeface>> faces_;
};

/// Pixels of red, green and blue, row by row from the top, as the bytes of a PNG file. Throws Failure without memory.
std::string png_bytes(int width, int height, std::span<const std::uint8_t> rgb);

}  // namespace mid
