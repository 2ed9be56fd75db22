// The page's canvas: SDL2's window and events, WebGL 2, and Dear ImGui around mid::ui::App. Frames are asked for by
// page/page.js, so an idle page draws nothing.
#include <GLES3/gl3.h>
#include <SDL.h>
#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "mid/experiment/spec.hpp"
#include "mid/session/session.hpp"
#include "mid/teach/story.hpp"
#include "redraw.hpp"
#include "ui/app.hpp"
#include "ui/strings.hpp"

// What C++ says to page/page.js: Module.page has one function for each.
EM_JS(void, page_send, (const char* json), { Module["page"]["send"](UTF8ToString(json)); });
EM_JS(int, page_help, (const char* json), { return Module["page"]["help"](UTF8ToString(json)) ? 1 : 0; });
EM_JS(void, page_answer, (int ticket, const char* json), { Module["page"]["answer"](ticket, UTF8ToString(json)); });
EM_JS(void, page_keep_link, (const char* text), { Module["page"]["keepLink"](UTF8ToString(text)); });
EM_JS(int, page_has_set, (const char* name), { return Module["page"]["has"](UTF8ToString(name)) ? 1 : 0; });
EM_JS(char*, page_language, (), { return stringToNewUTF8(navigator.language); });
EM_JS(int, page_is_still, (), { return matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 0; });
EM_JS(void, page_keep_state, (const char* text), { Module["page"]["keepState"](UTF8ToString(text)); });
EM_JS(int, page_has_file, (const char* path), { return Module["page"]["hasFile"](UTF8ToString(path)) ? 1 : 0; });
EM_JS(void, page_full_screen, (int on), { Module["page"]["fullScreen"](on ? true : false); });
EM_JS(void, page_paste, (), { Module["page"]["paste"](); });
EM_JS(int, page_has_manual, (), { return Module["page"]["hasManual"]() ? 1 : 0; });
EM_JS(void, page_open_manual, (), { Module["page"]["openManual"](); });
EM_JS(void, page_choose_file, (), { Module["page"]["chooseFile"](); });
EM_JS(void, page_save_file, (const char* name, const char* bytes, int size),
      { Module["page"]["saveFile"](UTF8ToString(name), HEAPU8.slice(bytes, bytes + size)); });
EM_JS(void, page_announce, (const char* text), { Module["page"]["announce"](UTF8ToString(text)); });
EM_JS(void, page_copy_text, (const char* text), { Module["page"]["copyText"](UTF8ToString(text)); });
EM_JS(void, page_copy_link, (const char* text), { Module["page"]["copyLink"](UTF8ToString(text)); });

namespace {

constexpr std::size_t kLargestSnapshot = std::size_t{256} << 20;

struct Page {
  SDL_Window* window = nullptr;
  SDL_GLContext gl = nullptr;
  GLuint pictures = 0;
  int pictures_version = 0, width = 0, height = 0;
  mid::ui::Look look{};
  Redraw redraw;
  std::unique_ptr<mid::ui::App> app;
};
Page page;

double seconds() { return emscripten_get_now() / 1000; }

std::string dumped(const mid::Json& j) { return j.dump(-1, ' ', false, mid::Json::error_handler_t::replace); }

GLuint make_texture(int width, int height) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  return texture;
}

/// SDL counts CSS pixels; everything is drawn in device pixels.
void scale_event(SDL_Event& event, float scale) {
  if (event.type == SDL_MOUSEMOTION) {
    event.motion.x = static_cast<int>(static_cast<float>(event.motion.x) * scale);
    event.motion.y = static_cast<int>(static_cast<float>(event.motion.y) * scale);
  }
}

bool open_window() {
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, "#canvas");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) return false;
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
  // Another size than the style sheet's: so SDL sees at once that the style sheet rules.
  page.window = SDL_CreateWindow("midlab", 0, 0, 16, 16, SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  if (!page.window) return false;
  page.gl = SDL_GL_CreateContext(page.window);
  return page.gl != nullptr;
}

/// Draws what changed; the rest stands in the canvas (page.js asks for preserveDrawingBuffer).
void paint(ImDrawData& data) {
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(page.app->ground());
  const auto pictures = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(page.pictures));
  for (const ImVec4& part : page.redraw.changed(data, pictures, page.pictures_version)) {
    const auto left = static_cast<GLint>(part.x), bottom = page.height - static_cast<GLint>(part.w);
    glEnable(GL_SCISSOR_TEST);
    glScissor(left, bottom, static_cast<GLsizei>(part.z - part.x), static_cast<GLsizei>(part.w - part.y));
    glClearColor(ground.x, ground.y, ground.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    const Narrowed narrowed(data, part);
    ImGui_ImplOpenGL3_RenderDrawData(&data);
  }
}

