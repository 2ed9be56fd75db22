#include "mid/data/gzip.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

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

/// One member's content, and how many bytes of the file it takes.
struct Member {
  std::string text;
  std::size_t size = 0;
};

/// Unpacks into at most `room` bytes. False: there was too little room.
bool inflate(std::string_view packed, std::size_t room, const std::string& file, std::string& out, std::size_t& used) {
  // Not a string of that size, which would be filled first: memory is taken page by page as it is written.
  const std::unique_ptr<char, decltype(&std::free)> buffer(static_cast<char*>(std::malloc(room)), &std::free);
  if (!buffer) throw Failure(Message("refusal.gzip_memory").with("field", file));
  stbi__zbuf z{};
  z.zbuffer = reinterpret_cast<stbi_uc*>(const_cast<char*>(packed.data()));  // which is read only
  z.zbuffer_end = z.zbuffer + packed.size();
  if (!stbi__do_zlib(&z, buffer.get(), static_cast<int>(room), 0, 0)) {
    const std::string_view reason = stbi_failure_reason();
    if (reason == "output buffer limit") return false;
    if (z.zbuffer >= z.zbuffer_end || reason == "read past buffer")
      throw Error(file, Message("refusal.gzip_cut").with("why", Message("refusal.part.gzip_ends")));
    throw Error(file, Message("refusal.gzip_damaged").with("why", Message("refusal.part.gzip_unpack")));
  }
  if (z.hit_zeof_once) throw Error(file, Message("refusal.gzip_cut").with("why", Message("refusal.part.gzip_ends")));
  // Whole bytes that were read ahead are not part of it.
  used = static_cast<std::size_t>(z.zbuffer - reinterpret_cast<const stbi_uc*>(packed.data())) - static_cast<std::size_t>(z.num_bits / 8);
  out.assign(buffer.get(), static_cast<std::size_t>(z.zout - z.zout_start));
  return true;
}

/// The member that `bytes` begin with.
Member member_of(std::string_view bytes, const std::string& file, std::size_t largest) {
  if (!is_gzip(bytes) || bytes.size() < kHeader + kTrailer || bytes[2] != 8) throw Error(file, Message("refusal.no_gzip"));
  const std::size_t begin = end_of_header(bytes);
  if (begin == bytes.npos || begin + kTrailer > bytes.size()) throw Error(file, Message("refusal.gzip_cut_header"));
  const std::string_view packed = bytes.substr(begin);
  const std::size_t most = std::min(largest, kDeflateRatio * (packed.size() + 1)) + 1;
  // What a single member says at the end of the file is a first guess, and all that most files need.
  const std::size_t said = little_endian(bytes.substr(bytes.size() - 4));
  Member out;
  std::size_t used = 0;
  std::size_t room = said < most ? std::max<std::size_t>(said, 1) : std::min(most, 16 * packed.size() + 65'536);
  while (!inflate(packed, room, file, out.text, used)) {
    if (room == most)
      throw Error(file, most > largest ? Message("refusal.too_many_bytes").with("most", std::to_string(largest))
                                       : Message("refusal.gzip_damaged").with("why", Message("refusal.part.gzip_unpack")));
    room = std::min(most, std::max<std::size_t>(4 * room, 16 * packed.size() + 65'536));
  }
  if (used + kTrailer > packed.size()) throw Error(file, Message("refusal.gzip_cut").with("why", Message("refusal.part.gzip_trailer")));
  const std::string_view trailer = packed.substr(used, kTrailer);
  if (crc32(out.text) != little_endian(trailer) || static_cast<std::uint32_t>(out.text.size()) != little_endian(trailer.substr(4)))
    throw Error(file, Message("refusal.gzip_damaged").with("why", Message("refusal.part.gzip_checksum")));
  if (out.text.size() > largest) throw Error(file, Message("refusal.too_many_bytes").with("most", std::to_string(largest)));
  out.size = begin + used + kTrailer;
  return out;
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.substr(0, 2) == "\x1f\x8b"; }

std::string gunzip(std::string_view bytes, const std::string& file, std::size_t largest) {
  if (bytes.size() > largest)
    throw Error(file, Message("refusal.file_too_large").with("found", std::to_string(bytes.size())).with("most", std::to_string(largest)));
  Member first = member_of(bytes, file, largest);
  std::string out = std::move(first.text);
  for (bytes.remove_prefix(first.size); !bytes.empty();) {
    if (bytes.find_first_not_of('\0') == bytes.npos) break;  // what fills a block of a tape
    if (!is_gzip(bytes)) throw Error(file, Message("refusal.gzip_trailing").with("found", std::to_string(bytes.size())));
    const Member next = member_of(bytes, file, largest - out.size());
    out += next.text;
    bytes.remove_prefix(next.size);
  }
  return out;
}

}  // namespace mid
