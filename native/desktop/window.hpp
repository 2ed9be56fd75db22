#pragma once
#include <SDL.h>
#include <imgui.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gl.hpp"

namespace mid::desktop {

/// SDL2's window with a context of OpenGL 3.2 core, and Dear ImGui on it, whose coordinates are device pixels.
class Window {
 public:
  /// A hidden one draws to a picture of exactly that many pixels, whatever the screen is like. Throws Failure.
  Window(int width, int height, bool hidden);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Gives an event to ImGui.
  void process(SDL_Event event);
  bool minimised() const;
  void set_title(const std::string& title);
  /// Device pixels to a unit of the window's size: 2 on many laptops.
  float pixel_ratio() const;

  /// The texture for mid::ui's pictures.
  ImTextureID pictures() const;
  void upload(std::span<const std::uint8_t> rgba, int width, int height);
  /// ImGui's atlas was built anew.
  void fonts_changed();

  void begin_frame();
  void end_frame(ImU32 ground);
  /// What end_frame() drew last, of a hidden window: red, green, blue, row by row from the top.
  std::vector<std::uint8_t> picture() const;
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  void open(int width, int height);
  GLuint texture(int width, int height) const;

  Gl gl_;
  SDL_Window* window_ = nullptr;
  SDL_GLContext context_ = nullptr;
  bool hidden_;
  int width_ = 0, height_ = 0;  ///< device pixels
  float ratio_ = 1;
  GLuint pictures_ = 0, framebuffer_ = 0;
};

}  // namespace mid::desktop
