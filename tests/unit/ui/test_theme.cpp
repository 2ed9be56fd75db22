// Contrast by calculation (WCAG 2.2): every ink on every ground that it is used on.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "ui/draw/theme.hpp"

using namespace mid::ui;

namespace {

double luminance(ImU32 c) {
  const auto linear = [&](int shift) {
    const double v = ((c >> shift) & 255) / 255.;
    return v <= .04045 ? v / 12.92 : std::pow((v + .055) / 1.055, 2.4);
  };
  return .2126 * linear(IM_COL32_R_SHIFT) + .7152 * linear(IM_COL32_G_SHIFT) + .0722 * linear(IM_COL32_B_SHIFT);
}

double contrast(ImU32 a, ImU32 b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + .05) / (std::min(x, y) + .05);
}

}  // namespace

TEST_CASE("contrast is what the definition says") {
  CHECK(std::abs(contrast(IM_COL32_WHITE, IM_COL32_BLACK) - 21) < 1e-9);
  CHECK(std::abs(contrast(IM_COL32(0x77, 0x77, 0x77, 255), IM_COL32_WHITE) - 4.48) < .01);
}

TEST_CASE("text stands out by 4.5 on every ground, by 7 in high contrast; outlines of controls by 3") {
  for (const Look look : {Look::light, Look::dark, Look::contrast}) {
    const Theme& t = theme_of(look);
    INFO("look " << static_cast<int>(look));
    const double least = look == Look::contrast ? 7 : 4.5;
    for (const ImU32 ground : {t.bg, t.surface, t.sunken})
      for (const ImU32 ink : {t.ink, t.ink2, t.ink3, t.model, t.attack, t.defend, t.rounding, t.noise, t.privacy}) {
        INFO(std::hex << ink << " on " << ground);
        CHECK(contrast(ink, ground) >= least);
      }
    CHECK(contrast(t.attack, t.attack_soft) >= least);
    CHECK(contrast(t.ink2, t.attack_soft) >= least);
    CHECK(contrast(t.model, t.model_soft) >= least);
    CHECK(contrast(t.defend, t.defend_soft) >= least);
    for (const ImU32 role : {t.model, t.attack, t.defend, t.ink}) CHECK(contrast(role == t.ink ? t.surface : t.on_role, role) >= least);
    for (const ImU32 ground : {t.surface, t.bg}) CHECK(contrast(t.edge, ground) >= 3);
    // A control's border, its ring, and the bars against their track.
    CHECK(contrast(t.model, t.surface) >= 3);
    for (const ImU32 bar : {t.model, t.attack}) CHECK(contrast(bar, t.track) >= 3);
  }
}
