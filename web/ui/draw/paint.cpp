#include "ui/draw/paint.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "mid/base/text.hpp"

namespace mid::ui {

float Paint::px(float v) const { return std::round(v * scale()); }

void Paint::fill(Box b, ImU32 colour, float radius) {
  list_.AddRectFilled(at(b.x, b.y), at(b.right(), b.bottom()), colour, radius * scale());
}

void Paint::stroke(Box b, ImU32 colour, float thickness, float radius) {
  const float t = std::max(1.f, px(thickness)), half = (t - 1) / 2;
  const ImVec2 from = at(b.x, b.y), to = at(b.right(), b.bottom());
  // ImGui centres a stroke on the outline; ours lies inside the box.
  list_.AddRect({from.x + half, from.y + half}, {to.x - half, to.y - half}, colour, std::max(0.f, radius * scale() - half), 0, t);
}

void Paint::line(float x0, float y0, float x1, float y1, ImU32 colour, float thickness) {
  const float t = std::max(1.f, px(thickness));
  if (x0 == x1)
    list_.AddRectFilled({px(x0), px(y0)}, {px(x0) + t, px(y1)}, colour);
  else if (y0 == y1)
    list_.AddRectFilled({px(x0), px(y0)}, {px(x1), px(y0) + t}, colour);
  else
    list_.AddLine({x0 * scale(), y0 * scale()}, {x1 * scale(), y1 * scale()}, colour, t);
}

void Paint::dashed(float x0, float y0, float x1, float y1, ImU32 colour) {
  const float length = std::hypot(x1 - x0, y1 - y0), dash = 5, gap = 3;
  for (float at = 0; at < length; at += dash + gap) {
    const float a = at / length, b = std::min(at + dash, length) / length;
    line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b, colour);
  }
}

void Paint::circle(float x, float y, float radius, ImU32 colour) {
  list_.AddCircleFilled({x * scale(), y * scale()}, radius * scale(), colour);
}

void Paint::ring(float x, float y, float radius, ImU32 colour, float thickness) {
  list_.AddCircle({x * scale(), y * scale()}, (radius - thickness / 2) * scale(), colour, 0, thickness * scale());
}

void Paint::polyline(const std::vector<float>& points, ImU32 colour, float thickness) {
  std::vector<ImVec2> p;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) p.push_back({points[i] * scale(), points[i + 1] * scale()});
  list_.AddPolyline(p.data(), static_cast<int>(p.size()), colour, 0, thickness * scale());
}

void Paint::polygon(const std::vector<float>& corners, ImU32 colour) {
  std::vector<ImVec2> p;
  for (std::size_t i = 0; i + 1 < corners.size(); i += 2) p.push_back({corners[i] * scale(), corners[i + 1] * scale()});
  list_.AddConvexPolyFilled(p.data(), static_cast<int>(p.size()), colour);
}

void Paint::area(const std::vector<float>& points, float floor, ImU32 colour) {
  // Slices between neighbouring points: the whole is not convex, each slice is.
  for (std::size_t i = 0; i + 3 < points.size(); i += 2) {
    const ImVec2 quad[] = {{points[i] * scale(), points[i + 1] * scale()},
                           {points[i + 2] * scale(), points[i + 3] * scale()},
                           {points[i + 2] * scale(), floor * scale()},
                           {points[i] * scale(), floor * scale()}};
    const auto flags = list_.Flags;
    list_.Flags &= ~ImDrawListFlags_AntiAliasedFill;  // smoothed edges would show as seams
    list_.AddConvexPolyFilled(quad, 4, colour);
    list_.Flags = flags;
  }
}

void Paint::image(ImTextureID texture, Box b, const float uv[4], float opacity, float radius) {
  list_.AddImageRounded(texture, at(b.x, b.y), at(b.right(), b.bottom()), {uv[0], uv[1]}, {uv[2], uv[3]}, faded(IM_COL32_WHITE, opacity),
                        radius * scale());
}

void Paint::clip(Box b) { list_.PushClipRect(at(b.x, b.y), at(b.right(), b.bottom()), true); }

