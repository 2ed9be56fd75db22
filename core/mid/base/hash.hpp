#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace mid {

/// FNV-1a, 64 bits: for names and fingerprints inside a run, not against an adversary.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t start = 0xCBF29CE484222325ull) {
  std::uint64_t h = start;
  for (char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return h;
}

/// SHA-256 (FIPS 180-4) as 64 hexadecimal digits: data files and stage keys.
std::string sha256(std::string_view bytes);

/// CRC-32 as gzip uses it (polynomial EDB88320, reflected).
std::uint32_t crc32(std::string_view bytes);

}  // namespace mid
