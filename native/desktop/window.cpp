#include "window.hpp"

#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <exception>
#include <string>

#include "mid/base/error.hpp"
#include "ui/pictures.hpp"

namespace mid::desktop {
namespace {

constexpr int kSmallestWidth = 640, kSmallestHeight = 480;

[[noreturn]] void fail(const char* what, const char* help) { throw Failure(std::string(what) + " (" + SDL_GetError() + "); " + help); }

/// Where SDL would go on trying until it has a window that nobody can see, this names the screens that there are.
/// SDL_VIDEODRIVER in the environment has the last word.
void choose_screen(bool hidden) {
#ifdef __linux__
  std::string screens;
  const auto add = [&](bool there, const char* name) {
    if (there) screens += (screens.empty() ? "" : ",") + std::string(name);
  };
  add(SDL_getenv("DISPLAY"), "x11");
  add(SDL_getenv("WAYLAND_DISPLAY"), "wayland");
  add(hidden, "offscreen");
  if (screens.empty() && !SDL_getenv("SDL_VIDEODRIVER"))
    throw Failure("there is no screen to open a window on; set DISPLAY, or use xvfb-run");
  SDL_SetHint(SDL_HINT_VIDEODRIVER, screens.c_str());
#else
  (void)hidden;
#endif
}

}  // namespace

Window::Window(int width, int height, bool hidden) : hidden_(hidden) {
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  choose_screen(hidden);
  if (SDL_Init(SDL_INIT_VIDEO) != 0) fail("there is no screen to open a window on", "set DISPLAY, or use xvfb-run");
  try {
    open(width, height);
  } catch (const std::exception&) {  // the destructor of what is not made yet does not run
    if (context_) SDL_GL_DeleteContext(context_);
    if (window_) SDL_DestroyWindow(window_);
    SDL_Quit();
    throw;
  }
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui_ImplSDL2_InitForOpenGL(window_, context_);
  ImGui_ImplOpenGL3_Init("#version 150");
}

void Window::open(int width, int height) {
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 2);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, SDL_GL_CONTEXT_FORWARD_COMPATIBLE_FLAG);  // macOS gives no other
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
  const auto how = static_cast<Uint32>(SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI |
                                       (hidden_ ? SDL_WINDOW_HIDDEN : SDL_WINDOW_SHOWN));
  window_ = SDL_CreateWindow("midlab", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, how);
  if (!window_) fail("no window could be opened", "on a machine without a screen use xvfb-run");
  SDL_SetWindowMinimumSize(window_, std::min(width, kSmallestWidth), std::min(height, kSmallestHeight));
  context_ = SDL_GL_CreateContext(window_);
  if (!context_) fail("OpenGL 3.2 could not be started", "install a graphics driver (in software: libgl1-mesa-dri)");
  SDL_GL_SetSwapInterval(1);
  gl_.load();
  pictures_ = texture(ui::Pictures::kWidth, ui::Pictures::kHeight);
  if (!hidden_) return;
  width_ = width, height_ = height;
  const GLuint canvas = texture(width, height);
  gl_.GenFramebuffers(1, &framebuffer_);
  gl_.BindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  gl_.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, canvas, 0);
  if (gl_.CheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw Failure("the graphics driver cannot draw a picture of " + std::to_string(width) + " by " + std::to_string(height) +
                  " pixels; ask for a smaller --size");
}

Window::~Window() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplSDL2_Shutdown();
  ImGui::DestroyContext();
  SDL_GL_DeleteContext(context_);  // with its textures
  SDL_DestroyWindow(window_);
  SDL_Quit();
}

GLuint Window::texture(int width, int height) const {
  GLuint made = 0;
  gl_.GenTextures(1, &made);
  gl_.BindTexture(GL_TEXTURE_2D, made);
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) gl_.TexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T}) gl_.TexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  gl_.TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  return made;
}

ImTextureID Window::pictures() const { return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(pictures_)); }

void Window::upload(std::span<const std::uint8_t> rgba, int width, int height) {
  gl_.BindTexture(GL_TEXTURE_2D, pictures_);
  gl_.TexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
}

void Window::fonts_changed() {
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void Window::set_title(const std::string& title) { SDL_SetWindowTitle(window_, title.c_str()); }

bool Window::minimised() const { return (SDL_GetWindowFlags(window_) & SDL_WINDOW_MINIMIZED) != 0; }

float Window::pixel_ratio() const {
  if (hidden_) return 1;
  int units = 0, pixels = 0, height = 0;
  SDL_GetWindowSize(window_, &units, &height);
  SDL_GL_GetDrawableSize(window_, &pixels, &height);
  return units > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(units) : 1.f;
}

void Window::process(SDL_Event event) {
  if (event.type == SDL_MOUSEMOTION) {  // SDL counts units of the window's size
    event.motion.x = static_cast<int>(static_cast<float>(event.motion.x) * ratio_);
    event.motion.y = static_cast<int>(static_cast<float>(event.motion.y) * ratio_);
  }
  ImGui_ImplSDL2_ProcessEvent(&event);
}

void Window::begin_frame() {
  if (!hidden_) {
    SDL_GL_GetDrawableSize(window_, &width_, &height_);
    ratio_ = pixel_ratio();
  }
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
  io.DisplayFramebufferScale = {1, 1};
  // The backend has just told ImGui where the mouse is, in units of the window's size; the last word counts.
  if (ratio_ != 1 && SDL_GetMouseFocus() == window_) {
    int x = 0, y = 0;
    SDL_GetMouseState(&x, &y);
    io.AddMousePosEvent(static_cast<float>(x) * ratio_, static_cast<float>(y) * ratio_);
  }
  ImGui::NewFrame();
}

void Window::end_frame(ImU32 ground) {
  ImGui::Render();
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(ground);
  gl_.Disable(GL_SCISSOR_TEST);
  gl_.ClearColor(c.x, c.y, c.z, 1);
  gl_.Clear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (!hidden_) SDL_GL_SwapWindow(window_);
}

std::vector<std::uint8_t> Window::picture() const {
  const auto row = static_cast<std::size_t>(width_) * 3, rows = static_cast<std::size_t>(height_);
  std::vector<std::uint8_t> upwards(row * rows), out(row * rows);
  gl_.PixelStorei(GL_PACK_ALIGNMENT, 1);
  gl_.ReadPixels(0, 0, width_, height_, GL_RGB, GL_UNSIGNED_BYTE, upwards.data());
  for (std::size_t y = 0; y < rows; ++y)
    std::copy_n(upwards.begin() + static_cast<std::ptrdiff_t>(y * row), row, out.end() - static_cast<std::ptrdiff_t>((y + 1) * row));
  return out;
}

}  // namespace mid::desktop
