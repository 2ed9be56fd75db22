#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ui/frame.hpp"

namespace mid::ui {

/// The page's whole state as text for the address: base64url of {"story", "spec", "view"}.
std::string link_text(const PageModel& model, const View& view, View::Hide hide);

/// The same in few letters, for a QR code: what differs from the story's preset. Reads as long as presets stay what they are.
std::string short_link_text(const PageModel& model, const View& view, View::Hide hide);

/// What a link holds. `left_out` names what was not understood. Empty: it is no link of ours.
struct LinkState {
  int story = -1;
  std::string preset;  ///< what it calls its story, where that is none of the page's: perhaps a preset
  Json spec;
  Json changes;  ///< of a short link: fields of the story's preset; else null
  View view;
  std::string left_out;
};
/// Reads whatever text; never throws. Fields of the specification are judged by the core, not here.
std::optional<LinkState> read_link(std::string_view text, const View& standard);

/// What is kept from one visit to the next, as text: the link and what the Session thinks worth keeping.
std::string state_text(const std::string& link, const Saved& session);
struct KeptState {
  std::string link;
  Json session;  ///< null: nothing that could be read
};
/// Reads whatever text; never throws.
KeptState read_state(std::string_view text);

}  // namespace mid::ui
