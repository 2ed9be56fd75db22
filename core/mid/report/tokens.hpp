#pragma once
#include <cstdint>

namespace mid {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
  /// From 0xRRGGBB.
  static constexpr Colour hex(std::uint32_t rgb) {
    return {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8), static_cast<std::uint8_t>(rgb)};
  }
};

/// The colours of the light theme, by what they mean: blue is the model (what it can do), orange the attacker (what leaks),
/// green the defence (what was set); baselines, axes and text are ink. Pictures and charts made outside the page use
/// them. Contrast on white is at least 4.7 for text.
namespace token {
inline constexpr Colour kPage = Colour::hex(0xF7F6F3), kSurface = Colour::hex(0xFFFFFF), kLine = Colour::hex(0xE4E1DB),
                        kEdge = Colour::hex(0x86888E), kTrack = Colour::hex(0xDCD9D2), kInk = Colour::hex(0x161D2B),
                        kInk2 = Colour::hex(0x454C59), kInk3 = Colour::hex(0x5E6470), kModel = Colour::hex(0x0B5FAE),
                        kAttack = Colour::hex(0xB54708), kAttackSoft = Colour::hex(0xFDF1E7), kDefend = Colour::hex(0x00704F),
                        kDefendSoft = Colour::hex(0xDFF3EB), kModelSoft = Colour::hex(0xE4EFFA), kPrivacy = Colour::hex(0x7A3E9D),
                        kRounding = Colour::hex(0x7D6200);
}  // namespace token

}  // namespace mid
