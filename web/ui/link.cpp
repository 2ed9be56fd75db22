#include "link.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "exports.hpp"
#include "mid/base/base64.hpp"

namespace mid::ui {
namespace {

constexpr std::size_t kLongest = 1 << 16;  // a specification takes about one thousand
constexpr std::size_t kLargestState = 8 << 20;
constexpr std::array<const char*, 3> kCards{"trade-off", "table", "told"};
constexpr std::array<const char*, 4> kHides{"nothing", "explanation", "chart", "controls"};
constexpr std::array<const char*, 3> kLooks{"light", "dark", "contrast"};
constexpr std::array<const char*, 8> kPanes{"stage", "trade-off", "explain", "help", "advanced", "share", "lesson", "class"};

template <class T>
bool take(Json& from, const char* name, bool (Json::*is)() const noexcept, T& to) {
  if (!from.contains(name) || !(from[name].*is)()) return false;
  to = from[name].get<T>();
  from.erase(name);
  return true;
}

Json place_json(const View::LessonPlace& at) { return {{"key", at.key}, {"step", at.step + 1}, {"answer", at.answer + 1}}; }

}  // namespace

std::string link_text(const PageModel& model, const View& view, View::Hide hide) {
  // Who shares out of a lesson shares the lesson, and nobody the sheet with the link itself.
  const View::Pane pane = view.pane != View::share ? view.pane : view.lesson_place.key.empty() ? View::stage : View::lesson;
  Json state = {{"story", model.choice().story().key},
                {"spec", model.choice().spec()},
                {"view",
                 {{"theme", kLooks[static_cast<std::size_t>(view.look)]},
                  {"present", view.present},
                  {"language", view.language},
                  {"draw", view.draw},
                  {"person", view.person},
                  {"pane", kPanes[static_cast<std::size_t>(pane)]},
                  {"card", kCards[static_cast<std::size_t>(view.card)]},
                  {"section", view.section}}}};
  if (!view.lesson_place.key.empty()) state["view"]["lesson"] = place_json(view.lesson_place);
  if (hide != View::nothing) state["view"]["hide"] = kHides[static_cast<std::size_t>(hide)];
  if (view.theatre.open) state["view"]["theatre"] = view.theatre.beside ? "beside" : "alone";
  if (!view.class_text.empty()) state["view"]["class"] = view.class_text;
  return base64url(state.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string short_link_text(const PageModel& model, const View& view, View::Hide hide) {
  const Json preset = model.choice().preset(std::string(model.choice().story().key));
  if (!preset.is_object() || !model.choice().spec().is_object()) return link_text(model, view, hide);  // a table of one's own
  Json state = {{"story", model.choice().story().key}, {"set", changes_from(preset, model.choice().spec())}};
  if (hide != View::nothing) state["view"]["hide"] = kHides[static_cast<std::size_t>(hide)];
  if (view.present) state["view"].update({{"present", true}, {"theme", kLooks[static_cast<std::size_t>(view.look)]}});
  if (view.language != "en") state["view"]["language"] = view.language;
  if (!view.lesson_place.key.empty()) state["view"]["pane"] = "lesson", state["view"]["lesson"] = place_json(view.lesson_place);
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
      for (std::size_t i = 0; i < kLooks.size(); ++i)
        if (word == kLooks[i]) out.view.look = static_cast<Look>(i);
    if (take(view, "hide", &Json::is_string, word))
      for (std::size_t i = 0; i < kHides.size(); ++i)
        if (word == kHides[i]) out.view.hide = static_cast<View::Hide>(i);
    if (take(view, "language", &Json::is_string, word))
      if (find_language(word) || word == kPseudo) out.view.language = word;
    take(view, "present", &Json::is_boolean, out.view.present);
    if (take(view, "draw", &Json::is_number_integer, number)) out.view.draw = static_cast<int>(number & 0xFFFFFF);
    if (take(view, "person", &Json::is_number_integer, number)) out.view.person = static_cast<int>(number & 0xFFFFFF);
    if (take(view, "theatre", &Json::is_string, word)) out.view.theatre = {.open = true, .beside = word == "beside"};
    take(view, "class", &Json::is_string, out.view.class_text);
    bool table = false;  // of links before there were three
    if (take(view, "table", &Json::is_boolean, table)) out.view.card = table ? View::table : View::trade;
    if (take(view, "card", &Json::is_string, word))
      for (std::size_t i = 0; i < kCards.size(); ++i)
        if (word == kCards[i]) out.view.card = static_cast<View::Card>(i);
    if (take(view, "section", &Json::is_number_integer, number)) out.view.section = static_cast<int>(number & 0xFF);
    if (take(view, "pane", &Json::is_string, word))
      for (std::size_t i = 0; i < kPanes.size(); ++i)
        if (word == kPanes[i]) out.view.pane = static_cast<View::Pane>(i);
    if (view.contains("lesson") && view["lesson"].is_object()) {
      Json lesson = std::move(view["lesson"]);
      view.erase("lesson");
      View::LessonPlace& at = out.view.lesson_place;
      at = {};
      if (take(lesson, "key", &Json::is_string, word)) at.key = word;
      if (take(lesson, "step", &Json::is_number_integer, number)) at.step = static_cast<int>(std::clamp<std::int64_t>(number, 1, 99)) - 1;
      if (take(lesson, "answer", &Json::is_number_integer, number))
        at.answer = static_cast<int>(std::clamp<std::int64_t>(number, 0, 9)) - 1;
      for (const auto& [name, value] : lesson.items()) note("view.lesson." + name);
    }
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
