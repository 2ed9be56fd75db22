// The state in the page's address (the first byte chooses: as it stands there, or the JSON inside it) and what is kept from one
// visit to the next; then what page and core make of it.
#include "ui/link.hpp"
#include "fuzz.hpp"
#include "mid/base/base64.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/session/session.hpp"

using namespace mid;

namespace {

void follow(const std::string& text) {
  const auto link = ui::read_link(text, ui::View{});
  if (!link) return;
  fuzz::check_text(link->left_out, "the names of what was left out");
  fuzz::expect(link->story >= -1 && link->story < static_cast<int>(ui::stories().size()), "a link names a story that is none");
  Session session;
  static const Json catalogue = Session::catalogue();
  const auto send = [&](const Json& command) {
    if (command.value("do", "") != "run") session.command(command);
  };
  ui::PageModel model(catalogue, send, [](int, const Json&) {});
  if (link->spec.is_object())
    model.adopt(link->spec, link->story, true);
  else
    model.choose_story(std::max(link->story, 0));
  for (const Language& l : languages()) fuzz::check_text(model.notice.in(l.code), "a notice");
  if (link->changes.is_object() && link->story >= 0) {
    const Json preset = model.choice().preset(std::string(ui::stories()[static_cast<std::size_t>(link->story)].key));
    if (preset.is_object()) fuzz::reads([&] { (void)with_fields(preset, link->changes); });
  }
  fuzz::expect(ui::read_link(ui::link_text(model, link->view, ui::View::nothing), ui::View{}).has_value(), "a link of ours is none");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t how = input.choice(3);
  if (how == 0) {
    follow(input.rest());
  } else if (how == 1) {
    follow(base64url(input.rest()));
  } else {
    const ui::KeptState kept = ui::read_state(input.rest());
    if (!kept.session.is_object()) return 0;
    fuzz::reads([&] {
      Saved saved;
      read_members(kept.session, saved);
      (void)ui::state_text(kept.link, saved);
    });
    Session session;
    session.command({{"do", "restore"}, {"state", kept.session}});
    (void)Json::to_cbor(session.snapshot(true).json());
    (void)session.snapshot(true).json().dump();
  }
  return 0;
}
