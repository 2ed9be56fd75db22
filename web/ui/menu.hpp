#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ui/frame.hpp"

namespace mid::ui {

struct MenuItem {
  std::string label, note;
  bool chosen = false;
};

/// "Word **value** v": a control that opens a list under itself. Returns the index of the picked item, or -1.
/// `w` is the width it may take; the texts stand at `baseline`.
int menu(Frame& f, const char* id, Box box, const std::string& word, const std::string& value, const std::vector<MenuItem>& items);

/// The list alone, under a control at `box` of the same `id` that `opens` it. Returns the index of the picked item, or -1.
int menu_list(Frame& f, const char* id, Box box, const std::vector<MenuItem>& items, bool opens);

/// Width that menu() needs for its two texts.
float menu_width(const Frame& f, const std::string& word, const std::string& value);

/// An outlined or filled button with an icon; `filled` gives its colour, 0: outlined in `line`.
bool icon_button(Frame& f, const char* id, Box box, const char* icon, std::string_view label, ImU32 text_colour, ImU32 outline,
                 std::string_view tip = {});

/// The main button of a form: ink, because the roles' colours say who does something.
bool ink_button(Frame& f, const char* id, float x, float y, const char* icon, std::string_view label);

/// "< 2 of 5 >" in a box 36 high: turns `page` over. The controls are called ID.before and ID.after.
void pager(Frame& f, const std::string& id, Box box, int& page, int pages, std::string_view before_tip, std::string_view after_tip);
/// What stands between its two buttons.
std::string pager_text(int page, int pages);

}  // namespace mid::ui