/// What there is to choose from. The whole page in one file cannot carry data whose licence keeps them a file of their own: there
/// their story takes others in their place, if it names some, and says so.
mid::Json catalogue() {
  mid::Json all = mid::Session::catalogue();
  for (const mid::Story& story : mid::stories()) {
    if (story.without_data.empty()) continue;
    mid::Json& preset = all["presets"][story.key];
    if (page_has_set(preset["data"]["name"].get<std::string>().c_str()) == 0) preset = mid::with_fields(preset, story.without_data);
  }
  return all;
}

/// What a worker sent, given to `take`.
template <class F>
void read_snapshot(const std::uint8_t* bytes, int size, F&& take) {
  const mid::Json json = mid::cbor_or_discarded({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}, kLargestSnapshot);
  try {
    take(mid::Snapshot::from_json(json));
  } catch (const mid::Error& e) {  // of another version perhaps
    page.app->notify(e.what());
  }
  page.app->work(seconds());
}

/// Makes the App, and begins as mid_page_open() says.
void begin(const char* link, const char* kept, const char* address, bool dark) {
  mid::ui::App::Outside outside;
  outside.send = [](const mid::Json& command) { page_send(dumped(command).c_str()); };
  outside.help = [](const mid::Json& command) { return page_help(command.is_null() ? "" : dumped(command).c_str()) != 0; };
  outside.answer = [](int ticket, const mid::Json& result) { page_answer(ticket, dumped(result).c_str()); };
  outside.keep_link = [](const std::string& text) { page_keep_link(text.c_str()); };
  outside.keep_state = [](const std::string& text) { page_keep_state(text.c_str()); };
  outside.copy_link = [](const std::string& text) { page_copy_link(text.c_str()); };
  outside.full_screen = [](bool on) { page_full_screen(on ? 1 : 0); };
  outside.paste = [] { page_paste(); };
  outside.choose_file = [] { page_choose_file(); };
  if (page_has_manual() != 0) outside.open_manual = [] { page_open_manual(); };
  outside.has_file = [](const std::string& path) { return page_has_file(path.c_str()) != 0; };
  outside.save_file = [](const std::string& name, const std::string& bytes) {
    page_save_file(name.c_str(), bytes.data(), static_cast<int>(bytes.size()));
  };
  outside.copy_text = [](const std::string& text) { page_copy_text(text.c_str()); };
  outside.announce = [](const std::string& sentence) { page_announce(sentence.c_str()); };
  outside.address = address;
  outside.upload = [](std::span<const std::uint8_t> rgba, int width, int height) {
    ++page.pictures_version;
    if (!page.window) return;  // it is rehearsed
    glBindTexture(GL_TEXTURE_2D, page.pictures);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  };
  outside.pictures = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(page.pictures));
  char* language = page_language();
  outside.language = mid::language_for(language);
  std::free(language);
  outside.dark = dark, outside.still = page_is_still() != 0;
  page.app = std::make_unique<mid::ui::App>(catalogue(), std::move(outside));
  page.app->start(link, kept);
  page.app->work(seconds());
}

}  // namespace

extern "C" {

/// Opens the canvas and begins with the state of `link` (empty: story 1) and the runs of `kept`, an earlier visit's state. `address`: what
/// others can open this page by, or empty. 0: there is no WebGL 2.
EMSCRIPTEN_KEEPALIVE int mid_page_open(const char* link, const char* kept, const char* address, int dark) {
  if (!open_window()) return 0;
  ImGui::CreateContext();
  ImGui_ImplSDL2_InitForOpenGL(page.window, page.gl);
  ImGui_ImplOpenGL3_Init("#version 300 es");
  page.pictures = make_texture(mid::ui::Pictures::kWidth, mid::ui::Pictures::kHeight);
  begin(link, kept, address, dark != 0);
  return 1;
}

/// WebGL lost everything that was made in it and gave the context back: it is made anew.
EMSCRIPTEN_KEEPALIVE void mid_page_restored() {
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  glDeleteTextures(1, &page.pictures);
  page.pictures = make_texture(mid::ui::Pictures::kWidth, mid::ui::Pictures::kHeight);
  page.app->upload_again(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(page.pictures)));
  page.redraw.everything();
}

/// What is due while no frame can be seen. Returns the seconds until it wants to be called again; negative never.
EMSCRIPTEN_KEEPALIVE double mid_page_work() { return page.app->work(seconds()); }

