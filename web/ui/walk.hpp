#pragma once
#include <string>

#include "ui/frame.hpp"

namespace mid::ui {

// The walk of the chosen picture: picture, network, numbers, attacker, picture. View::walk says where it is.

/// Whether it can be walked: the attacker was told something about the pictures, and there is room for it on the stage.
bool can_walk(const Frame& f);
/// Goes on while it plays; what the walk was about may be gone.
void walk_on(Frame& f);
/// The button that plays and pauses it, and the one that goes to the next station, which stands there while it goes: in the place of the
/// attack's, or of its words.
void walk_button(Frame& f, Box box);
void walk_step_button(Frame& f, Box box);
/// Outlines the station at which it stands, and draws the dot that runs to the next.
void walk_marks(Frame& f);
/// Goes to a station, 1 to View::Walk::kStations, and stands there; 0 ends the walk.
void walk_to(const PageModel& model, View& view, int station);
/// Plays it from where it stands, or pauses it.
void play_walk(const PageModel& model, View& view);

/// What happens at a station, with its number in **strong** letters; `brief`: its name alone.
std::string walk_words(const PageModel& model, const View& view, int station, bool brief = false);
/// The sentence of the station at which the walk stands, without emphasis; empty: it does not go.
std::string walk_said(const PageModel& model, const View& view);

/// What can be watched on a stage, as buttons that end at `right`: the walk, and the steps of the attack. Returns watch_width().
float watch_buttons(Frame& f, float right, float y, float height);
/// The width that they take; 0: there is nothing to watch.
float watch_width(const Frame& f);

}  // namespace mid::ui
