#include <catch2/catch_test_macros.hpp>

#include "check_error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/data/files.hpp"
#include "mid/data/gzip.hpp"

using namespace mid;

namespace {

std::string little_endian(std::uint32_t v) {
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(v >> shift & 255);
  return out;
}

/// A gzip file of one stored (not compressed) block.
std::string stored(const std::string& text, int flags = 0, const std::string& after_header = "") {
  const auto n = static_cast<unsigned>(text.size());
  std::string out = "\x1f\x8b\x08";
  out += static_cast<char>(flags);
  out += std::string(6, '\0') + after_header;
  out += '\x01';
  out += little_endian(n | ~n << 16);
  return out + text + little_endian(crc32(text)) + little_endian(n);
}

}  // namespace

TEST_CASE("a gzip file is unpacked, whatever its header carries") {
  CHECK(gunzip(stored("hello"), "f") == "hello");
  CHECK(gunzip(stored(""), "f").empty());
  CHECK(gunzip(stored("hello", 8, std::string("name\0", 5)), "f") == "hello");
  CHECK(gunzip(stored("hello", 16, std::string("remark\0", 7)), "f") == "hello");
  CHECK(gunzip(stored("hello", 4, std::string("\x03\0abc", 5)), "f") == "hello");
  CHECK(gunzip(stored("hello", 2, "hc"), "f") == "hello");
  CHECK(gunzip(stored("hello", 4 + 8 + 16 + 2,
                      std::string("\x01\0x"
                                  "n\0"
                                  "c\0"
                                  "hc",
                                  9)),
               "f") == "hello");
}

TEST_CASE("the members of a gzip file follow each other") {
  CHECK(gunzip(stored("hello ") + stored("wide ", 8, std::string("name\0", 5)) + stored("world"), "f") == "hello wide world");
  CHECK(gunzip(stored("") + stored("x") + stored(""), "f") == "x");
  CHECK(gunzip(stored("hello") + std::string(512, '\0'), "f") == "hello");
  const std::string packed = read_file(data_folder() / "mnist10k/labels.idx1-ubyte.gz"), once = gunzip(packed, "f");
  CHECK(gunzip(packed + stored("between") + packed, "f") == once + "between" + once);
}

TEST_CASE("what a gzip file holds is limited, packed and unpacked, in one member or in several") {
  const std::string packed = read_file(data_folder() / "mnist10k/labels.idx1-ubyte.gz");
  const std::size_t size = gunzip(packed, "f").size();
  CHECK(gunzip(packed, "f", size).size() == size);
  check_error([&] { gunzip(packed, "x.gz", size - 1); }, "holds more than " + std::to_string(size - 1) + " bytes");
  CHECK(gunzip(packed + packed, "f", 2 * size).size() == 2 * size);
  check_error([&] { gunzip(packed + packed, "x.gz", 2 * size - 1); }, "holds more than");
  check_error([&] { gunzip(packed, "x.gz", 10); }, "bytes; at most 10 are read");
}

TEST_CASE("a real gzip file gives its whole content") {
  const std::string text = read_data_file("adult/adult.data");
  CHECK(text.size() == 3974304);
  CHECK(text.starts_with("39, State-gov"));
}

TEST_CASE("a damaged or hostile gzip file is refused in a sentence") {
  const std::string good = stored("hello");
  const auto with_end = [&](std::uint32_t crc, std::uint32_t length) {
    return good.substr(0, good.size() - 8) + little_endian(crc) + little_endian(length);
  };
  const struct {
    std::string file, words;
  } bad[] = {
      {"", "no gzip file"},
      {"\x1f\x8b", "no gzip file"},
      {"plain text, long enough to be a header", "no gzip file"},
      {"\x1f\x8b\x07" + std::string(20, '\0'), "no gzip file"},
      {stored("hello", 8, "name without an end"), "damaged"},
      {std::string("\x1f\x8b\x08\x08\0\0\0\0\0\0", 10) + "abcdefgh", "cut off in its header"},
      {std::string("\x1f\x8b\x08\x04\0\0\0\0\0\0\xff\xff", 12) + "abcdefgh", "cut off in its header"},
      {good.substr(0, good.size() - 1), "cut off"},
      {good.substr(0, good.size() - 9), "cut off"},
      {with_end(crc32("hello") ^ 1, 5), "damaged"},
      {with_end(crc32("hello"), 4), "damaged"},
      {with_end(crc32("hello"), 6), "damaged"},
      {with_end(crc32("hello"), 0xFFFFFFFF), "damaged"},
      {with_end(crc32("hello"), 200'000'000), "damaged"},
      {good + "and more", "behind the end"},
      {good + good.substr(0, good.size() - 3), "cut off"},
      {good + with_end(crc32("hello") ^ 1, 5), "damaged"},
  };
  for (const auto& [file, words] : bad) CHECK(check_error([&] { gunzip(file, "x.gz"); }, words) == "x.gz");
}

TEST_CASE("no cut and no flipped bit of a compressed file makes the reader crash or lie") {
  const std::string good = read_file(data_folder() / "mnist10k/labels.idx1-ubyte.gz");
  const std::string content = gunzip(good, "f");
  int refused = 0, tried = 0;
  for (std::size_t n = 0; n < good.size(); ++n, ++tried) try {
      gunzip(good.substr(0, n), "f");
    } catch (const Error&) {
      ++refused;
    }
  CHECK(refused == tried);
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = good;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      std::string unpacked = content;  // a flip in the time stamp changes nothing, any other is refused
      try {
        unpacked = gunzip(changed, "f");
      } catch (const Error&) {
      }
      CHECK(unpacked == content);
    }
}
