#pragma once
#include <string>

#include "ui/frame.hpp"

namespace mid::ui {

/// What the model says of the chosen picture, as the attacker is told it: of the run on the stage and of the one without defence.
/// Null: that run has no such answers.
const AnswerSheet* answers_of(const Shown* shown);
/// Whose numbers stand beside the pictures: the run's on the stage. While a hand drags the slider those of the finished stop that is
/// nearest to it, never a blend of two.
const Shown& numbers_shown(const PageModel& model, const View& view);
/// The sheet's row of the chosen picture; -1: there is none.
int chosen_row(const Frame& f);
/// The numbers of a row.
std::span<const double> numbers_of(const AnswerSheet& answers, int row);

/// Bars of one answer in `box`, under a line that says how far it is spread: confidences on a common logarithmic scale (five steps of
/// ten), the numbers inside signed around a line. `id` names their motion; `named`: one that is outlined; -1: none is.
void number_bars(Frame& f, Box box, const std::string& id, const AnswerSheet& answers, int row, std::string_view head, bool stale,
                 int named);

/// "spread over 3 names"; `brief`: "3 names".
std::string spread_words(const AnswerSheet& answers, int row, bool brief = false);
/// "28 %", "not answered".
std::string number_words(const AnswerSheet& answers, int row, int number);
/// "Resident 17".
std::string number_name(const PageModel& model, const AnswerSheet& answers, int number);
/// "Resident 17: 28 %, without defence 71 %"; `plain` may be null.
std::string named_number(const PageModel& model, const AnswerSheet& answers, const AnswerSheet* plain, int row, int number);

}  // namespace mid::ui
