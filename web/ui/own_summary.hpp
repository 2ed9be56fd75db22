#pragma once
#include "ui/frame.hpp"

namespace mid::ui {

/// The last step of the wizard for a table of one's own: what will be learnt and attacked, or what was recognised of a model that
/// somebody brought; and the buttons that begin.
void own_summary(Frame& f, Box box);

}  // namespace mid::ui
