#include "ui/draw/layout.hpp"

#include <algorithm>
#include <cmath>

namespace mid::ui {
namespace {

Layout wide(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::wide;
  const float page = std::min(w, 1680.f), left = std::floor((w - page) / 2),
              right_column = page < 1280 ? 280 : std::clamp(page - 960, 320.f, 400.f);
  const float stage_w = page - 72 - right_column, x = left + 24, x2 = x + stage_w + 24;
  l.top = {0, 0, w, 56};
  l.transport = {x, 66, stage_w, 44};
  l.slider = {x, h - 208, stage_w, 107};
  l.numbers = {x, h - 101, stage_w, 85};
  l.stage = {x, 120, stage_w, h - 340};
  const float chart_h = std::clamp(std::floor(262 + (h - 720) / 2), 262.f, 420.f);
  l.chart = {x2, h - 16 - chart_h, right_column, chart_h};
  l.explain = {x2, 66, right_column, h - 94 - chart_h};
  l.label_x = x + 20, l.pictures_x = x + 172, l.count_x = l.stage.right() - 108;
  l.room = {l.stage.y + 79, l.count_x - 20 - l.pictures_x, l.stage.h - 79 - 13, 160, 4, 10};
  return l;
}

Layout medium(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::medium;
  l.transport_in_stage = h < 640;
  l.pad = 16;
  const bool below = h >= 1040;
  l.one_pane = !below;
  const float x = 16, stage_w = w - 32;
  l.top = {0, 0, w, 56};
  const float foot = below ? 384.f : 0.f;
  l.numbers = {x, h - foot - 12 - 85, stage_w, 85};
  l.slider = {x, l.numbers.y - 103, stage_w, 103};
  const float top = l.transport_in_stage ? 64 : 118;
  if (!l.transport_in_stage) l.transport = {x, 65, stage_w, 44};
  l.stage = {x, top, stage_w, l.slider.y - 10 - top};
  if (below) {
    const float half = (stage_w - 24) / 2;
    l.explain = {x, h - foot, half, foot - 12};
    l.chart = {x + half + 24, h - foot, half, 262};
  } else {
    l.explain = l.chart = l.stage;
  }
  l.label_x = x + 16, l.pictures_x = x + 150, l.count_x = l.stage.right() - 104;
  const float head = l.transport_in_stage ? 54 : 76;
  l.room = {l.stage.y + head, l.count_x - 12 - l.pictures_x, l.stage.h - head - 12, 110, 4, 6};
  return l;
}

Layout phone(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::phone;
  l.one_pane = true;
  l.pad = 14;
  const float x = 16, inner = w - 32;
  l.top = {0, 0, w, 56};
  l.tabs = {0, h - 60, w, 60};
  l.transport = {x, 64, inner, 44};
  l.numbers = {x, h - 60 - 12 - 122, inner, 122};
  l.slider = {x, l.numbers.y - 8 - 108, inner, 108};
  l.stage = {0, 112, w, std::max(l.slider.y - 8 - 112, 150.f)};
  l.explain = l.chart = {x, 120, inner, l.tabs.y - 132};
  l.label_x = x, l.pictures_x = x, l.count_x = x + inner;
  l.room = {l.stage.y, inner, l.stage.h, 120, 4, 4};
  return l;
}

/// For a room. The page's scale has seen to it that the height is about 600.
Layout presentation(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::medium;
  l.present = l.one_pane = true;
  const float x = 16, inner = w - 32;
  l.top = {0, 0, w, 52};
  l.numbers = {x, h - 10 - 98, inner, 98};
  l.slider = {x, l.numbers.y - 8 - 116, inner, 116};
  l.stage = {x, 60, inner, l.slider.y - 8 - 60};
  l.explain = l.chart = l.stage;
  l.label_x = x, l.pictures_x = x + 158, l.count_x = w - 16 - 108;
  l.gap = 8;
  l.room = {l.stage.y + 4, l.count_x - 14 - l.pictures_x, l.stage.h - 8, 160, 4, 8};
  return l;
}

}  // namespace

void Layout::make_rows(int rows, float above) {
  const auto n = static_cast<float>(rows);
  const bool labelled = kind == Kind::phone;  // the labels stand above the rows, 30 pixels each
  const float space = room.height - above - (labelled ? n * 30 + 16 : 0);
  const float by_height = (space - (n - 1) * gap) / n, by_width = (room.width + gap) / static_cast<float>(room.fewest) - gap;
  picture = std::floor(std::clamp(std::min(by_height, by_width), 24.f, room.largest));
  if (labelled) {  // spread over the height, each row with its label
    const float between = std::clamp((room.height - above - n * picture) / n, 36.f, 56.f);
    row_pitch = picture + between, rows_y = room.y + above + (between + label_gap) / 2;
  } else {
    // Height that is left over goes between the rows, then around them.
    const float left_over = std::max(0.f, space - n * picture - (n - 1) * gap), between = std::min(std::floor(left_over / (n + 1)), 28.f);
    row_pitch = picture + gap + between, rows_y = room.y + above + std::floor((left_over - (n - 1) * between) / 2);
  }
  pictures = std::clamp(static_cast<int>((room.width + gap) / (picture + gap)), room.fewest, room.most);
  // What the last picture leaves over goes between them.
  const auto columns = static_cast<float>(pictures);
  pitch = picture + std::floor(std::clamp((room.width - columns * picture) / (columns - 1), 8.f, 2.5f * gap));
}

Layout Layout::of(float width, float height, bool present) {
  // A right column needs room for both of its cards: the narrower, the more.
  const bool columns = (width >= 1280 && height >= 720) || (width >= 1180 && height >= 860);
  Layout l = present        ? presentation(std::max(width, 760.f), std::max(height, 540.f))
             : columns      ? wide(width, height)
             : width >= 760 ? medium(width, std::max(height, 540.f))
                            : phone(std::max(width, 320.f), std::max(height, 560.f));
  l.width = width, l.height = height;
  l.make_rows(3, 0);
  return l;
}

Layout Layout::above_strip(float width, float height, bool present) {
  const Layout whole = of(width, height, present);
  if (!whole.one_pane) return whole;
  // What the stage can spare is the strip's, too.
  const bool phone = whole.kind == Kind::phone;
  const float more = std::clamp(height - (phone ? 560.f : 540.f), 0.f, phone ? 110.f : 60.f);
  Layout l = of(width, height - more, present);
  l.strip = {l.slider.x, l.slider.y, l.slider.w, whole.numbers.bottom() - l.slider.y};
  l.slider = l.numbers = {};
  l.tabs = whole.tabs, l.height = height;
  return l;
}

}  // namespace mid::ui
