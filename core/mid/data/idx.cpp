#include "mid/data/idx.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "mid/base/error.hpp"

namespace mid {

Idx parse_idx(std::string bytes, const std::string& file) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < 4 || byte(0) != 0 || byte(1) != 0) throw Error(file, Message("refusal.no_idx"));
  if (byte(2) != 8) throw Error(file, Message("refusal.idx_type").with("found", std::to_string(byte(2))));
  const std::size_t dimensions = byte(3);
  if (dimensions < 1 || dimensions > 8) throw Error(file, Message("refusal.idx_dimensions").with("found", std::to_string(dimensions)));
  const std::size_t header = 4 + 4 * dimensions;
  if (bytes.size() < header) throw Error(file, Message("refusal.idx_cut"));

  Idx out;
  const std::uint64_t there = bytes.size() - header;
  std::uint64_t wanted = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::size_t at = 4 + 4 * d;
    const std::uint32_t size = std::uint32_t{byte(at)} << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    if (size == 0) throw Error(file, Message("refusal.idx_empty"));
    // No product here exceeds there * 2^32, so nothing overflows before it is refused.
    wanted = wanted <= there ? wanted * size : wanted;
    out.sizes.push_back(size <= 0x7FFFFFFF ? static_cast<int>(size) : 0x7FFFFFFF);
  }
  if (wanted != there)
    throw Error(file, Message(wanted > there ? "refusal.idx_short" : "refusal.idx_long")
                          .with("wanted", std::to_string(wanted))
                          .with("found", std::to_string(there)));
  bytes.erase(0, header);
  out.values = std::move(bytes);
  return out;
}

Idx from_residuals(Idx idx) {
  assert(idx.sizes.size() == 3);
  const std::size_t height = static_cast<std::size_t>(idx.sizes[1]), width = static_cast<std::size_t>(idx.sizes[2]);
  const auto pixel = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(idx.values[i])); };
  for (std::size_t i = 0; i < idx.values.size(); ++i) {
    const std::size_t x = i % width;
    const bool top = i / width % height == 0;
    const int left = x == 0 ? 0 : pixel(i - 1), up = top ? 0 : pixel(i - width), corner = x == 0 || top ? 0 : pixel(i - width - 1);
    const auto [low, high] = std::minmax({left, up});
    // The median of left, up and left + up - corner.
    idx.values[i] = static_cast<char>(pixel(i) + std::clamp(left + up - corner, low, high));
  }
  return idx;
}

Idx from_ink(const Idx& inked, const Idx& ink, int height, int width, const std::string& file) {
  const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width), bytes = (size + 7) / 8;
  const bool fits = inked.sizes.size() == 2 && ink.sizes.size() == 1 && static_cast<std::size_t>(inked.sizes[1]) == bytes;
  Idx out;
  std::size_t next = 0;
  if (fits) {
    out.sizes = {inked.sizes[0], height, width};
    out.values.assign(static_cast<std::size_t>(inked.sizes[0]) * size, '\0');
    for (std::size_t i = 0; i < out.values.size() && next <= ink.values.size(); ++i) {
      const std::size_t pixel = i % size;
      if ((static_cast<unsigned char>(inked.values[i / size * bytes + pixel / 8]) & (128u >> pixel % 8)) == 0) continue;
      if (next < ink.values.size()) out.values[i] = ink.values[next];
      ++next;
    }
  }
  if (!fits || next != ink.values.size()) throw Error(file, Message("refusal.packed_pixels"));
  return out;
}

Matrix pictures_of(const Idx& idx) {
  assert(!idx.sizes.empty());
  const Eigen::Index rows = idx.sizes[0], cols = static_cast<Eigen::Index>(idx.values.size()) / rows;
  Matrix out(rows, cols);
  for (Eigen::Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<float>(static_cast<unsigned char>(idx.values[static_cast<std::size_t>(i)])) / 255.f;
  return out;
}

}  // namespace mid
