#include "ui/app.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/text.hpp"
#include "mid/experiment/spec.hpp"
#include "ui/figures.hpp"
#include "ui/line_up.hpp"
#include "ui/link.hpp"
#include "ui/page.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

/// Even a stock widget that somebody forgot should fit.
void style(const Theme& t) {
  ImGuiStyle& s = ImGui::GetStyle();
  s = ImGuiStyle();
  s.WindowPadding = s.FramePadding = {0, 0};
  s.WindowBorderSize = s.PopupBorderSize = 0;
  s.WindowRounding = 0, s.PopupRounding = 12;
  s.DisplaySafeAreaPadding = {0, 0};
  const auto set = [&](ImGuiCol at, ImU32 colour) { s.Colors[at] = ImGui::ColorConvertU32ToFloat4(colour); };
  set(ImGuiCol_Text, t.ink), set(ImGuiCol_WindowBg, t.bg), set(ImGuiCol_PopupBg, t.surface), set(ImGuiCol_Border, t.line);
  set(ImGuiCol_FrameBg, t.sunken), set(ImGuiCol_Button, t.sunken), set(ImGuiCol_ButtonHovered, t.line);
  set(ImGuiCol_NavHighlight, 0);  // controls.cpp draws the ring
}

}  // namespace

App::App(const Json& catalogue, Outside outside)
    : outside_(std::move(outside)), model_(catalogue, outside_.send, outside_.answer, outside_.help) {
  speak(outside_.language);
  view_.look = view_.before = outside_.dark ? Look::dark : Look::light;
  motion_.be_still(outside_.still);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
}

void App::start(std::string_view link, std::string_view kept, bool where_left) {
  const KeptState state = read_state(kept);
  if (state.session.is_object()) model_.restore(state.session);
  if (link.empty() && where_left) link = state.link;
  // A new visit begins at the beginning, but in the language and the colours of the last one.
  if (link.empty())
    if (const auto last = read_link(state.link, view_)) speak(last->view.language), view_.look = last->view.look;
  if (link.empty()) return model_.choose_story(0);
  follow(link);
}

void App::speak(const std::string& code) {
  set_language(code);
  view_.language = language();
}

void App::follow(std::string_view link) {
  if (link == kept_) return;  // our own words, back from the address
  auto state = read_link(link, view_);
  if (!state) {
    model_.choose_story(0);
    model_.notice = Message("notice.link.bad");
    return;
  }
  view_ = state->view;
  set_language(view_.language);
  if (!state->preset.empty() && !state->spec.is_object()) {
    if (Json preset = model_.choice().preset(state->preset); preset.is_object())
      state->spec = std::move(preset);
    else
      state->left_out = shortened(state->preset, 40) + (state->left_out.empty() ? "" : ", ") + state->left_out;
  }
  if (state->changes.is_object()) {
    const auto story = static_cast<std::size_t>(std::max(state->story, 0));
    const Json preset = state->spec.is_object() ? state->spec : model_.choice().preset(stories()[story].key);
    try {
      if (preset.is_object()) state->spec = with_fields(preset, state->changes);
    } catch (const Error&) {  // of another version: what can be read of it
      state->spec = preset;
      for (const auto& [path, value] : state->changes.items()) try {
          state->spec = with_fields(state->spec, {{path, value}});
        } catch (const Error&) {
          state->left_out += (state->left_out.empty() ? "" : ", ") + shortened(path, 40);
        }
    }
  }
  if (field_of(state->spec, "data.name") == "csv") {
    const Json csv = field_of(state->spec, "data.csv"), model = field_of(state->spec, "model.file");
    const auto is_here = [&](const Json& path) {
      return path.is_string() && outside_.has_file && outside_.has_file(path.get<std::string>());
    };
    if (!is_here(csv) || (!model.is_null() && !is_here(model))) {  // a link cannot hold the files themselves
      if (!model_.runs().has_result()) model_.choose_story(0);
      return model_.own.expect(std::move(state->spec));
    }
  }
  if (!state->left_out.empty()) model_.notice = Message("notice.link").with("fields", state->left_out);
  if (state->spec.is_object())
    model_.adopt(std::move(state->spec), state->story, true);
  else
    model_.choose_story(std::max(state->story, 0));
}

void App::command(const Json& c) {
  try {
    obey(c);
  } catch (const std::exception& e) {  // whoever sent it, a program perhaps, may have sent anything
    model_.notice = message_of(e);
  }
}

