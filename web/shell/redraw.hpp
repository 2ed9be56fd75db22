#pragma once
#include <imgui.h>

#include <cstdint>
#include <vector>

/// Which parts of the canvas differ from the frame before. While a model trains, a progress bar and a number move and
/// everything else stands still: drawing only that keeps weak machines (and GL in software) at full speed.
class Redraw {
 public:
  /// A part of a draw list: what it paints, and where.
  struct Piece {
    std::uint64_t hash;
    ImVec4 box;  ///< left, top, right, bottom in device pixels
  };

  /// The next frame is drawn whole.
  void everything() { last_.clear(); }
  /// The rectangles to draw; empty if nothing changed. `pictures` with its `version` is a texture whose pixels change.
  std::vector<ImVec4> changed(const ImDrawData& data, ImTextureID pictures, int version);

 private:
  std::vector<Piece> last_;
};

/// Narrows every command to `to` while it lives.
class Narrowed {
 public:
  Narrowed(ImDrawData& data, ImVec4 to);
  ~Narrowed();
  Narrowed(const Narrowed&) = delete;
  Narrowed& operator=(const Narrowed&) = delete;

 private:
  ImDrawData& data_;
  std::vector<ImVec4> clips_;
};
