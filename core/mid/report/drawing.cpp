#include "mid/report/drawing.hpp"

#include <algorithm>
#include <sstream>

#include "mid/report/chart_panel.hpp"

namespace mid {
namespace {

using Role = Chart::Role;

constexpr double kSheetEdge = 24, kPanelGap = 36;  // of the sheet; between panels
constexpr double kNoteSize = 13, kAxisSize = 14, kTitleSize = 19;
constexpr double kLegendLine = 24;

struct Size {
  double w, h;
};
/// Panels are larger where there are few.
Size panel_size(int columns) { return columns <= 1 ? Size{640, 400} : columns == 2 ? Size{470, 350} : Size{370, 290}; }

/// Breaks text at spaces into lines of about `width`.
std::vector<std::string> lines_of(const std::string& text, double size, double width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (lines.empty() || rough_text_width(lines.back() + " " + word, size) > width)
      lines.push_back(word);
    else
      lines.back() += " " + word;
  }
  return lines;
}

/// Each series once, whichever panels it is in.
double legend(const Figure& figure, double y, double width, std::vector<Drawing::Shape>& out) {
  std::vector<const Chart::Series*> shown;
  for (const Chart& panel : figure.panels)
    for (const Chart::Series& s : panel.series) {
      if (panel.named_directly) continue;
      const bool known =
          std::any_of(shown.begin(), shown.end(), [&](const Chart::Series* o) { return o->name == s.name && o->role == s.role; });
      if (!known && !s.name.empty()) shown.push_back(&s);
    }
  double x = kSheetEdge;
  if (!shown.empty()) y += kLegendLine;
  for (const Chart::Series* s : shown) {
    const double w = 44 + rough_text_width(s->name, kAxisSize) + 24;
    if (x > kSheetEdge && x + w > width - kSheetEdge) x = kSheetEdge, y += kLegendLine;
    if (s->joined) out.emplace_back(Drawing::Line{{{x, y - 5}, {x + 32, y - 5}}, colour_of(s->role), 2, s->second, 1});
    const Mark mark = s->mark.value_or(mark_of(s->role));
    out.emplace_back(Drawing::Marker{x + 16, y - 5, mark, colour_of(s->role), is_hollow(mark, s->second)});
    out.emplace_back(Drawing::Text{x + 42, y, s->name, kAxisSize, Weight::regular, token::kInk2, Align::left});
    x += w;
  }
  return y;
}

}  // namespace

Colour colour_of(Role role) {
  switch (role) {
    case Role::model: return token::kModel;
    case Role::attack: return token::kAttack;
    case Role::defend: return token::kDefend;
    case Role::noise: return token::kInk2;
    case Role::privacy: return token::kPrivacy;
    case Role::rounding: return token::kRounding;
    case Role::ink: return token::kInk;
    case Role::other: return token::kInk2;
  }
  return token::kInk;
}

Drawing arrange(const Figure& figure) {
  const int columns = std::max(1, figure.columns), rows = (static_cast<int>(figure.panels.size()) + columns - 1) / columns;
  const Size size = panel_size(columns);
  Drawing d;
  d.title = figure.title;
  const double width = 2 * kSheetEdge + columns * size.w + (columns - 1) * kPanelGap + 12;
  d.width = static_cast<int>(width);
  double y = kSheetEdge;
  const auto paragraph = [&](const std::string& text, double letters, double step, Weight weight, Colour c) {
    for (const std::string& line : lines_of(text, letters, width - 2 * kSheetEdge)) {
      d.shapes.emplace_back(Drawing::Text{kSheetEdge, y + letters * .8, line, letters, weight, c, Align::left});
      y += step;
    }
  };
  paragraph(figure.title, kTitleSize, 26, Weight::semibold, token::kInk);
  paragraph(figure.beneath, kNoteSize, 19, Weight::regular, token::kInk2);
  if (y > kSheetEdge) y += 14;
  for (int row = 0; row < rows; ++row) {
    for (int c = 0; c < columns; ++c) {
      const auto i = static_cast<std::size_t>(row * columns + c);
      if (i >= figure.panels.size()) continue;
      const double x = kSheetEdge + c * (size.w + kPanelGap);
      const PlacedChart placed = place_chart(figure.panels[i], {x, y, x + size.w, y + size.h}, {});
      d.shapes.insert(d.shapes.end(), placed.shapes.begin(), placed.shapes.end());
    }
    y += size.h + (row + 1 < rows ? kPanelGap : 8);
  }
  y = legend(figure, y, width, d.shapes) + 14;
  paragraph(figure.foot, kNoteSize, 19, Weight::regular, token::kInk3);
  d.height = static_cast<int>(y + kSheetEdge - 8);
  return d;
}

}  // namespace mid