/// Draws one frame. Returns the seconds until the next one is wanted: 0 at once, negative never.
EMSCRIPTEN_KEEPALIVE double mid_page_frame() {
  int width = 0, height = 0;
  double css_width = 1, css_height = 1;
  emscripten_get_canvas_element_size("#canvas", &width, &height);
  emscripten_get_element_css_size("#canvas", &css_width, &css_height);
  const float scale = css_width > 0 ? static_cast<float>(width / css_width) : 1.f;
  for (SDL_Event event; SDL_PollEvent(&event);) {
    scale_event(event, scale);
    ImGui_ImplSDL2_ProcessEvent(&event);
  }
  if (width < 2 || height < 2) return -1;
  if (page.app->set_scale(scale, width, height)) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    page.redraw.everything();
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DisplayFramebufferScale = {1, 1};
  ImGui::NewFrame();
  const double wake = page.app->draw(seconds());
  ImGui::Render();
  if (width != page.width || height != page.height || page.app->look() != page.look) page.redraw.everything();
  page.width = width, page.height = height, page.look = page.app->look();
  paint(*ImGui::GetDrawData());
  return wake;
}

/// A first visit without a canvas, a frame a call, 1280x720: the build looks which functions it needs (web/shell/split_module.py).
EMSCRIPTEN_KEEPALIVE void mid_page_rehearse() {
  if (!page.app) {
    ImGui::CreateContext();
    begin("", "", "", false);
  }
  ImGuiIO& io = ImGui::GetIO();
  if (page.app->set_scale(1, 1280, 720)) io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(std::uintptr_t{1}));
  io.DisplaySize = {1280, 720};
  io.DeltaTime = 1.f / 60;
  ImGui::NewFrame();
  page.app->draw(seconds());
  ImGui::Render();
}

/// A snapshot of the Session, CBOR. 1: its result is what the page shows now.
EMSCRIPTEN_KEEPALIVE int mid_page_snapshot(const std::uint8_t* bytes, int size) {
  bool shown = false;
  read_snapshot(bytes, size, [&](mid::Snapshot s) { shown = page.app->receive(std::move(s)); });
  return shown ? 1 : 0;
}

/// A snapshot of the second Session, in which its run has ended.
EMSCRIPTEN_KEEPALIVE void mid_page_helped(const std::uint8_t* bytes, int size) {
  read_snapshot(bytes, size, [](const mid::Snapshot& s) { page.app->receive_help(s); });
}

/// There is no second Session any more.
EMSCRIPTEN_KEEPALIVE void mid_page_unhelped() {
  page.app->lose_help();
  page.app->work(seconds());
}

/// The address changed under the page.
EMSCRIPTEN_KEEPALIVE void mid_page_follow(const char* link) {
  page.app->follow(link);
  page.app->work(seconds());
}

EMSCRIPTEN_KEEPALIVE void mid_page_command(const char* json) {
  page.app->command(mid::json_or_discarded(json));
  page.app->work(seconds());
}

/// A table or model of the visitor's own lies at this path of the Session's files.
EMSCRIPTEN_KEEPALIVE void mid_page_own(const char* path) {
  page.app->open_file(path);
  page.app->work(seconds());
}

/// One sentence for the visitor.
EMSCRIPTEN_KEEPALIVE void mid_page_notify(const char* sentence) { page.app->notify(sentence); }

/// The clipboard was refused: the link is not where the notice says.
EMSCRIPTEN_KEEPALIVE void mid_page_not_copied() { page.app->close_notice(); }

/// Runs a specification on the side; its result comes through page.answer(ticket, json).
EMSCRIPTEN_KEEPALIVE int mid_page_ask(const char* json) {
  const int ticket = page.app->ask(mid::json_or_discarded(json));
  page.app->work(seconds());
  return ticket;
}

/// App::state() as JSON text, valid until the next call.
EMSCRIPTEN_KEEPALIVE const char* mid_page_state() {
  static std::string text;
  text = dumped(page.app->state());
  return text.c_str();
}

/// The page's words for a key of core/teach/texts, or else the key itself. Valid until the next call.
EMSCRIPTEN_KEEPALIVE const char* mid_page_words(const char* key) {
  static std::string text;
  text = mid::ui::words(key);
  return text.c_str();
}

/// App::summary(), valid until the next call.
EMSCRIPTEN_KEEPALIVE const char* mid_page_summary() {
  static std::string text;
  text = page.app->summary();
  return text.c_str();
}

/// Tab: whether it moves on inside the canvas, and where it comes in.
EMSCRIPTEN_KEEPALIVE int mid_page_keeps_tab(int backwards) { return page.app->controls().keeps_tab(backwards != 0) ? 1 : 0; }
EMSCRIPTEN_KEEPALIVE void mid_page_enter(int at_end) { page.app->controls().enter(at_end != 0); }

}  // extern "C"
