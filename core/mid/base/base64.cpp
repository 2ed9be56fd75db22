#include "mid/base/base64.hpp"

#include <cstdint>

namespace mid {
namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}  // namespace

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c), held += 8;
    while (held >= 6) held -= 6, out += kAlphabet[(bits >> held) & 63];
  }
  if (held > 0) out += kAlphabet[(bits << (6 - held)) & 63];
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    const auto v = kAlphabet.find(c == '+' ? '-' : c == '/' ? '_' : c);
    if (v == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(v), held += 6;
    if (held >= 8) held -= 8, out += static_cast<char>((bits >> held) & 255);
  }
  return out;
}

}  // namespace mid