void Paint::card(Box b) {
  if (witness) witness->cards.push_back(b);
  constexpr float kGrow[] = {6, 4, 2, 1}, kDown[] = {5, 3, 2, 1}, kOut = 10, kCorner = 14;
  // Only where it is seen: what the card covers would cost four times its area, which software GL feels.
  const Box seen[] = {{b.x - kOut, b.y - kOut, b.w + 2 * kOut, kOut + kCorner},
                      {b.x - kOut, b.bottom() - kCorner, b.w + 2 * kOut, kOut + kCorner},
                      {b.x - kOut, b.y + kCorner, kOut + 2, b.h - 2 * kCorner},
                      {b.right() - 2, b.y + kCorner, kOut + 2, b.h - 2 * kCorner}};
  for (const Box& part : seen) {
    if (theme.shadow == 0) break;
    clip(part);
    for (int i = 0; i < 4; ++i) {
      Box under = b.grown(kGrow[i] - 2);
      under.y += kDown[i];
      fill(under, theme.shadow, 12 + kGrow[i] - 2);
    }
    unclip();
  }
  fill(b, theme.surface, 12);
  stroke(b, theme.line, theme.hairline, 12);
}

void Paint::bar(Box b, float share, ImU32 colour) {
  fill(b, theme.track, b.h / 2);
  const float w = b.w * std::clamp(share, 0.f, 1.f);
  if (w > 0.5f) fill({b.x, b.y, std::max(w, b.h), b.h}, colour, b.h / 2);
}

void Paint::badge(float x, float y, bool tick, ImU32 colour) {
  circle(x, y, 12, theme.surface);
  circle(x, y, 10, tick ? colour : theme.surface);
  if (!tick) ring(x, y, 10, theme.edge, 1.5f);
  if (tick)
    polyline({x - 4, y + .3f, x - 1.3f, y + 3, x + 4.2f, y - 2.8f}, theme.on_role, 2);
  else {
    line(x - 3.4f, y - 3.4f, x + 3.4f, y + 3.4f, theme.ink2, 2);
    line(x - 3.4f, y + 3.4f, x + 3.4f, y - 3.4f, theme.ink2, 2);
  }
}

void Paint::diamond(float x, float y, float radius, ImU32 colour) {
  const ImVec2 c = at(x, y);
  const float r = radius * scale();
  list_.AddQuadFilled({c.x, c.y - r}, {c.x + r, c.y}, {c.x, c.y + r}, {c.x - r, c.y}, colour);
}

void Paint::triangle_up(float x, float y, float radius, ImU32 colour) {
  const ImVec2 c = at(x, y);
  const float r = radius * scale();
  list_.AddTriangleFilled({c.x, c.y - r}, {c.x + .9f * r, c.y + .7f * r}, {c.x - .9f * r, c.y + .7f * r}, colour);
}

void Paint::cross(float x, float y, float radius, ImU32 colour, float thickness) {
  line(x - radius, y - radius, x + radius, y + radius, colour, thickness);
  line(x - radius, y + radius, x + radius, y - radius, colour, thickness);
}

void Paint::triangle_right(float x, float y, float size, ImU32 colour) {
  const float s = scale();
  list_.AddTriangleFilled({(x - size * .42f) * s, (y - size / 2) * s}, {(x + size * .5f) * s, y * s},
                          {(x - size * .42f) * s, (y + size / 2) * s}, colour);
}

float Paint::text(float x, float y, Type type, ImU32 colour, std::string_view text, Align align) {
  if (text.empty()) return 0;
  const TypeSet::Font& f = types_.of(type);
  const float advance = types_.advance(type, text);
  float left = px(x);
  if (align == Align::right) left = std::round(left - advance);
  if (align == Align::centre) left = std::round(left - advance / 2);
  const float top = px(y) - f.ascent;
  if (witness) see(left, top, type, text);
  if (!type.tabular) {
    list_.AddText(f.font, f.pixels, {left, top}, colour, text.data(), text.data() + text.size());
  } else {
    list_.PushTextureID(f.font->ContainerAtlas->TexID);
    while (!text.empty()) {
      const auto c = static_cast<ImWchar>(take_character(text));
      const float own = std::round(f.font->GetCharAdvance(c)), room = c >= '0' && c <= '9' ? f.zero : own;
      f.font->RenderChar(&list_, f.pixels, {left + std::floor((room - own) / 2), top}, colour, c);
      left += room;
    }
    list_.PopTextureID();
  }
  return advance / scale();
}

