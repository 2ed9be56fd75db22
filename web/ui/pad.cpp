#include "ui/pad.hpp"

#include <algorithm>
#include <cmath>

namespace mid::ui {
namespace {

constexpr int kSide = 28, kFits = 20;
constexpr float kPen = 1.3f;  // half the stroke's width in pixels

float distance(Pad::Point p, Pad::Point a, Pad::Point b) {
  const float dx = b.first - a.first, dy = b.second - a.second, length2 = dx * dx + dy * dy;
  const float t = length2 > 0 ? std::clamp(((p.first - a.first) * dx + (p.second - a.second) * dy) / length2, 0.f, 1.f) : 0;
  return std::hypot(p.first - a.first - t * dx, p.second - a.second - t * dy);
}

/// Ink by the distance from the strokes, moved by (dx, dy).
Matrix inked(const std::vector<std::vector<Pad::Point>>& strokes, float dx, float dy) {
  Matrix out = Matrix::Zero(1, kSide * kSide);
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      float nearest = 1e9f;
      for (const auto& stroke : strokes)
        for (std::size_t i = 0; i < stroke.size(); ++i)
          nearest = std::min(
              nearest, distance({static_cast<float>(x) + .5f - dx, static_cast<float>(y) + .5f - dy}, stroke[i], stroke[i ? i - 1 : 0]));
      out(0, y * kSide + x) = std::clamp(kPen + .5f - nearest, 0.f, 1.f);
    }
  return out;
}

}  // namespace

void Pad::draw(Point p) {
  p = {std::clamp(p.first, 0.f, 1.f), std::clamp(p.second, 0.f, 1.f)};
  if (!pen_) strokes_.emplace_back(), pen_ = true;
  auto& stroke = strokes_.back();
  if (stroke.empty() || std::hypot(p.first - stroke.back().first, p.second - stroke.back().second) > .004f) stroke.push_back(p);
}

Matrix Pad::picture() const {
  if (strokes_.empty()) return Matrix::Zero(1, kSide * kSide);
  float left = 1, top = 1, right = 0, bottom = 0;
  for (const auto& stroke : strokes_)
    for (const auto& [x, y] : stroke)
      left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
  const float longest = std::max({right - left, bottom - top, .02f}), scale = (kFits - 2 * kPen) / longest;
  std::vector<std::vector<Point>> fitted = strokes_;
  for (auto& stroke : fitted)
    for (auto& [x, y] : stroke) x = (x - (left + right) / 2) * scale + kSide / 2.f, y = (y - (top + bottom) / 2) * scale + kSide / 2.f;
  const Matrix centred = inked(fitted, 0, 0);
  float mass = 0, at_x = 0, at_y = 0;
  for (int i = 0; i < kSide * kSide; ++i) {
    const float ink = centred(0, i);
    mass += ink, at_x += ink * (static_cast<float>(i % kSide) + .5f), at_y += ink * (static_cast<float>(i / kSide) + .5f);
  }
  return mass > 0 ? inked(fitted, kSide / 2.f - at_x / mass, kSide / 2.f - at_y / mass) : centred;
}

}  // namespace mid::ui
