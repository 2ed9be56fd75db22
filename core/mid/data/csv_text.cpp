// A stranger's file as text: what its bytes mean.
#include <array>
#include <cstdint>
#include <filesystem>

#include "mid/base/file.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/gzip.hpp"
#include "mid/data/letters.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 28;

/// Windows-1252 from 0x80 to 0x9F; what it leaves open is the control character of Latin-1, as browsers read it.
constexpr std::array<std::uint16_t, 32> kWindows = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
                                                    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

/// The line that byte `at` is on, from 1.
std::size_t line_of(std::string_view text, std::size_t at) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < at; ++i) line += text[i] == '\n' || (text[i] == '\r' && text.substr(i, 2) != "\r\n");
  return line;
}

/// UTF-16 behind its byte order mark as UTF-8, or empty: it is none.
std::string from_utf16(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if ((!little && !bytes.starts_with("\xFE\xFF")) || bytes.size() % 2 != 0) return {};
  const auto unit = [&](std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    return byte(at + little) << 8 | byte(at + !little);
  };
  const auto is_surrogate = [](std::uint32_t code, std::uint32_t first) { return code >= first && code < first + 0x400; };
  std::string out;
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (is_surrogate(code, 0xD800) && at + 2 < bytes.size() && is_surrogate(unit(at + 2), 0xDC00)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
      at += 2;
    }
    if (code == 0 || is_surrogate(code, 0xD800) || is_surrogate(code, 0xDC00)) return {};
    append_utf8(out, code);
  }
  return out;
}

/// Lines that end in U+0085, U+2028 or U+2029 alone.
bool is_other_line_end(std::uint32_t code) { return code == 0x85 || code == 0x2028 || code == 0x2029; }

}  // namespace

CsvText as_utf8(std::string bytes) {
  if (std::string text = from_utf16(bytes); !text.empty()) bytes = std::move(text);
  bool plain = true;
  for (const char c : bytes) plain = plain && static_cast<unsigned char>(c) < 0x80;
  if (plain || bytes.find('\0') != bytes.npos || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return {std::move(bytes), {}};
  const bool lines = bytes.find_first_of("\r\n") != bytes.npos;
  CsvText out;
  out.text.reserve(bytes.size() + bytes.size() / 16);
  std::size_t strange = 0, first = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = letter_size(std::string_view(bytes).substr(i));
    const std::string_view letter = std::string_view(bytes).substr(i, length);
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (strange++ == 0) first = i;
      if (byte == 0xA0)
        out.text += ' ';  // the blank that does not break
      else
        append_utf8(out.text, byte < 0xA0 ? kWindows[byte - 0x80] : byte);
      ++i;
      continue;
    }
    const std::uint32_t code = code_point_of(letter, length);
    if (is_strange_blank(code)) {
      out.text += ' ';
    } else if (is_other_line_end(code)) {
      out.text += lines ? ' ' : '\n';  // inside a cell where the lines end in the usual way
    } else if (const std::uint32_t whole = out.text.empty() ? 0 : with_accent(static_cast<unsigned char>(out.text.back()), code)) {
      out.text.pop_back();
      append_utf8(out.text, whole);
    } else if (!is_unseen(code) || (code == 0xFEFF && i == 0)) {
      out.text += letter;
    }
    i += length;
  }
  if (strange > 0)
    out.warnings.push_back(Message("warning.windows_1252")
                               .with("bytes", counted(static_cast<long long>(strange), "read_byte"))
                               .with("line", std::to_string(line_of(bytes, first))));
  return out;
}

Error unusable_csv(const Error& error) { return {"data.csv", Message("refusal.csv_unusable").with("why", error.message())}; }

CsvText open_csv(const std::string& path) try {
  if (path.empty()) throw Error("data.csv", Message("refusal.csv_path_missing"));
  if (path.starts_with("http://") || path.starts_with("https://") || path.starts_with("ftp://"))
    throw Error(path, Message("refusal.csv_address"));
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) throw Error(path, Message("refusal.no_file"));
  if (const std::uintmax_t size = std::filesystem::file_size(path, error); !error && size > kLargestFile)
    throw Error(path, Message("refusal.file_too_large").with("found", std::to_string(size)).with("most", std::to_string(kLargestFile)));
  std::string bytes = read_file(path);
  return as_utf8(is_gzip(bytes) ? gunzip(bytes, path, kLargestFile) : std::move(bytes));
} catch (const Error& error) {
  if (path.empty()) throw;
  throw unusable_csv(error);
}

std::string read_csv_text(const std::string& path) { return open_csv(path).text; }

}  // namespace mid
