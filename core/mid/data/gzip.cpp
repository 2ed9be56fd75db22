#include "mid/data/gzip.hpp"

#include <cstdint>

#include "mid/base/error.hpp"
#include "mid/base/hash.hpp"

// stb_image holds the smallest inflate that is packaged everywhere; of its picture formats none is compiled. Static, so
// that a program with its own stb_image links.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_SUPPORT_ZLIB
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_JPEG
#define STBI_NO_PNG
#define STBI_NO_BMP
#define STBI_NO_PSD
#define STBI_NO_TGA
#define STBI_NO_GIF
#define STBI_NO_PIC
#define STBI_NO_PNM
#define STBI_NO_FAILURE_STRINGS
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace mid {
namespace {

constexpr std::size_t kHeader = 10, kTrailer = 8;
constexpr std::size_t kDeflateRatio = 1032;  // deflate cannot do better than 258 bytes for two bits

std::uint32_t little_endian(std::string_view b) {
  std::uint32_t v = 0;
  for (std::size_t i = 4; i-- > 0;) v = v << 8 | static_cast<unsigned char>(b[i]);
  return v;
}

/// Where the compressed data begin, or npos: RFC 1952, section 2.3.
std::size_t end_of_header(std::string_view b) {
  const auto flags = static_cast<unsigned char>(b[3]);
  std::size_t at = kHeader;
  if (flags & 4) {  // extra field
    if (at + 2 > b.size()) return b.npos;
    at += 2u + static_cast<unsigned char>(b[at]) + 256u * static_cast<unsigned char>(b[at + 1]);
  }
  for (unsigned text : {8u, 16u})  // file name, comment: up to a zero byte
    if (flags & text) {
      at = at <= b.size() ? b.find('\0', at) : b.npos;
      if (at == b.npos) return at;
      ++at;
    }
  if (flags & 2) at += 2;  // checksum of the header
  return at <= b.size() ? at : b.npos;
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.substr(0, 2) == "\x1f\x8b"; }

std::string gunzip(std::string_view bytes, const std::string& file, std::size_t largest) {
  if (!is_gzip(bytes) || bytes.size() < kHeader + kTrailer || bytes[2] != 8)
    throw Error(file, "is no gzip file: its first bytes are not those of one, or it is cut off");
  const std::size_t begin = end_of_header(bytes);
  if (begin == bytes.npos || begin + kTrailer > bytes.size()) throw Error(file, "is a gzip file cut off in its header");
  const std::string_view packed = bytes.substr(begin, bytes.size() - begin - kTrailer);
  const std::uint32_t crc = little_endian(bytes.substr(bytes.size() - 8));
  const std::size_t length = little_endian(bytes.substr(bytes.size() - 4));
  if (length > largest || packed.size() > largest)
    throw Error(file, "claims to hold " + std::to_string(length) + " bytes; at most " + std::to_string(largest) + " are read");
  if (length > kDeflateRatio * (packed.size() + 1))
    throw Error(file, "is a damaged gzip file: " + std::to_string(packed.size()) + " bytes cannot hold the " +
                          std::to_string(length) + " that it claims");
  std::string out(length, '\0');
  const int written = stbi_zlib_decode_noheader_buffer(out.data(), static_cast<int>(length), packed.data(),
                                                       static_cast<int>(packed.size()));
  if (written < 0 || static_cast<std::size_t>(written) != length || crc32(out) != crc)
    throw Error(file, "is a damaged gzip file: its content does not match the length and checksum at its end");
  return out;
}

}  // namespace mid
