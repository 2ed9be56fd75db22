#include "mid/report/painter.hpp"

#include <stb_image_write.h>
#include <stb_truetype.h>

#include <algorithm>
#include <cmath>

#include "mid/base/error.hpp"

namespace mid {
namespace {

/// How much of a pixel lies inside a shape whose border is `distance` away from the pixel's middle (negative: inside).
double coverage_at(double distance) { return std::clamp(.5 - distance, 0.0, 1.0); }

/// Signed distance from a point to a box with round corners.
double box_distance(double px, double py, double x, double y, double w, double h, double radius) {
  const double qx = std::abs(px - (x + w / 2)) - (w / 2 - radius), qy = std::abs(py - (y + h / 2)) - (h / 2 - radius);
  return (qx > 0 && qy > 0 ? std::hypot(qx, qy) : std::max(qx, qy)) - radius;  // the root at corners only: most of a box has none
}

/// Takes the next code point off UTF-8 text; a broken byte becomes '?'.
int next_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if ((first & 0xC0) == 0x80 || length > text.size()) {
    text.remove_prefix(1);
    return '?';
  }
  int code = length == 1 ? first : first & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (text[i] & 0x3F);
  text.remove_prefix(length);
  return code;
}

}  // namespace

struct Painter::Typeface {
  explicit Typeface(std::span<const unsigned char> bytes) {
    const int offset = bytes.size() > 12 ? stbtt_GetFontOffsetForIndex(bytes.data(), 0) : -1;
    if (offset < 0 || !stbtt_InitFont(&info, bytes.data(), offset)) throw Failure(Message("refusal.font"));
  }
  double scale(double size) const { return stbtt_ScaleForMappingEmToPixels(&info, static_cast<float>(size)); }
  double advance(int glyph) const {
    int units = 0, bearing = 0;
    stbtt_GetGlyphHMetrics(&info, glyph, &units, &bearing);
    return units;
  }
  stbtt_fontinfo info{};
};

Painter::Painter(int width, int height, Colour ground, const Fonts& fonts, double scale)
    : scale_(scale),
      width_(std::max(1, static_cast<int>(std::lround(width * scale)))),
      height_(std::max(1, static_cast<int>(std::lround(height * scale)))),
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3) {
  for (const auto& bytes : {fonts.regular, fonts.medium, fonts.semibold}) faces_.push_back(std::make_unique<Typeface>(bytes));
  for (std::size_t i = 0; i < pixels_.size(); i += 3) pixels_[i] = ground.red, pixels_[i + 1] = ground.green, pixels_[i + 2] = ground.blue;
}

Painter::~Painter() = default;

const Painter::Typeface& Painter::face(Weight weight) const { return *faces_[static_cast<std::size_t>(weight)]; }

void Painter::blend(int x, int y, Colour c, double coverage) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_ || coverage <= 0) return;
  std::uint8_t* p = &pixels_[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3];
  if (coverage >= 1) {
    p[0] = c.red, p[1] = c.green, p[2] = c.blue;
    return;
  }
  const auto mix = [&](std::uint8_t& to, std::uint8_t from) { to = static_cast<std::uint8_t>(to + coverage * (from - to) + .5); };
  mix(p[0], c.red), mix(p[1], c.green), mix(p[2], c.blue);
}

/// Calls `coverage` with the middle of every pixel that the given range touches.
template <class Coverage>
void Painter::paint(double left, double top, double right, double bottom, Colour c, Coverage coverage) {
  const int x0 = std::max(0, static_cast<int>(std::floor(left))), x1 = std::min(width_, static_cast<int>(std::ceil(right)));
  const int y0 = std::max(0, static_cast<int>(std::floor(top))), y1 = std::min(height_, static_cast<int>(std::ceil(bottom)));
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) blend(x, y, c, coverage(x + .5, y + .5));
}

void Painter::box(double x, double y, double w, double h, Colour c, double radius, double opacity) {
  x *= scale_, y *= scale_, w *= scale_, h *= scale_;
  const double r = std::min({radius * scale_, w / 2, h / 2});
  paint(x - 1, y - 1, x + w + 1, y + h + 1, c,
        [=](double px, double py) { return opacity * coverage_at(box_distance(px, py, x, y, w, h, r)); });
}

void Painter::frame(double x, double y, double w, double h, Colour c, double thickness, double radius) {
  x *= scale_, y *= scale_, w *= scale_, h *= scale_, thickness *= scale_;
  const double r = std::min({radius * scale_, w / 2, h / 2});
  paint(x - 1, y - 1, x + w + 1, y + h + 1, c, [=](double px, double py) {
    const double d = box_distance(px, py, x, y, w, h, r);
    return std::max(0.0, coverage_at(d) - coverage_at(d + thickness));
  });
}

void Painter::line(double x0, double y0, double x1, double y1, Colour c, double thickness, double opacity) {
  x0 *= scale_, y0 *= scale_, x1 *= scale_, y1 *= scale_, thickness *= scale_;
  const double dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy, reach = thickness / 2 + 1;
  paint(std::min(x0, x1) - reach, std::min(y0, y1) - reach, std::max(x0, x1) + reach, std::max(y0, y1) + reach, c,
        [=](double px, double py) {
          const double t = length2 > 0 ? std::clamp(((px - x0) * dx + (py - y0) * dy) / length2, 0.0, 1.0) : 0;
          return opacity * coverage_at(std::hypot(px - x0 - t * dx, py - y0 - t * dy) - thickness / 2);
        });
}

