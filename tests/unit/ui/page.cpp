#include "page.hpp"

#include <imgui_internal.h>
#include <algorithm>

#include <filesystem>

#include <catch2/catch_test_macros.hpp>

#include "../temporary_folder.hpp"

namespace mid::test {
namespace {

/// All pages of one program find what one of them has finished: the stories train once.
const std::filesystem::path& stages() {
  static const TemporaryFolder folder;
  return folder.path();
}

constexpr double kSlice = 25;
constexpr int kPatience = 60000;  // frames

}  // namespace

Page::Page(int width, int height, const std::string& link, bool still, bool helped, bool alone)
    : context_(ImGui::CreateContext()), session_(helped || alone ? std::filesystem::path() : stages()) {
  ui::App::Outside outside;
  outside.send = [this](const Json& command) { session_.command(command); };
  if (helped)
    outside.help = [this](const Json& command) {
      if (command.is_null()) return second_.reset(), true;
      if (!second_) second_ = std::make_unique<Session>();
      second_->command(command);
      return true;
    };
  outside.answer = [](int, const Json&) {};
  outside.keep_link = [this](const std::string& text) { address = text; };
  outside.keep_state = [this](const std::string& text) { kept = text; };
  outside.copy_text = [this](const std::string& text) { copied_text = text; };
  outside.address = "https://midlab.example/demo/";
  outside.copy_link = [this](const std::string& text) { copied = text; };
  outside.paste = [this] { ++asked_to_paste; };
  outside.announce = [this](const std::string& sentence) {
    if (announce) announce(sentence);
  };
  outside.still = still;
  outside.choose_file = [this] { ++asked_for_file; };
  outside.open_manual = [this] { ++asked_for_manual; };
  outside.has_file = [](const std::string& path) { return std::filesystem::is_regular_file(path); };
  outside.save_file = [this](const std::string& name, const std::string& text) { saved_name = name, saved_text = text; };
  outside.upload = [this](std::span<const std::uint8_t>, int, int) { ++uploads; };
  outside.pictures = reinterpret_cast<ImTextureID>(std::uintptr_t{2});
  app = std::make_unique<ui::App>(Session::catalogue(), std::move(outside));
  resize(width, height);
  app->start(link);
}

Page::~Page() {
  app.reset();
  ImGui::DestroyContext(context_);
}

void Page::resize(int width, int height, float scale) { width_ = width, height_ = height, scale_ = scale; }

double Page::frames(int n) {
  double wake = 0;
  for (int i = 0; i < n; ++i) {
    if (session_.advance(kSlice) || session_.serial() != 0) app->receive(session_.snapshot());
    if (second_) {
      second_->advance(kSlice);
      app->receive_help(second_->snapshot());
    }
    ImGuiIO& io = ImGui::GetIO();
    if (app->set_scale(scale_, width_, height_)) io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(std::uintptr_t{1}));
    io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    io.DeltaTime = 1.f / 60;
    now_ += 1. / 60;
    ImGui::NewFrame();
    wake = app->draw(now_);
    ImGui::Render();
  }
  return wake;
}

void Page::rest() {
  for (int i = 0; i < kPatience; ++i) {
    if (frames() >= 0) continue;
    const Json s = state();
    if ((s["busy"] || s["stale"] || s["comparing"]) && s["error"] == "") continue;
    frames(3);
    return;
  }
  FAIL("the page did not come to rest: " << state().dump());
}

void Page::set(const Json& fields) {
  app->command({{"do", "set"}, {"fields", fields}});
  rest();
}

void Page::tell(const std::string& story) {
  app->command({{"do", "run"}, {"preset", story}});
  rest();
}

bool Page::paints(const std::string& part) {
  const ui::Seen seen = look();
  return std::any_of(seen.texts.begin(), seen.texts.end(), [&](const auto& t) { return t.text.find(part) != std::string::npos; });
}

ui::Seen Page::look() {
  ui::Seen seen;
  ui::Paint::witness = &seen;
  frames();
  ui::Paint::witness = nullptr;
  return seen;
}

void Page::point(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x * scale_, y * scale_);
  frames(2);
}

void Page::button(bool down) {
  ImGui::GetIO().AddMouseButtonEvent(0, down);
  frames(2);
}

void Page::let_go_at(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x * scale_, y * scale_);
  button(false);
}

void Page::click(const std::string& control) {
  const Json controls = state()["controls"];
  INFO("control " << control << " of " << controls.dump());
  REQUIRE(controls.contains(control));
  const Json box = controls[control];
  point(box[0].get<float>() + box[2].get<float>() / 2, box[1].get<float>() + box[3].get<float>() / 2);
  button(true);
  button(false);
}

void Page::press(ImGuiKey key, bool with_shift) {
  ImGuiIO& io = ImGui::GetIO();
  if (with_shift) io.AddKeyEvent(ImGuiMod_Shift, true);
  io.AddKeyEvent(key, true);
  frames(2);
  io.AddKeyEvent(key, false);
  if (with_shift) io.AddKeyEvent(ImGuiMod_Shift, false);
  frames(2);
}

void Page::tab_to(const std::string& control) {
  const ImGuiID wanted = ImGui::FindWindowByName("midlab")->GetID(control.c_str());
  for (int i = 0; i < 60; ++i) {
    press(ImGuiKey_Tab);
    if (ImGui::GetFocusID() == wanted) return;
  }
  FAIL("Tab never reached " << control);
}

ui::Box Page::stop(int stop, int stops) const {
  const Json b = state()["controls"]["strength"];
  const float x = b[0].get<float>() + 16, w = b[2].get<float>() - 32;
  return {x + w * static_cast<float>(stop) / static_cast<float>(stops - 1), b[1].get<float>() + 22, 0, 0};
}

}  // namespace mid::test
