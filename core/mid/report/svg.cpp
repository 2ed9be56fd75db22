#include "mid/report/svg.hpp"

#include <cstdio>

#include "mid/base/text.hpp"
#include "mid/report/drawing.hpp"

namespace mid {
namespace {

std::string hex(Colour c) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", c.red, c.green, c.blue);
  return text;
}

/// A coordinate with a tenth of a pixel.
std::string at(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

std::string stroke(Colour c, double width, bool dashed, double opacity) {
  return "fill=\"none\" stroke=\"" + hex(c) + "\" stroke-width=\"" + at(width) + "\"" + (dashed ? " stroke-dasharray=\"5 4\"" : "") +
         (opacity < 1 ? " opacity=\"" + at(opacity) + "\"" : "") + "/>\n";
}

std::string circle(double x, double y, double r, const std::string& paint) {
  return "<circle cx=\"" + at(x) + "\" cy=\"" + at(y) + "\" r=\"" + at(r) + "\" " + paint;
}

/// Says each shape in SVG.
struct Writer {
  std::string operator()(const Drawing::Box& b) const {
    return "<rect x=\"" + at(b.x) + "\" y=\"" + at(b.y) + "\" width=\"" + at(b.w) + "\" height=\"" + at(b.h) + "\" " +
           (b.radius > 0 ? "rx=\"" + at(b.radius) + "\" " : "") +
           (b.outline ? stroke(b.colour, 1, false, 1) : "fill=\"" + hex(b.colour) + "\"/>\n");
  }
  std::string operator()(const Drawing::Line& l) const {
    std::string path;
    for (const auto& [x, y] : l.points) path += (path.empty() ? "M" : "L") + at(x) + " " + at(y);
    return "<path d=\"" + path + "\" " + stroke(l.colour, l.width, l.dashed, l.opacity);
  }
  std::string operator()(const Drawing::Area& a) const {
    std::string path;
    for (const auto& [x, y] : a.points) path += (path.empty() ? "M" : "L") + at(x) + " " + at(y);
    return "<path d=\"" + path + "z\" fill=\"" + hex(a.colour) + "\"/>\n";
  }
  std::string operator()(const Drawing::Marker& m) const {
    const std::string colour = hex(m.colour), opaque = m.opacity < 1 ? " opacity=\"" + at(m.opacity) + "\"" : "",
                      filled = "fill=\"" + colour + "\"" + opaque + "/>\n",
                      hollow = "fill=\"#ffffff\" stroke=\"" + colour + "\" stroke-width=\"2\"" + opaque + "/>\n";
    const auto parts = corners_of(m.mark);
    if (parts.empty()) return circle(m.x, m.y, m.size * kMarkerRadius, m.hollow ? hollow : filled);
    std::string out;
    for (const auto& part : parts) {
      std::string path;
      for (const auto& [dx, dy] : part) path += (path.empty() ? "M" : "L") + at(m.x + m.size * dx) + " " + at(m.y + m.size * dy);
      out += "<path d=\"" + path + "z\" " + (m.hollow ? hollow : filled);
    }
    return out;
  }
  std::string operator()(const Drawing::Ring& r) const {
    return circle(r.x, r.y, kRingRadius, "fill=\"#ffffff\" stroke=\"" + hex(token::kInk) + "\" stroke-width=\"2\"/>\n");
  }
  std::string operator()(const Drawing::Text& t) const {
    const char* anchor = t.align == Align::left ? "start" : t.align == Align::right ? "end" : "middle";
    const int weight = t.weight == Weight::regular ? 400 : t.weight == Weight::medium ? 500 : 600;
    return "<text x=\"" + at(t.x) + "\" y=\"" + at(t.y) + "\" fill=\"" + hex(t.colour) + "\" font-size=\"" + at(t.size) +
           "\" text-anchor=\"" + anchor + "\" font-weight=\"" + std::to_string(weight) + "\">" + escaped_markup(printable(t.words)) +
           "</text>\n";
  }
};

}  // namespace

std::string drawing_svg(const Drawing& d) {
  const std::string width = std::to_string(d.width), height = std::to_string(d.height);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width +
                    " " + height + "\" role=\"img\" font-family=\"Inter, Helvetica, Arial, sans-serif\">\n<title>" +
                    escaped_markup(printable(d.title)) + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  for (const Drawing::Shape& shape : d.shapes) out += std::visit(Writer{}, shape);
  return out + "</svg>\n";
}

std::string chart_svg(const Figure& figure) { return drawing_svg(arrange(figure)); }

std::string escaped_markup(std::string_view text) {
  std::string out;
  for (const char c : printable_lines(text)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace mid