void App::notify(const std::string& sentence) { model_.notice = Message::plain(sentence); }

void App::obey(const Json& c) {
  const std::string what = c.is_object() && c.contains("do") && c["do"].is_string() ? c["do"].get<std::string>() : "";
  for (const Panel* p : panels())
    if (p->obey && what == p->command) return p->obey(model_, view_, c);
  if (what == "set") {
    model_.set_fields(c.value("fields", Json()));
  } else if (what == "undo") {
    model_.undo();
  } else if (what == "redo") {
    model_.redo();
  } else if (what == "pause") {
    model_.pause();
  } else if (what == "resume") {
    model_.resume();
  } else if (what == "step") {
    model_.step();
  } else if (what == "restart") {
    model_.restart();
  } else if (what == "stop" || what == "cancel") {
    model_.stop();
  } else if (what == "fill") {
    c.value("on", Json()) == false ? model_.stop_filling() : model_.fill();
  } else if (what == "export") {
    if (const Json format = c.value("format", Json("svg")); format.is_string()) model_.export_tree(format.get<std::string>());
  } else if (what == "language") {
    if (const Json to = c.value("to", Json()); to.is_string()) speak(to.get<std::string>());
  } else if (what == "back") {
    model_.back_to_last_good();
  } else if (what != "run") {
    outside_.send(c);
  }
  if (what != "run") return;
  if (c.contains("spec")) return model_.adopt(c["spec"], -1, false);
  if (!c.contains("preset") || !c["preset"].is_string()) return;
  const std::string name = c["preset"].get<std::string>();
  if (const int story = find_story(name); story >= 0) return model_.choose_story(story);
  if (Json spec = model_.choice().preset(name); spec.is_object()) model_.adopt(std::move(spec), -1, false);
}

bool App::set_scale(float scale, int device_width, int device_height) {
  constexpr float kLowest = 560;                        // logical pixels that every layout has room in
  constexpr float kRoomWidth = 800, kRoomHeight = 600;  // of a presentation
  const auto width = static_cast<float>(device_width), height = static_cast<float>(device_height);
  scale = std::min(scale, height / kLowest);
  if (view_.present) scale = std::min(width / kRoomWidth, height / kRoomHeight);
  scale = std::clamp(scale, .5f, view_.present ? 6.f : 4.f);
  if (scale == types_.scale() && view_.present == types_.large()) return false;
  types_.build(scale, view_.present);
  return true;
}

ImU32 App::ground() const { return theme_of(view_.look).bg; }

Json App::state() const {
  Json places = Json::object();
  for (const auto& [id, b] : controls_.places()) places[id] = {b.x, b.y, b.w, b.h};
  const PageModel& m = model_;
  Json out = {{"story", m.choice().story().key},
              {"takes_codes", takes_codes()},
              {"language", std::string(text_language())},
              {"missing_language", std::string(missing_language())},
              {"scale", types_.scale()},
              {"controls", places},
              {"focus", controls_.focused()},
              {"strength", m.choice().strength()},
              {"defence", m.choice().rival()},
              {"seed", m.choice().seed()},
              {"busy", m.queue().busy()},
              {"stale", m.runs().stale()},
              {"comparing", m.queue().comparing()},
              {"filling", m.queue().filling()},
              {"unfilled", m.runs().has_result() ? m.unfilled() : 0},
              {"helped", m.queue().helped()},
              {"runs", m.runs().list().size()},
              {"run_order", m.runs().by_stops()},
              {"notice", said(m.notice)},
              {"error", said(m.error())},
              {"warnings", sentences_in(text_language(), m.runs().shown().warnings)},
              {"paused", m.queue().paused()},
              {"speed", m.queue().speed()},
              {"undo", m.choice().undo_steps()},
              {"redo", m.choice().redo_steps()},
              {"tree", m.runs().has_result() && m.runs().shown().tree.has_value()},
              {"spec", m.choice().spec()}};
  for (const Panel* p : panels())
    if (p->tell) p->tell(m, view_, out);
  return out;
}

bool App::receive(Snapshot snapshot) {
  const int before = model_.runs().shown().serial;
  model_.receive(std::move(snapshot));
  if (model_.file && outside_.save_file) {
    const ExportedFile file = *std::exchange(model_.file, std::nullopt);
    outside_.save_file(file.name, file.text);
  }
  return model_.runs().shown().serial != before && model_.runs().has_result();
}

std::string App::short_link() const { return short_link_text(model_, view_, view_.hide); }

