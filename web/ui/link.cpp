#include "ui/link.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "mid/base/base64.hpp"
#include "ui/exports.hpp"

namespace mid::ui {
namespace {

constexpr std::size_t kLongest = 1 << 16;  // a specification takes about one thousand
constexpr std::size_t kLargestState = 8 << 20;
constexpr std::array<const char*, 4> kHides{"nothing", "explanation", "chart", "controls"};
constexpr Look kLooks[] = {Look::light, Look::dark, Look::contrast};

}  // namespace

std::string link_text(const PageModel& model, const View& view, View::Hide hide) {
  Json state = {{"story", model.choice().story().key},
                {"spec", model.choice().spec()},
                {"view",
                 {{"theme", name_of(view.look)},
                  {"language", view.language},
                  {"draw", view.draw},
                  {"person", view.person},
                  {"pane", view.pane && view.pane->travels ? std::string(view.pane->name) : "stage"}}}};
  for (const Panel* p : panels())
    if (p->keep) p->keep(view, state["view"], false);
  if (hide != View::nothing) state["view"]["hide"] = kHides[static_cast<std::size_t>(hide)];
  return base64url(state.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string short_link_text(const PageModel& model, const View& view, View::Hide hide) {
  const Json preset = model.choice().preset(std::string(model.choice().story().key));
  if (!preset.is_object() || !model.choice().spec().is_object()) return link_text(model, view, hide);  // a table of one's own
  Json state = {{"story", model.choice().story().key}, {"set", changes_from(preset, model.choice().spec())}};
  Json brief = Json::object();
  if (hide != View::nothing) brief["hide"] = kHides[static_cast<std::size_t>(hide)];
  if (view.language != "en") brief["language"] = view.language;
  for (const Panel* p : panels())
    if (p->keep) p->keep(view, brief, true);
  if (!brief.empty()) state["view"] = std::move(brief);
  return base64url(state.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<LinkState> read_link(std::string_view text, const View& standard) {
  if (text.size() > kLongest) return std::nullopt;
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  Json state = json_or_discarded(*bytes, kLongest);
  if (!state.is_object()) return std::nullopt;
  LinkState out;
  out.view = standard;
  std::string story;
  if (take(state, "story", &Json::is_string, story)) out.story = find_story(story), out.preset = out.story < 0 ? story : "";
  if (state.contains("spec") && state["spec"].is_object()) {
    out.spec = std::move(state["spec"]);
    state.erase("spec");
  }
  if (state.contains("set") && state["set"].is_object()) {
    out.changes = std::move(state["set"]);
    state.erase("set");
  }
  const auto note = [&](const std::string& name) { out.left_out += (out.left_out.empty() ? "" : ", ") + shortened(name, 40); };
  if (state.contains("view") && state["view"].is_object()) {
    Json view = std::move(state["view"]);
    state.erase("view");
    std::string word;
    std::int64_t number = 0;
    if (take(view, "theme", &Json::is_string, word))
      for (const Look look : kLooks)
        if (word == name_of(look)) out.view.look = look;
    if (take(view, "hide", &Json::is_string, word))
      for (std::size_t i = 0; i < kHides.size(); ++i)
        if (word == kHides[i]) out.view.hide = static_cast<View::Hide>(i);
    if (take(view, "language", &Json::is_string, word))
      if (find_language(word) || word == kPseudo) out.view.language = word;
    if (take(view, "draw", &Json::is_number_integer, number)) out.view.draw = static_cast<int>(number & 0xFFFFFF);
    if (take(view, "person", &Json::is_number_integer, number)) out.view.person = static_cast<int>(number & 0xFFFFFF);
    if (take(view, "pane", &Json::is_string, word))
      if (const Panel* p = panel_called(word); (p && p->draw && !p->covers) || word == "stage") out.view.pane = p;
    for (const Panel* p : panels())
      if (p->restore) p->restore(view, out.view, [&](const std::string& name) { note("view." + name); });
    for (const auto& [name, value] : view.items()) note("view." + name);
  }
  for (const auto& [name, value] : state.items()) note(name);
  return out;
}

std::string state_text(const std::string& link, const Saved& session) {
  return Json{{"version", 1}, {"link", link}, {"session", json_of(session)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

KeptState read_state(std::string_view text) {
  KeptState out;
  Json state = json_or_discarded(text, kLargestState);
  if (!state.is_object() || state.value("version", Json()) != 1) return out;
  take(state, "link", &Json::is_string, out.link);
  if (state.contains("session") && state["session"].is_object()) out.session = std::move(state["session"]);
  return out;
}

}  // namespace mid::ui
