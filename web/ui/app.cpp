#include "app.hpp"

#include <algorithm>

#include "figures.hpp"
#include "link.hpp"
#include "strings.hpp"

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
    : outside_(std::move(outside)), lab_(catalogue, outside_.send, outside_.answer) {
  view_.dark = outside_.dark;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
}

void App::start(std::string_view link) {
  if (link.empty()) return lab_.choose_story(0);
  follow(link);
}

void App::follow(std::string_view link) {
  if (link == kept_) return;  // our own words, back from the address
  auto state = read_link(link, view_);
  if (!state) {
    lab_.choose_story(0);
    lab_.notice = std::string(words("notice.link.bad"));
    return;
  }
  view_ = state->view;
  if (!state->left_out.empty()) lab_.notice = words("notice.link", {{"fields", state->left_out}});
  if (state->spec.is_object()) lab_.adopt(std::move(state->spec), state->story, true);
  else lab_.choose_story(std::max(state->story, 0));
}

void App::command(const Json& c) {
  const std::string what = c.is_object() && c.contains("do") && c["do"].is_string() ? c["do"].get<std::string>() : "";
  if (what != "run") {
    if (what == "pause") lab_.pause();
    else if (what == "resume") lab_.resume();
    else outside_.send(c);
    return;
  }
  if (c.contains("spec")) return lab_.adopt(c["spec"], -1, false);
  if (c.contains("preset") && c["preset"].is_string()) lab_.choose_story(find_story(c["preset"].get<std::string>()));
}

bool App::set_scale(float scale) {
  scale = std::clamp(scale, .5f, 4.f);
  if (scale == types_.scale()) return false;
  types_.build(scale);
  return true;
}

ImU32 App::ground() const { return (view_.dark ? kDark : kLight).bg; }

Json App::state() const {
  Json places = Json::object();
  for (const auto& [id, b] : controls_.places()) places[id] = {b.x, b.y, b.w, b.h};
  return {{"story", lab_.story().key}, {"controls", places}, {"strength", lab_.strength()}, {"seed", lab_.seed()}, {"busy", lab_.busy()},
          {"stale", lab_.stale()}, {"comparing", lab_.comparing()}, {"runs", lab_.runs().size()}, {"notice", lab_.notice},
          {"error", lab_.error()}};
}

bool App::receive(const Json& snapshot) {
  const int before = lab_.shown().serial;
  lab_.receive(snapshot);
  return lab_.shown().serial != before && lab_.has_result();
}

std::string App::summary() const {
  if (!lab_.error().empty()) return std::string(words("error.title")) + ": " + lab_.error();
  if (!lab_.has_result() || lab_.stale()) return {};
  const Story& s = lab_.story();
  const Json& result = lab_.shown().result;
  const auto of = [&](const char* group, std::string_view name, const char* label, const char* base) {
    const Measure m = measure_of(result, group, name);
    return std::string(story_words(s.key, label)) + " " + percent(m.value) + " (" + story_words(s.key, base, {{"value", percent(m.baseline)}}) + ")";
  };
  return std::string(story_words(s.key, "menu")) + ". " + std::string(words("strength")) + " " + strength_text(lab_.strength()) + ": " +
         of("utility", s.utility, "utility", "utility.base") + ", " + of("privacy", s.privacy, "privacy", "privacy.base") + ".";
}

double App::draw(double now) {
  const Theme& theme = view_.dark ? kDark : kLight;
  style(theme);
  const double again = lab_.advance(now);
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("midlab", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
  Paint paint(*ImGui::GetWindowDrawList(), types_, theme);
  const Layout layout = Layout::of(size.x / types_.scale(), size.y / types_.scale());
  Doors doors{[this](const std::string& text) { outside_.copy_link(text); }, outside_.pictures};
  Frame frame{paint, controls_, motion_, lab_, view_, layout, pictures_, doors, now};
  motion_.begin(now);
  controls_.begin(paint, now);
  paint.fill({0, 0, layout.width, layout.height}, theme.bg);
  if (pictures_.update(lab_.shown(), layout.pictures, view_.draw, lab_.story().ink && !view_.dark))
    outside_.upload(pictures_.pixels(), Pictures::kWidth, Pictures::kHeight);
  double wake = panels(frame);
  ImGui::End();

  if (again >= 0 && (wake < 0 || again < wake)) wake = again;
  if (motion_.moving() || lab_.busy() || view_.dragging) wake = 0;
  // The address follows, but not every step of a drag: browsers limit how often it may change.
  if (std::string link = link_text(lab_, view_); link != kept_ && !view_.dragging) {
    if (now - kept_at_ > .5) {
      kept_ = std::move(link), kept_at_ = now;
      outside_.keep_link(kept_);
    } else if (wake < 0 || wake > .5) {
      wake = .5;
    }
  }
  return wake;
}

double App::panels(Frame& f) {
  const Layout& l = f.layout;
  top_bar(f, [this] { return link_text(lab_, view_); });
  if (f.view.dose) {
    stage_dose(f);
  } else {
    if (l.transport.w > 0 && (l.kind != Layout::Kind::phone || f.view.pane == View::stage)) transport(f, l.transport);
    const bool stage_hidden = l.one_pane && f.view.pane != View::stage;
    if (stage_hidden) {
      if (l.kind != Layout::Kind::phone && f.view.pane != View::trade_off) f.paint.card(l.stage);
      const float pad = l.kind == Layout::Kind::phone ? 0 : l.pad;
      const Box inner{l.explain.x + pad, l.explain.y, l.explain.w - 2 * pad, l.explain.h};
      if (f.view.pane == View::trade_off) trade_off(f, l.chart);
      else if (f.view.pane == View::explain) explain(f, inner);
      else help(f, inner);
    } else if (f.lab.story().pictures) {
      stage_pictures(f);
    } else {
      stage_beliefs(f);
    }
    if (l.kind != Layout::Kind::phone || f.view.pane == View::stage) {
      if (l.kind == Layout::Kind::phone) {
        f.paint.card(l.slider);
        const float half = (l.numbers.w - 12) / 2;
        f.paint.card({l.numbers.x, l.numbers.y, half, l.numbers.h});
        f.paint.card({l.numbers.x + half + 12, l.numbers.y, half, l.numbers.h});
      } else {
        f.paint.card({l.slider.x, l.slider.y, l.slider.w, l.slider.h + l.numbers.h});
        f.paint.line(l.numbers.x, l.numbers.y, l.numbers.right(), l.numbers.y, f.theme().line);
        f.paint.line(l.numbers.middle_x(), l.numbers.y, l.numbers.middle_x(), l.numbers.bottom(), f.theme().line);
      }
      slider(f, l.slider);
      numbers(f, l.numbers);
    }
    if (!l.one_pane) {
      trade_off(f, l.chart);
      if (f.view.pane == View::help) help(f, l.explain);
      else explain(f, l.explain);
    }
  }
  tabs(f);
  notices(f);
  const double tip = f.controls.end();
  if (tip >= 0) f.wake_in(tip);
  return f.wake;
}

}  // namespace mid::ui
