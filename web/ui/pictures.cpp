#include "pictures.hpp"

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

std::vector<int> drawn_rows(const Sheet& sheet, int draw) {
  std::vector<std::pair<std::uint64_t, int>> order;
  for (int r = 0; r < sheet.rows; ++r)
    order.push_back({scattered(static_cast<std::uint64_t>(draw) << 32 | static_cast<std::uint64_t>(r)), r});
  std::sort(order.begin(), order.end());
  std::vector<int> first, rest;
  std::set<std::string> seen;
  for (const auto& [key, row] : order) {
    std::string person = row < static_cast<int>(sheet.names.size()) ? sheet.names[static_cast<std::size_t>(row)] : std::to_string(row);
    person = person.substr(0, person.find('_'));  // "014_smiling"
    (seen.insert(person).second ? first : rest).push_back(row);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

bool Pictures::update(const Lab::Shown& shown, int columns, int draw, bool inverted) {
  columns = std::clamp(columns, 1, kColumns);
  const bool other = shown.serial != shown_ || draw != draw_;
  if (!other && columns == columns_ && inverted == inverted_) return false;
  shown_ = shown.serial, draw_ = draw, columns_ = columns, inverted_ = inverted;
  if (!shown.sheet || shown.sheet->height > kTile || shown.sheet->width > kTile) {
    picked_.clear();
    std::fill(has_, has_ + kRows, false);
    return false;
  }
  const Sheet& s = *shown.sheet;
  std::copy(has_, has_ + kRows, had_);
  old_height_ = height_, old_width_ = width_;
  height_ = s.height, width_ = s.width;
  if (other) layer_ = 1 - layer_, ++serial_;
  picked_ = drawn_rows(s, draw);
  picked_.resize(std::min(picked_.size(), static_cast<std::size_t>(columns)));

  const std::vector<std::uint8_t>* sources[] = {&s.truth, &s.guess, &s.average};
  const auto size = static_cast<std::size_t>(s.height) * static_cast<std::size_t>(s.width);
  for (int row = 0; row < kRows; ++row) {
    has_[row] = !sources[row]->empty();
    if (!has_[row]) continue;
    for (std::size_t c = 0; c < picked_.size(); ++c) {
      const std::uint8_t* from = sources[row]->data() + size * static_cast<std::size_t>(picked_[c]);
      for (int y = 0; y < s.height; ++y) {
        std::uint8_t* to = pixels_.data() + 4 * (static_cast<std::size_t>((layer_ * kRows + row) * kTile + y) * kWidth + c * kTile);
        for (int x = 0; x < s.width; ++x) {
          const std::uint8_t v = *from++;
          to[0] = to[1] = to[2] = inverted ? static_cast<std::uint8_t>(255 - v) : v;
          to[3] = 255, to += 4;
        }
      }
    }
  }
  return true;
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
