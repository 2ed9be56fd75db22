#include "mid/data/csv_format.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/base/message.hpp"

namespace mid {
namespace {

using namespace std::string_view_literals;

bool begins_like(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

/// Files that have zero bytes, by their first bytes.
constexpr std::pair<std::string_view, const char*> kBinary[] = {{"PAR1"sv, "a Parquet"},
                                                                {"SQLite format 3"sv, "an SQLite"},
                                                                {"\x89HDF"sv, "an HDF5"},
                                                                {"ARROW1"sv, "a Feather"},
                                                                {"ORC"sv, "an ORC"},
                                                                {"Obj\x01"sv, "an Avro"},
                                                                {"\x1F\x8B"sv, "a gzip"},
                                                                {"BZh"sv, "a bzip2"},
                                                                {"\xFD"
                                                                 "7zXZ"sv,
                                                                 "an xz"},
                                                                {"\x28\xB5\x2F\xFD"sv, "a zstd"},
                                                                {"7z\xBC\xAF"sv, "a 7-Zip"},
                                                                {"Rar!"sv, "a RAR"},
                                                                {"$FL2"sv, "an SPSS"},
                                                                {"<stata_dta>"sv, "a Stata"},
                                                                {"\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60"sv, "a SAS"},
                                                                {"RDX"sv, "an R data"},
                                                                {"X\n\0\0\0"sv, "an R data"},
                                                                {"\x80\x03"sv, "a Python pickle"},
                                                                {"\x80\x04"sv, "a Python pickle"},
                                                                {"\x80\x05"sv, "a Python pickle"},
                                                                {"\x93NUMPY"sv, "a NumPy"},
                                                                {"MATLAB"sv, "a MATLAB"},
                                                                {"\0\0\x08\x01"sv, "an IDX"},
                                                                {"\0\0\x08\x03"sv, "an IDX"},
                                                                {"\0\x01\0\0Standard"sv, "an Access"},
                                                                {"\x89PNG"sv, "a PNG"},
                                                                {"\xFF\xD8\xFF"sv, "a JPEG"}};
/// The same of text: the formats in which SAS and SPSS hand files on.
constexpr std::pair<std::string_view, const char*> kRecords[] = {{"HEADER RECORD*******"sv, "a SAS"},
                                                                 {"ASCII SPSS PORT FILE"sv, "an SPSS"}};

/// A tar archive says so behind the name of its first file.
bool is_tar(std::string_view bytes) {
  constexpr std::size_t kMagic = 257;
  return bytes.size() > kMagic && bytes.substr(kMagic).starts_with("ustar");
}

/// Whether every other byte of the beginning is zero: text in UTF-16 without a byte order mark.
bool is_utf16(std::string_view bytes) {
  constexpr std::size_t kLooked = 8;
  if (bytes.size() < kLooked) return false;
  const auto zeros = [&](std::size_t first) {
    for (std::size_t i = first; i < kLooked; i += 2)
      if (bytes[i] != '\0' || bytes[i ^ 1] == '\0') return false;
    return true;
  };
  return zeros(0) || zeros(1);
}

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

/// An object or a list of values, or one of these a line. A header that begins with a bracket goes on with a name.
bool is_json(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return false;
  const std::string_view inside = without_blanks(head.substr(1));
  if (head[0] == '{') return inside.starts_with('"') || inside.starts_with('}');
  return !inside.empty() && "{[\"]-0123456789"sv.find(inside[0]) != std::string_view::npos;
}

/// Tags. A header may begin with <, too ("<18,18-65,>65", "<DATE>,<CLOSE>").
bool is_markup(std::string_view head) {
  if (head.starts_with("<?") || head.starts_with("<!") || begins_like(head, "<table") || begins_like(head, "<svg")) return true;
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  const bool letter = line.size() > 2 && ((line[1] >= 'a' && line[1] <= 'z') || (line[1] >= 'A' && line[1] <= 'Z'));
  return line.starts_with('<') && letter && line.find('>') != line.npos && line.find_first_of(",;\t|") == line.npos;
}

/// Weka's format, below the comments that its files begin with.
bool is_arff(std::string_view head) {
  while (head.starts_with('%')) head = without_blanks(head.substr(std::min(head.find_first_of("\r\n"), head.size())));
  return begins_like(head, "@relation");
}

}  // namespace

void refuse_other_formats(std::string_view text, const std::string& file) {
  const std::string_view head = without_blanks(text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0));
  if (text.starts_with("PK\x03\x04") || text.starts_with("\xD0\xCF\x11\xE0")) throw Error(file, Message("refusal.spreadsheet"));
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || is_utf16(text)) throw Error(file, Message("refusal.utf16"));
  const std::size_t zero = text.find('\0');
  const auto other = [&](const char* kind) { throw Error(file, Message("refusal.other_file").with("kind", kind)); };
  for (const auto& [begin, kind] : kBinary)
    if (zero != text.npos && text.starts_with(begin)) other(kind);
  for (const auto& [begin, kind] : kRecords)
    if (text.starts_with(begin)) other(kind);
  if (zero != text.npos && is_tar(text)) other("a tar");
  const auto refuse = [&](const Message& kind, const char* what) {
    throw Error(file, Message("refusal.other_format").with("kind", kind).with("what", what));
  };
  if (text.starts_with("%PDF-") || text.starts_with("{\\rtf")) refuse(Message("refusal.part.document"), "the table");
  if (begins_like(head, "version https://git-lfs")) throw Error(file, Message("refusal.git_lfs"));
  if (begins_like(head, "<!doctype html") || begins_like(head, "<html") || begins_like(head, "<head") || begins_like(head, "<body"))
    throw Error(file, Message("refusal.web_page"));
  if (is_markup(head)) refuse(Message("refusal.part.markup"), "it");
  if (is_json(head)) refuse(Message::plain("JSON"), "it");
  if (is_arff(head)) refuse(Message("refusal.part.arff"), "it");
  if (zero != text.npos) throw Error(file, Message("refusal.zero_byte").with("byte", std::to_string(zero)));
}

}  // namespace mid
