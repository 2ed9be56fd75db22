#pragma once
#include <string>

#include "ui/frame.hpp"

namespace mid::ui {

/// How often the attacker may ask about each record, as the page offers it.
inline constexpr int kRepeats[] = {1, 10, 50};

/// "Asks **once** v", with the room it needs.
void repeats_menu(Frame& f, Box box);
float repeats_width(const Frame& f);

/// "Price on **every question** v": which defence the slider sets, where there are several.
void price_menu(Frame& f, Box box);
float price_width(const Frame& f);

/// "Answers **in full** v": whether the attacker sees the answer or the numbers inside. Without width where a story knows the answer only.
void release_menu(Frame& f, Box box);
float release_width(const Frame& f);
/// What a specification says about that.
std::string release_text(const Json& spec);

}  // namespace mid::ui
