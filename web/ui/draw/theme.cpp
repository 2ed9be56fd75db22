#include "ui/draw/theme.hpp"

#include <cmath>

namespace mid::ui {
namespace {
constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) { return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha); }

constexpr Theme kLight{.bg = rgb(0xF7F6F3),
                       .surface = rgb(0xFFFFFF),
                       .sunken = rgb(0xF1EFEB),
                       .line = rgb(0xE4E1DB),
                       .edge = rgb(0x86888E),
                       .track = rgb(0xDCD9D2),
                       .ink = rgb(0x161D2B),
                       .ink2 = rgb(0x454C59),
                       .ink3 = rgb(0x5E6470),
                       .model = rgb(0x0B5FAE),
                       .model_soft = rgb(0xE4EFFA),
                       .attack = rgb(0xB54708),
                       .attack_soft = rgb(0xFDF1E7),
                       .defend = rgb(0x00704F),
                       .defend_soft = rgb(0xDFF3EB),
                       .rounding = rgb(0x7D6200),
                       .noise = rgb(0x454C59),
                       .privacy = rgb(0x7A3E9D),
                       .on_role = rgb(0xFFFFFF),
                       .shadow = rgb(0x2A2010, 5),
                       .dark = false,
                       .hairline = 1};

constexpr Theme kDark{.bg = rgb(0x0E1218),
                      .surface = rgb(0x171D26),
                      .sunken = rgb(0x1F2732),
                      .line = rgb(0x2D3745),
                      .edge = rgb(0x748297),
                      .track = rgb(0x37424F),
                      .ink = rgb(0xEEF2F7),
                      .ink2 = rgb(0xBCC7D6),
                      .ink3 = rgb(0x95A3B7),
                      .model = rgb(0x6DB5F7),
                      .model_soft = rgb(0x182B41),
                      .attack = rgb(0xFF9D61),
                      .attack_soft = rgb(0x2C2220),
                      .defend = rgb(0x4FD0A4),
                      .defend_soft = rgb(0x15322B),
                      .rounding = rgb(0xE0C15A),
                      .noise = rgb(0xBCC7D6),
                      .privacy = rgb(0xC89BE8),
                      .on_role = rgb(0x0E1218),
                      .shadow = rgb(0x000000, 18),
                      .dark = true,
                      .hairline = 1};

constexpr Theme kContrast{.bg = rgb(0xFFFFFF),
                          .surface = rgb(0xFFFFFF),
                          .sunken = rgb(0xF2F2F2),
                          .line = rgb(0x000000),
                          .edge = rgb(0x000000),
                          .track = rgb(0xB8B8B8),
                          .ink = rgb(0x000000),
                          .ink2 = rgb(0x1A1A1A),
                          .ink3 = rgb(0x333333),
                          .model = rgb(0x00468B),
                          .model_soft = rgb(0xE6F0FA),
                          .attack = rgb(0x8F2F00),
                          .attack_soft = rgb(0xFCEBE0),
                          .defend = rgb(0x00523A),
                          .defend_soft = rgb(0xDDF2E9),
                          .rounding = rgb(0x5C4700),
                          .noise = rgb(0x1A1A1A),
                          .privacy = rgb(0x5E2680),
                          .on_role = rgb(0xFFFFFF),
                          .shadow = 0,
                          .dark = false,
                          .hairline = 2};

}  // namespace

const Theme& theme_of(Look look) { return look == Look::dark ? kDark : look == Look::contrast ? kContrast : kLight; }

const char* name_of(Look look) {
  constexpr const char* kNames[] = {"light", "dark", "contrast"};
  return kNames[static_cast<std::size_t>(look)];
}

ImU32 mixed(ImU32 from, ImU32 to, float t) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float a = static_cast<float>((from >> shift) & 255), b = static_cast<float>((to >> shift) & 255);
    out |= static_cast<ImU32>(std::lround(a + (b - a) * t)) << shift;
  }
  return out;
}

ImU32 faded(ImU32 colour, float opacity) {
  const auto alpha = static_cast<ImU32>(std::lround(static_cast<float>(colour >> IM_COL32_A_SHIFT) * opacity));
  return (colour & ~IM_COL32_A_MASK) | alpha << IM_COL32_A_SHIFT;
}

}  // namespace mid::ui
