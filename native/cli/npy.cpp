#include "npy.hpp"

#include <limits>

#include "mid/base/error.hpp"
#include "mid/base/hash.hpp"

namespace mid::cli {
namespace {

// PKWARE's APPNOTE 6.3.10: sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end of it).
constexpr std::uint32_t kZipMember = 0x04034b50, kZipEntry = 0x02014b50, kZipEnd = 0x06054b50;
constexpr std::uint16_t kZipVersion = 20, kZipStored = 0, kZipNoTime = 0,
                        kZipFirstDay = 0x21;  // 1 January 1980, the earliest that there is

void add16(std::string& to, std::size_t value) {
  for (int shift = 0; shift < 16; shift += 8) to += static_cast<char>(value >> shift & 255);
}
void add32(std::string& to, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(value >> shift & 255);
}

}  // namespace

std::string npy(std::string_view type, const NpyShape& shape, std::string_view bytes) {
  constexpr std::size_t kBlock = 64, kBegin = 10;
  std::string lengths;
  for (const std::size_t length : shape) lengths += std::to_string(length) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) lengths.resize(lengths.size() - 2);
  std::string header = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + lengths + "), }";
  header += std::string(kBlock - 1 - (kBegin + header.size()) % kBlock, ' ') + "\n";
  std::string out("\x93NUMPY\x01\0", 8);
  add16(out, header.size());
  return out + header + std::string(bytes);
}

void Npz::add(const std::string& name, const std::string& array) {
  const std::string file = name + ".npy";
  const std::size_t begin = content_.size();
  std::string about;  // what a member's header and its entry in the directory have in common
  for (const std::uint16_t field : {kZipVersion, std::uint16_t{0}, kZipStored, kZipNoTime, kZipFirstDay}) add16(about, field);
  add32(about, crc32(array)), add32(about, array.size()), add32(about, array.size()), add16(about, file.size()), add16(about, 0);
  add32(content_, kZipMember), content_ += about + file + array;
  add32(directory_, kZipEntry), add16(directory_, kZipVersion), directory_ += about;
  for (int field = 0; field < 3; ++field) add16(directory_, 0);  // no comment, one disk, not text
  add32(directory_, 0), add32(directory_, begin);
  directory_ += file;
  ++members_;
}

std::string Npz::bytes() const {
  if (content_.size() + directory_.size() >= std::numeric_limits<std::uint32_t>::max())
    throw Failure("the arrays of this run are larger than the 4 GiB that arrays.npz may have");
  std::string out = content_ + directory_;
  add32(out, kZipEnd), add16(out, 0), add16(out, 0), add16(out, members_), add16(out, members_);
  add32(out, directory_.size()), add32(out, content_.size()), add16(out, 0);
  return out;
}

}  // namespace mid::cli
