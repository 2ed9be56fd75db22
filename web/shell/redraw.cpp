#include "redraw.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

namespace {

using Box = ImVec4;

bool empty(const Box& b) { return b.z <= b.x || b.w <= b.y; }
Box common(const Box& a, const Box& b) { return {std::max(a.x, b.x), std::max(a.y, b.y), std::min(a.z, b.z), std::min(a.w, b.w)}; }
Box around(const Box& a, const Box& b) { return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.z, b.z), std::max(a.w, b.w)}; }
float area(const Box& b) { return empty(b) ? 0 : (b.z - b.x) * (b.w - b.y); }

std::uint64_t mixed(std::uint64_t h, std::uint64_t v) {
  h = (h ^ v) * 0x9E3779B97F4A7C15u;
  return h ^ h >> 29;
}

Redraw::Piece piece_of(const ImDrawList& list, const ImDrawCmd& cmd, ImTextureID pictures, int version) {
  Redraw::Piece p{0, {1e9f, 1e9f, -1e9f, -1e9f}};
  ImDrawIdx low = static_cast<ImDrawIdx>(-1), high = 0;
  for (unsigned i = 0; i < cmd.ElemCount; ++i) {
    const ImDrawIdx at = list.IdxBuffer[static_cast<int>(cmd.IdxOffset + i)];
    low = std::min(low, at), high = std::max(high, at);
    p.hash = mixed(p.hash, at - list.IdxBuffer[static_cast<int>(cmd.IdxOffset)]);
  }
  for (unsigned v = low; v <= high; ++v) {
    const ImDrawVert& vertex = list.VtxBuffer[static_cast<int>(cmd.VtxOffset + v)];
    std::uint64_t words[(sizeof(ImDrawVert) + 7) / 8] = {};
    std::memcpy(words, &vertex, sizeof vertex);
    for (const std::uint64_t w : words) p.hash = mixed(p.hash, w);
    p.box = around(p.box, {vertex.pos.x, vertex.pos.y, vertex.pos.x, vertex.pos.y});
  }
  // One more pixel around: edges are smoothed.
  p.box = common({std::floor(p.box.x) - 1, std::floor(p.box.y) - 1, std::ceil(p.box.z) + 1, std::ceil(p.box.w) + 1}, cmd.ClipRect);
  std::uint64_t words[2];
  std::memcpy(words, &cmd.ClipRect, sizeof words);
  p.hash = mixed(mixed(mixed(p.hash, words[0]), words[1]), reinterpret_cast<std::uintptr_t>(cmd.TextureId));
  if (cmd.TextureId == pictures) p.hash = mixed(p.hash, static_cast<std::uint64_t>(version));
  return p;
}

/// Few rectangles: those that lie close are drawn as one.
std::vector<Box> joined(std::vector<Box> boxes) {
  constexpr std::size_t kMost = 6;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < boxes.size() && !again; ++i)
      for (std::size_t j = i + 1; j < boxes.size() && !again; ++j)
        if (boxes.size() > kMost || area(around(boxes[i], boxes[j])) <= 1.1f * (area(boxes[i]) + area(boxes[j]))) {
          boxes[i] = around(boxes[i], boxes[j]);
          boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
          again = true;
        }
  }
  return boxes;
}

}  // namespace

std::vector<ImVec4> Redraw::changed(const ImDrawData& data, ImTextureID pictures, int version) {
  std::vector<Piece> now;
  for (const ImDrawList* list : data.CmdLists)
    for (const ImDrawCmd& cmd : list->CmdBuffer)
      if (cmd.ElemCount > 0) {
        const Piece p = piece_of(*list, cmd, pictures, version);
        if (!empty(p.box)) now.push_back(p);
      }
  const bool whole = last_.empty();
  const auto by_hash = [](const Piece& a, const Piece& b) { return a.hash < b.hash; };
  std::sort(now.begin(), now.end(), by_hash);
  std::vector<Piece> differs;
  if (!whole) std::set_symmetric_difference(last_.begin(), last_.end(), now.begin(), now.end(), std::back_inserter(differs), by_hash);
  last_ = std::move(now);
  if (whole) return {{0, 0, data.DisplaySize.x, data.DisplaySize.y}};
  std::vector<Box> boxes;
  for (const Piece& p : differs) boxes.push_back(p.box);
  return joined(std::move(boxes));
}

Narrowed::Narrowed(ImDrawData& data, ImVec4 to) : data_(data) {
  for (ImDrawList* list : data_.CmdLists)
    for (ImDrawCmd& cmd : list->CmdBuffer) {
      clips_.push_back(cmd.ClipRect);
      cmd.ClipRect = common(cmd.ClipRect, to);
    }
}

Narrowed::~Narrowed() {
  std::size_t i = 0;
  for (ImDrawList* list : data_.CmdLists)
    for (ImDrawCmd& cmd : list->CmdBuffer) cmd.ClipRect = clips_[i++];
}

// SDL2 asks for OpenGL's functions by name where it draws itself, which it does not do here (web/CMakeLists.txt).
extern "C" void* eglGetProcAddress(const char*);
extern "C" void* eglGetProcAddress(const char*) { return nullptr; }
