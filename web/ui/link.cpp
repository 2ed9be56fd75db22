#include "link.hpp"

#include <array>
#include <cstdint>

namespace mid::ui {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kLongest = 1 << 16;  // a specification takes about one thousand
constexpr std::size_t kLargestState = 8 << 20;
constexpr std::array<const char*, 5> kPanes{"stage", "trade-off", "explain", "help", "advanced"};

std::string encoded(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c), held += 8;
    while (held >= 6) held -= 6, out += kAlphabet[(bits >> held) & 63];
  }
  if (held > 0) out += kAlphabet[(bits << (6 - held)) & 63];
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    const auto v = kAlphabet.find(c == '+' ? '-' : c == '/' ? '_' : c);
    if (v == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(v), held += 6;
    if (held >= 8) held -= 8, out += static_cast<char>((bits >> held) & 255);
  }
  return out;
}

/// Depth without parsing: a million brackets must not reach a recursive reader.
bool too_deep(std::string_view json) {
  int depth = 0;
  for (const char c : json) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > 32) return true;
  }
  return false;
}

template <class T>
bool take(Json& from, const char* name, bool (Json::*is)() const noexcept, T& to) {
  if (!from.contains(name) || !(from[name].*is)()) return false;
  to = from[name].get<T>();
  from.erase(name);
  return true;
}

}  // namespace

std::string link_text(const Lab& lab, const View& view) {
  const Json state = {{"story", lab.story().key},
                      {"spec", lab.spec()},
                      {"view", {{"theme", view.dark ? "dark" : "light"}, {"draw", view.draw}, {"person", view.person},
                                {"pane", kPanes[static_cast<std::size_t>(view.pane)]}, {"table", view.table},
                                {"section", view.section}}}};
  return encoded(state.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<LinkState> read_link(std::string_view text, const View& standard) {
  if (text.size() > kLongest) return std::nullopt;
  const auto bytes = decoded(text);
  if (!bytes || too_deep(*bytes)) return std::nullopt;
  Json state = Json::parse(*bytes, nullptr, false);
  if (!state.is_object()) return std::nullopt;
  LinkState out;
  out.view = standard;
  std::string story;
  if (take(state, "story", &Json::is_string, story)) out.story = find_story(story);
  if (state.contains("spec") && state["spec"].is_object()) {
    out.spec = std::move(state["spec"]);
    state.erase("spec");
  }
  const auto note = [&](const std::string& name) { out.left_out += (out.left_out.empty() ? "" : ", ") + name.substr(0, 40); };
  if (state.contains("view") && state["view"].is_object()) {
    Json view = std::move(state["view"]);
    state.erase("view");
    std::string word;
    std::int64_t number = 0;
    if (take(view, "theme", &Json::is_string, word)) out.view.dark = word == "dark";
    if (take(view, "draw", &Json::is_number_integer, number)) out.view.draw = static_cast<int>(number & 0xFFFFFF);
    if (take(view, "person", &Json::is_number_integer, number)) out.view.person = static_cast<int>(number & 0xFFFFFF);
    take(view, "table", &Json::is_boolean, out.view.table);
    if (take(view, "section", &Json::is_number_integer, number)) out.view.section = static_cast<int>(number & 0xFF);
    if (take(view, "pane", &Json::is_string, word))
      for (std::size_t i = 0; i < kPanes.size(); ++i)
        if (word == kPanes[i]) out.view.pane = static_cast<View::Pane>(i);
    for (const auto& [name, value] : view.items()) note("view." + name);
  }
  for (const auto& [name, value] : state.items()) note(name);
  return out;
}

std::string state_text(const std::string& link, const Json& session) {
  return Json{{"version", 1}, {"link", link}, {"session", session}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

KeptState read_state(std::string_view text) {
  KeptState out;
  if (text.empty() || text.size() > kLargestState || too_deep(text)) return out;
  Json state = Json::parse(text, nullptr, false);
  if (!state.is_object() || state.value("version", Json()) != 1) return out;
  take(state, "link", &Json::is_string, out.link);
  if (state.contains("session") && state["session"].is_object()) out.session = std::move(state["session"]);
  return out;
}

}  // namespace mid::ui