/// `left`, `top` of the line in device pixels.
void Paint::see(float left, float top, Type type, std::string_view text) const {
  const TypeSet::Font& f = types_.of(type);
  float x0 = FLT_MAX, y0 = FLT_MAX, x1 = -FLT_MAX, y1 = -FLT_MAX, x = left;
  for (std::string_view rest = text; !rest.empty();) {
    const auto c = static_cast<ImWchar>(take_character(rest));
    const ImFontGlyph* glyph = f.font->FindGlyph(c);
    const bool digit = type.tabular && c >= '0' && c <= '9';
    const float own = type.tabular ? std::round(f.font->GetCharAdvance(c)) : f.font->GetCharAdvance(c), room = digit ? f.zero : own;
    const float at = x + (type.tabular ? std::floor((room - own) / 2) : 0.f);
    if (glyph && glyph->Visible) {
      x0 = std::min(x0, at + glyph->X0), x1 = std::max(x1, at + glyph->X1);
      y0 = std::min(y0, top + glyph->Y0), y1 = std::max(y1, top + glyph->Y1);
    }
    x += room;
  }
  if (x1 < x0) return;  // nothing but space
  const ImVec2 from = list_.GetClipRectMin(), to = list_.GetClipRectMax();
  const float s = scale();
  witness->texts.push_back({std::string(text),
                            type,
                            {x0 / s, y0 / s, (x1 - x0) / s, (y1 - y0) / s},
                            {from.x / s, from.y / s, (to.x - from.x) / s, (to.y - from.y) / s},
                            &list_});
}

float Paint::text(float x, float y, const std::vector<Span>& parts, Align align) {
  float total = 0;
  for (const Span& p : parts) total += width(p.type, p.text);
  if (align == Align::right) x -= total;
  if (align == Align::centre) x -= total / 2;
  for (const Span& p : parts) x += text(x, y, p.type, p.colour, p.text);
  return total;
}

std::string Paint::fitting(Type type, std::string_view text, float room) const {
  const std::string words = printable(text);
  if (width(type, words) <= room) return words;
  std::size_t fits = 1, too_many = words.size();
  while (fits + 1 < too_many) {
    const std::size_t letters = (fits + too_many) / 2;
    (width(type, mid::shortened(words, letters, "…")) <= room ? fits : too_many) = letters;
  }
  return mid::shortened(words, fits, "…");
}

int Paint::paragraph(float x, float y, float room, Type type, ImU32 colour, std::string_view text, float line_height, bool draw) {
  const Type strong{Type::semibold, type.size, type.tabular};
  const float space = width(type, " ");
  int lines = 1;
  float at = 0;
  bool bold = false, first = true, glued = false;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ') {
      ++i, glued = false;
      continue;
    }
    if (text.substr(i, 2) == "**") {
      bold = !bold, i += 2;
      continue;
    }
    std::size_t end = std::min({text.find(' ', i), text.find("**", i), text.size()});
    const std::string_view word = text.substr(i, end - i);
    const float w = width(bold ? strong : type, word);
    // What follows without a space ("**strong**,") stays on the same line.
    float whole = w;
    bool inside = bold;
    for (std::size_t k = end; !glued && k < text.size() && text[k] != ' ';) {
      if (text.substr(k, 2) == "**") {
        inside = !inside, k += 2;
        continue;
      }
      const std::size_t next = std::min({text.find(' ', k), text.find("**", k), text.size()});
      whole += width(inside ? strong : type, text.substr(k, next - k));
      k = next;
    }
    const float gap = first || glued ? 0 : space;
    if (!glued && at > 0 && at + gap + whole > room)
      ++lines, at = 0;
    else
      at += gap;
    if (draw) this->text(x + at, y + line_height * static_cast<float>(lines - 1), bold ? strong : type, bold ? theme.ink : colour, word);
    at += w;
    first = false, glued = true, i = end;
  }
  return lines;
}

void Paint::icon(float x, float y, const char* name, ImU32 colour, Type type) {
  const TypeSet::Font& f = types_.of(type);
  const float advance = types_.advance(type, name);
  const ImVec2 from{std::round(x * scale() - advance / 2), std::round(y * scale() - f.pixels / 2)};
  if (witness) see(from.x, from.y, type, name);
  list_.AddText(f.font, f.pixels, from, colour, name);
}

}  // namespace mid::ui
