#include "ui/pictures.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace mid::ui {
namespace {
/// A number that looks random and is the same everywhere (splitmix64's last step).
std::uint64_t scattered(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}
}  // namespace

std::vector<int> drawn_rows(const PictureSheet& sheet, int draw, std::string_view first) {
  std::vector<std::pair<std::uint64_t, int>> order;
  for (int r = 0; r < sheet.rows; ++r)
    order.push_back({scattered(static_cast<std::uint64_t>(draw) << 32 | static_cast<std::uint64_t>(r)), r});
  std::sort(order.begin(), order.end());
  std::vector<int> rows, rest;
  std::set<std::string> seen;
  for (const auto& [key, row] : order) {
    std::string person = row < static_cast<int>(sheet.names.size()) ? sheet.names[static_cast<std::size_t>(row)] : std::to_string(row);
    person = person.substr(0, person.find('_'));  // "014_smiling"
    (seen.insert(person).second ? rows : rest).push_back(row);
  }
  rows.insert(rows.end(), rest.begin(), rest.end());
  if (draw == 0 && !first.empty())
    std::ranges::stable_partition(rows, [&](int row) {
      return row < static_cast<int>(sheet.classes.size()) && sheet.classes[static_cast<std::size_t>(row)] == first;
    });
  // What the visitor drew stands first.
  const auto own = std::find_if(rows.begin(), rows.end(), [&](int row) {
    return row < static_cast<int>(sheet.names.size()) && sheet.names[static_cast<std::size_t>(row)] == kDrawn;
  });
  if (own != rows.end()) std::rotate(rows.begin(), own, own + 1);
  return rows;
}

bool Pictures::update(const Scene& scene) {
  const Shown& shown = scene.shown;
  const int columns = std::clamp(scene.columns, 1, kColumns), other_serial = scene.plain ? scene.plain->serial : -1;
  const bool other = shown.serial != shown_ || other_serial != plain_ || scene.step != step_ || scene.draw != draw_;
  std::vector<int> others;
  for (const Shown* o : scene.others) others.push_back(o ? o->serial : -1);
  if (!other && columns == columns_ && scene.inverted == inverted_ && scene.lined_up == lined_up_ && others == others_) return false;
  others_ = std::move(others);
  shown_ = shown.serial, plain_ = other_serial, step_ = scene.step, draw_ = scene.draw, columns_ = columns, inverted_ = scene.inverted,
  lined_up_ = scene.lined_up;
  if (!shown.sheet || shown.sheet->height > kTile || shown.sheet->width > kTile) {
    picked_.clear();
    std::fill(has_, has_ + kRows, false);
    std::fill(has_other_, has_other_ + kOthers, false);
    return false;
  }
  const PictureSheet& s = *shown.sheet;
  if (other) std::copy(has_, has_ + kRows, had_);
  if (other) old_height_ = height_, old_width_ = width_;
  height_ = s.height, width_ = s.width;
  if (other) layer_ = 1 - layer_, ++serial_;
  picked_ = drawn_rows(s, scene.draw, scene.first);
  picked_.resize(std::min(picked_.size(), static_cast<std::size_t>(columns)));

  const auto size = static_cast<std::size_t>(s.height) * static_cast<std::size_t>(s.width);
  // Where the first row of what is drawn begins; null: there is none.
  const auto drawn = [&](const PictureSheet& sheet) -> const std::uint8_t* {
    if (scene.step >= 0 && !sheet.path.step.empty())
      return sheet.path.pictures.data() + size * static_cast<std::size_t>(sheet.rows) * sheet.path.frame_at(scene.step);
    return sheet.guess.empty() ? nullptr : sheet.guess.data();
  };
  const auto alike = [&](const Shown* o) {
    return o && o->sheet && o->sheet->rows == s.rows && o->sheet->height == s.height && o->sheet->width == s.width &&
           o->sheet->names == s.names;
  };
  const std::uint8_t* sources[kRows] = {s.truth.empty() ? nullptr : s.truth.data(),
                                        alike(scene.plain) ? drawn(*scene.plain->sheet) : nullptr, drawn(s),
                                        s.average.empty() ? nullptr : s.average.data()};
  for (int row = 0; row < kRows; ++row) {
    has_[row] = sources[row] != nullptr;
    if (!has_[row]) continue;
    for (std::size_t c = 0; c < picked_.size(); ++c)
      draw_tile(sources[row] + size * static_cast<std::size_t>(picked_[c]), static_cast<int>(c), layer_ * kRows + row);
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(kOthers); ++i) {
    const Shown* o = i < scene.others.size() && alike(scene.others[i]) ? scene.others[i] : nullptr;
    has_other_[i] = o && !o->sheet->guess.empty();
    for (std::size_t c = 0; has_other_[i] && c < picked_.size(); ++c)
      draw_tile(o->sheet->guess.data() + size * static_cast<std::size_t>(picked_[c]), static_cast<int>(c),
                2 * kRows + 1 + static_cast<int>(i));
  }
  if (lined_up_ >= 0 && lined_up_ < s.rows)
    for (int place = 0; place < std::min(s.line_ups.size, kColumns); ++place)
      if (const int who = s.line_ups.candidate[static_cast<std::size_t>(lined_up_ * s.line_ups.size + place)]; who >= 0)
        draw_tile(s.candidate(who).data(), place, 2 * kRows);
  return true;
}

void Pictures::draw_tile(const std::uint8_t* from, int x, int y) {
  for (int line = 0; line < height_; ++line) {
    std::uint8_t* to = pixels_.data() + 4 * (static_cast<std::size_t>(y * kTile + line) * kWidth + static_cast<std::size_t>(x * kTile));
    for (int i = 0; i < width_; ++i) {
      const std::uint8_t v = *from++;
      to[0] = to[1] = to[2] = inverted_ ? static_cast<std::uint8_t>(255 - v) : v;
      to[3] = 255, to += 4;
    }
  }
}

void Pictures::candidate_corners(int place, float uv[4]) const {
  const auto x = static_cast<float>(place * kTile), y = static_cast<float>(2 * kRows * kTile);
  uv[0] = (x + .5f) / kWidth, uv[1] = (y + .5f) / kHeight;
  uv[2] = (x + static_cast<float>(width_) - .5f) / kWidth, uv[3] = (y + static_cast<float>(height_) - .5f) / kHeight;
}

void Pictures::other_corners(int which, int column, float uv[4]) const {
  const auto x = static_cast<float>(column * kTile), y = static_cast<float>((2 * kRows + 1 + which) * kTile);
  uv[0] = (x + .5f) / kWidth, uv[1] = (y + .5f) / kHeight;
  uv[2] = (x + static_cast<float>(width_) - .5f) / kWidth, uv[3] = (y + static_cast<float>(height_) - .5f) / kHeight;
}

void Pictures::corners(Row row, int column, bool old, float uv[4]) const {
  const int layer = old ? 1 - layer_ : layer_;
  const float x = static_cast<float>(column * kTile), y = static_cast<float>((layer * kRows + row) * kTile);
  const auto w = static_cast<float>(old ? old_width_ : width_), h = static_cast<float>(old ? old_height_ : height_);
  // Half a pixel inside: filtering must not reach the neighbour.
  uv[0] = (x + .5f) / kWidth, uv[1] = (y + .5f) / kHeight;
  uv[2] = (x + w - .5f) / kWidth, uv[3] = (y + h - .5f) / kHeight;
}

}  // namespace mid::ui