std::string App::summary() const {
  if (!model_.error().empty()) return std::string(words("error.title")) + ": " + said(model_.error());
  if (!model_.runs().has_result() || model_.runs().stale()) return {};
  const Story& s = model_.choice().story();
  const auto of = [&](const char* group, std::string_view name, const char* label, const char* base) {
    const Measure m = model_.runs().figure(group, name);
    return model_.choice().says(label) + " " + percent(m.value) + " (" + model_.choice().says(base, {{"value", percent(m.baseline)}}) + ")";
  };
  std::string about = model_.choice().says("menu");
  if (!about.empty() && !about.ends_with('?')) about += '.';
  return about + " " + slider_words(model_.choice()) + ": " + of("utility", s.utility, "utility", "utility.base") + ", " +
         of("privacy", privacy_figure(s, model_.runs().shown().spec()), "privacy", "privacy.base") + ".";
}

double App::draw(double now) {
  set_language(view_.language);
  const Theme& theme = theme_of(view_.look);
  style(theme);
  model_.set_beside(compared(model_, view_));
  const double again = model_.advance(now);
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("midlab", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground);
  Paint paint(*ImGui::GetWindowDrawList(), types_, theme);
  const float width = size.x / types_.scale(), height = size.y / types_.scale();
  Layout layout =
      view_.pane && view_.pane->strip ? Layout::above_strip(width, height, view_.present) : Layout::of(width, height, view_.present);
  const bool watched = theatre_open(model_, view_), beside = compared(model_, view_);
  // Before the first result there is room for what it is going to show.
  const bool numbers = model_.runs().has_result() ? has_numbers(model_) : !model_.choice().story().white_box;
  layout.make_rows({beside, numbers, watched ? layout.strip_above_rows() : 0});
  Platform doors{outside_.copy_link,   outside_.copy_text, outside_.save_file,   outside_.address,    outside_.pictures,
                 outside_.full_screen, outside_.paste,     outside_.choose_file, outside_.open_manual};
  Frame frame{paint, controls_, motion_, model_, view_, layout, pictures_, doors, now};
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl && !io.WantTextInput) {
    if (ImGui::IsKeyPressed(ImGuiKey_Z, false)) io.KeyShift ? model_.redo() : model_.undo();
    if (ImGui::IsKeyPressed(ImGuiKey_Y, false)) model_.redo();
  }
  if (!model_.choice().story().ink) view_.pad.open = false;
  motion_.begin(now);
  controls_.begin(paint, now);
  if (pictures_.update({model_.runs().shown(), beside ? model_.runs().beside() : nullptr, watched ? theatre_step(model_, view_) : -1,
                        layout.pictures, view_.draw, model_.choice().story().ink && !theme.dark, companions_in_order(model_),
                        lined_up(frame), model_.choice().story().opens_with}))
    outside_.upload(pictures_.pixels(), Pictures::kWidth, Pictures::kHeight);
  if (view_.present) presentation_keys(frame);
  double wake = page(frame);
  ImGui::End();
  announce();

  if (again >= 0 && (wake < 0 || again < wake)) wake = again;
  if (view_.present != types_.large()) wake = 0;  // the letters of the other size first
  if (motion_.moving() || (model_.queue().busy() && !model_.queue().paused()) || view_.dragging) wake = 0;
  const double due = keep(now);
  return due >= 0 && (wake < 0 || due < wake) ? due : wake;
}

void App::announce() {
  for (const Panel* p : panels()) {
    if (!p->announce) continue;
    std::string sentence = p->announce(model_, view_);
    if (std::string& last = announced_[p]; sentence != last) {
      last = std::move(sentence);
      if (!last.empty() && outside_.announce) outside_.announce(last);
    }
  }
}

/// Address and storage follow, but not every step of a drag: browsers limit how often an address may change.
double App::keep(double now) {
  constexpr double kPause = .5;
  if (view_.dragging) return -1;
  std::string link = link_text(model_, view_, view_.hide);
  const bool other_runs = model_.runs().saved_serial() != kept_runs_;
  if (link == kept_ && !other_runs) return -1;
  if (now - kept_at_ <= kPause) return kPause - (now - kept_at_);
  kept_at_ = now;
  if (link != kept_) outside_.keep_link(link);
  kept_ = std::move(link), kept_runs_ = model_.runs().saved_serial();
  if (outside_.keep_state && model_.runs().saved()) outside_.keep_state(state_text(kept_, *model_.runs().saved()));
  return -1;
}

}  // namespace mid::ui
