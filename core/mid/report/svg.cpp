#include "mid/report/svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/report/tokens.hpp"

namespace mid {
namespace {

using Role = Chart::Role;

Colour colour(Role role) {
  switch (role) {
    case Role::model: return token::kModel;
    case Role::attack: return token::kAttack;
    case Role::defend: return token::kDefend;
    case Role::noise: return token::kInk2;
    case Role::privacy: return token::kPrivacy;
    case Role::rounding: return token::kRounding;
    case Role::ink: return token::kInk;
  }
  return token::kInk;
}

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

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string line(double x0, double y0, double x1, double y1, Colour c, double width, const std::string& more = "") {
  return "<line x1=\"" + at(x0) + "\" y1=\"" + at(y0) + "\" x2=\"" + at(x1) + "\" y2=\"" + at(y1) + "\" stroke=\"" + hex(c) +
         "\" stroke-width=\"" + at(width) + "\"" + more + "/>\n";
}

std::string text(double x, double y, const std::string& words, Colour c, const char* anchor = "start", int weight = 400) {
  return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" fill=\"" + hex(c) + "\" text-anchor=\"" + anchor + "\" font-weight=\"" +
         std::to_string(weight) + "\">" + escaped(words) + "</text>\n";
}

/// Each role has a shape of its own.
std::string marker(double x, double y, Role role) {
  const std::string filled = "fill=\"" + hex(colour(role)) + "\"/>\n", hollow = "fill=\"#ffffff\" stroke=\"" + hex(colour(role)) + "\" stroke-width=\"2\"/>\n";
  switch (role) {
    case Role::noise: return "<rect x=\"" + at(x - 4.5) + "\" y=\"" + at(y - 4.5) + "\" width=\"9\" height=\"9\" " + hollow;
    case Role::privacy: return "<path d=\"M" + at(x) + " " + at(y - 6) + "l6 10.5h-12z\" " + filled;
    case Role::rounding: return "<path d=\"M" + at(x) + " " + at(y - 6.5) + "l6.5 6.5l-6.5 6.5l-6.5 -6.5z\" " + filled;
    default: return "<circle cx=\"" + at(x) + "\" cy=\"" + at(y) + "\" r=\"5\" " + filled;
  }
}

/// The plot's frame on the page, and where values stand in it.
struct Plot {
  const Chart& chart;
  double left, top, right, bottom;
  double x(double v) const { return left + (right - left) * (v - chart.x.low) / (chart.x.high - chart.x.low); }
  double y(double v) const { return bottom - (bottom - top) * (v - chart.y.low) / (chart.y.high - chart.y.low); }
};

std::string axes(const Plot& p) {
  std::string out;
  for (double tick : nice_ticks(p.chart.y.low, p.chart.y.high, 3)) {
    out += line(p.left, p.y(tick), p.right, p.y(tick), token::kLine, 1);
    out += text(p.left - 8, p.y(tick) + 5, tick_words(tick, p.chart.y), token::kInk3, "end");
  }
  for (double tick : nice_ticks(p.chart.x.low, p.chart.x.high, 3)) out += text(p.x(tick), p.bottom + 20, tick_words(tick, p.chart.x), token::kInk3, "middle");
  out += text(p.left, p.top - 14, p.chart.y.title, colour(p.chart.y.role), "start", 500);
  return out + text(p.right, p.bottom + 42, p.chart.x.title + " →", colour(p.chart.x.role), "end", 500);
}

std::string marks(const Plot& p) {
  std::string out;
  for (const Chart::Mark& m : p.chart.marks) {
    const double x = p.x(m.at), y = p.y(m.at);
    out += m.vertical ? line(x, p.top, x, p.bottom, token::kInk2, 1.5, " stroke-dasharray=\"5 4\"")
                      : line(p.left, y, p.right, y, token::kInk2, 1.5, " stroke-dasharray=\"5 4\"");
    out += m.vertical ? text(x + 6, p.top + 12, m.words, token::kInk2) : text(p.right, y - 6, m.words, token::kInk2, "end");
  }
  return out;
}

std::string series(const Plot& p, const Chart::Series& s) {
  const Colour c = colour(s.role);
  std::string out, path;
  for (const Chart::Point& point : s.points) {
    path += (path.empty() ? "M" : "L") + at(p.x(point.x)) + " " + at(p.y(point.y));
    if (point.low && point.high)
      out += line(p.x(point.x), p.y(std::max(*point.low, p.chart.y.low)), p.x(point.x), p.y(std::min(*point.high, p.chart.y.high)), c, 1.2, " opacity=\"0.6\"");
  }
  if (s.joined && s.points.size() > 1) out += "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + hex(c) + "\" stroke-width=\"2\"/>\n";
  for (const Chart::Point& point : s.points) {
    const double x = p.x(point.x), y = p.y(point.y);
    if (point.ring) out += "<circle cx=\"" + at(x) + "\" cy=\"" + at(y) + "\" r=\"11\" fill=\"#ffffff\" stroke=\"" + hex(token::kInk) + "\" stroke-width=\"2\"/>\n";
    out += marker(x, y, s.role);
    const bool near_right = x > p.right - 80;
    if (!point.label.empty()) out += text(x + (near_right ? -10 : 10), y + 20, point.label, c, near_right ? "end" : "start");
  }
  return out;
}

std::string legend(const Plot& p) {
  std::string out;
  double x = p.left + 6;
  for (const Chart::Series& s : p.chart.series) {
    out += marker(x, p.bottom + 37, s.role) + text(x + 12, p.bottom + 42, s.name, token::kInk2);
    x += 40 + 8.0 * static_cast<double>(s.name.size());
  }
  return out;
}

}  // namespace

std::string chart_svg(const Chart& chart, int width, int height) {
  const Plot plot{chart, 64, chart.title.empty() ? 40.0 : 74.0, width - 24.0, height - 60.0};
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) + "\" height=\"" + std::to_string(height) +
                    "\" viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height) +
                    "\" role=\"img\" font-family=\"Inter, Helvetica, Arial, sans-serif\" font-size=\"14\">\n<title>" +
                    escaped(chart.title) + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  if (!chart.title.empty()) out += "<text x=\"24\" y=\"34\" fill=\"" + hex(token::kInk) + "\" font-size=\"18\" font-weight=\"600\">" + escaped(chart.title) + "</text>\n";
  out += axes(plot) + marks(plot);
  for (const Chart::Series& s : chart.series) out += series(plot, s);
  return out + legend(plot) + "</svg>\n";
}

}  // namespace mid
