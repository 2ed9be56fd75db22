#pragma once
#include "ui/frame.hpp"

namespace mid::ui {

/// What became of a person whom the attacker was asked about: right without the model, right thanks to it, wrong.
enum class Fate { known, gained, wrong };
Fate fate_of(const BeliefSheet& b, int row);
/// The mark of one.
void fate_mark(Paint& p, Box box, Fate fate);

/// What the attacker believes of one person: a thick bar after the answer, a thin one before, a tick at the truth. The rows
/// stand `pitch` apart from `y` on.
void belief_bars(Frame& f, const BeliefSheet& b, int person, float x, float y, float w, float pitch);

/// Another person: its bars begin at what was believed before the answer.
void show_person(Frame& f, const BeliefSheet& b, int person);

/// "< Person 118 >", from `x` on around the height `y`; returns where it ends. `words_key` says what people are called.
float person_chooser(Frame& f, const BeliefSheet& b, float x, float y, const char* words_key);

}  // namespace mid::ui
