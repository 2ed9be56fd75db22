#pragma once
#include <imgui.h>

namespace mid::ui {

/// The colours of one look. Three roles carry colour: model (what it can do), attack (what leaks), defend (what is set);
/// everything else is ink on paper. Named as in docs/look, section "Tokens".
struct Theme {
  ImU32 bg, surface, sunken, line, edge, track;
  ImU32 ink, ink2, ink3;
  ImU32 model, model_soft, attack, attack_soft, defend, defend_soft;
  ImU32 rounding, noise, privacy;  ///< further defences in charts, each with a shape of its own
  ImU32 on_role;                   ///< text on a filled role colour
  ImU32 shadow;                    ///< one of the four layers under a card; 0: none
  bool dark;
  float hairline;  ///< thickness of lines and outlines that divide
};

/// The looks that a visitor may choose; high contrast is for projectors and weak eyes.
enum class Look { light, dark, contrast };
const Theme& theme_of(Look look);
/// "light", as links say it.
const char* name_of(Look look);

/// `t` of the way from one colour to another.
ImU32 mixed(ImU32 from, ImU32 to, float t);
/// The colour with its opacity multiplied.
ImU32 faded(ImU32 colour, float opacity);

}  // namespace mid::ui
