#pragma once
#include "ui/frame.hpp"

namespace mid::ui {

/// The line-up of the chosen picture over the stage, while it is open: ten candidates, of whom the visitor picks one before the
/// attacker's pick and the true one are told.
void line_up(Frame& f);
/// Opens it where there is one; `plain`: of what is drawn where there is no defence.
void open_line_up(Frame& f, bool plain, bool by_keys);
/// The row of the sheet whose line-up is open; -1: none is. Closes the one of another run.
int lined_up(Frame& f);
/// Where the true picture comes in a row's line-up: "1st of ten, found"; empty: the row has none.
std::string rank_words(const PictureSheet& sheet, int row);
/// Whether the pointer is over it.
bool line_up_covers(const Frame& f);

}  // namespace mid::ui