void Painter::polygon(std::span<const std::pair<double, double>> unscaled, Colour c) {
  if (unscaled.size() < 3) return;
  std::vector<std::pair<double, double>> corners(unscaled.begin(), unscaled.end());
  for (auto& [x, y] : corners) x *= scale_, y *= scale_;
  double left = width_, top = height_, right = 0, bottom = 0;
  for (const auto& [x, y] : corners)
    left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
  paint(left - 1, top - 1, right + 1, bottom + 1, c, [&](double px, double py) {
    double distance = -1e9;  // to the nearest side: positive outside
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const auto [x0, y0] = corners[i];
      const auto [x1, y1] = corners[(i + 1) % corners.size()];
      distance = std::max(distance, ((px - x0) * (y1 - y0) - (py - y0) * (x1 - x0)) / std::hypot(x1 - x0, y1 - y0));
    }
    return coverage_at(distance);
  });
}

void Painter::area(int x, std::span<const double> tops, double bottom, Colour c, double opacity) {
  bottom *= scale_;
  const int left = static_cast<int>(std::lround(x * scale_)),
            columns = static_cast<int>(std::lround(static_cast<double>(tops.size()) * scale_));
  for (int column = 0; column < columns; ++column) {
    const double top = scale_ * tops[std::min(static_cast<std::size_t>((column + .5) / scale_), tops.size() - 1)];
    for (int y = std::max(0, static_cast<int>(std::floor(top))); y < bottom; ++y)
      blend(left + column, y, c, opacity * std::clamp(std::min(y + 1.0, bottom) - std::max<double>(y, top), 0.0, 1.0));
  }
}

void Painter::picture(int x, int y, const std::uint8_t* grey, int h, int w, int factor, double radius) {
  const double side = factor * scale_;  // of one value
  const int left = static_cast<int>(std::lround(x * scale_)), top = static_cast<int>(std::lround(y * scale_));
  const int rows = static_cast<int>(std::lround(h * side)), columns = static_cast<int>(std::lround(w * side));
  // Where a value is no whole number of pixels, those at its border get some of both.
  const int samples = side == std::floor(side) ? 1 : 4;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      float sum = 0;
      for (int i = 0; i < samples; ++i)
        for (int j = 0; j < samples; ++j) {
          const int r = std::min(static_cast<int>((row + (i + .5) / samples) / side), h - 1),
                    c = std::min(static_cast<int>((column + (j + .5) / samples) / side), w - 1);
          sum += grey[r * w + c];
        }
      const auto level = static_cast<std::uint8_t>(std::lround(sum / static_cast<float>(samples * samples)));
      blend(left + column, top + row, {level, level, level},
            coverage_at(box_distance(column + .5, row + .5, 0, 0, columns, rows, radius * scale_)));
    }
}

double Painter::text_width(std::string_view text, double size, Weight weight) const {
  const Typeface& f = face(weight);
  double width = 0;
  while (!text.empty()) width += f.advance(stbtt_FindGlyphIndex(&f.info, next_code_point(text)));
  return width * f.scale(size);
}

double Painter::text(double x, double baseline, std::string_view text, double size, Weight weight, Colour c, Align align) {
  if (align != Align::left) x -= text_width(text, size, weight) / (align == Align::centre ? 2 : 1);
  x *= scale_;
  const Typeface& f = face(weight);
  const auto scale = static_cast<float>(f.scale(size * scale_));
  const double line = std::round(baseline * scale_);  // letters on whole pixels look sharper
  while (!text.empty()) {
    const int glyph = stbtt_FindGlyphIndex(&f.info, next_code_point(text));
    const double whole = std::floor(x);
    int w = 0, h = 0, left = 0, top = 0;
    unsigned char* bitmap =
        stbtt_GetGlyphBitmapSubpixel(&f.info, scale, scale, static_cast<float>(x - whole), 0, glyph, &w, &h, &left, &top);
    for (int row = 0; bitmap && row < h; ++row)
      for (int column = 0; column < w; ++column)
        blend(static_cast<int>(whole) + left + column, static_cast<int>(line) + top + row, c, bitmap[row * w + column] / 255.0);
    stbtt_FreeBitmap(bitmap, nullptr);
    x += f.advance(glyph) * static_cast<double>(scale);
  }
  return x / scale_;
}

std::string Painter::png() const { return png_bytes(width_, height_, pixels_); }

std::string png_bytes(int width, int height, std::span<const std::uint8_t> rgb) {
  std::string bytes;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  // Half of the time that trying five filters for every line and looking far back takes, for files within a tenth as large.
  [[maybe_unused]] static const bool chosen = [] {
    stbi_write_force_png_filter = 0, stbi_write_png_compression_level = 5;
    return true;
  }();
  if (!stbi_write_png_to_func(append, &bytes, width, height, 3, rgb.data(), width * 3)) throw Failure(Message("refusal.png"));
  return bytes;
}

}  // namespace mid
