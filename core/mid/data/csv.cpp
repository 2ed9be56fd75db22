#include "mid/data/csv.hpp"

#include <algorithm>
#include <array>

#include "mid/base/param.hpp"
#include "mid/data/encode.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargestField = 65536, kMostColumns = 10'000, kMostCells = 20'000'000;

std::string_view trimmed(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t");
  return first == s.npos ? std::string_view() : s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

/// The first line's most frequent separator, outside quotes.
char separator_of(std::string_view text) {
  constexpr std::array<char, 3> kSeparators = {',', ';', '\t'};
  std::array<int, 3> count{};
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    for (std::size_t i = 0; i < kSeparators.size() && !quoted; ++i) count[i] += c == kSeparators[i];
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) - count.begin())];
}

/// Refuses what only looks like a CSV file to its owner, with the way out.
void refuse_other_formats(std::string_view text, const std::string& file) {
  if (text.starts_with("PK\x03\x04") || text.starts_with("\xD0\xCF\x11\xE0"))
    throw Error(file, "is a zip or spreadsheet file, not text; save the sheet as CSV");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw Error(file, "is UTF-16 text; save it as UTF-8");
  if (const std::size_t zero = text.find('\0'); zero != text.npos)
    throw Error(file, "is not text: byte " + std::to_string(zero) + " is zero; a CSV file is wanted");
}

/// Reads a text field by field.
class Reader {
 public:
  Reader(std::string_view text, const std::string& file, std::deque<std::string>& unquoted)
      : text_(text), file_(file), unquoted_(unquoted), separator_(separator_of(text)) {}

  int line() const { return line_; }

  /// The next row that is not blank; false at the end of the text.
  bool next(std::vector<std::string_view>& cells) {
    while (at_ < text_.size()) {
      row_line_ = line_;
      cells.clear();
      bool quoted = false;
      do {
        column_ = static_cast<int>(cells.size()) + 1;
        cells.push_back(field(quoted));
        if (cells.size() > kMostColumns) fail("has more than " + std::to_string(kMostColumns) + " columns");
      } while (take_separator());
      end_of_line();
      if (cells.size() > 1 || quoted || !cells[0].empty()) return true;
    }
    return false;
  }
  int row_line() const { return row_line_; }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(file_, "line " + std::to_string(line_) + ", column " + std::to_string(column_) + " " + problem);
  }
  bool at_line_end() const { return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] != separator_ && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take_separator() {
    if (at_ == text_.size() || text_[at_] != separator_) return false;
    ++at_;
    return true;
  }
  void end_of_line() {
    if (at_ == text_.size()) return;
    at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
    ++line_;
  }
  void check_length(std::size_t length) const {
    if (length > kLargestField)
      fail("is a field of more than " + std::to_string(kLargestField) + " bytes; is a quote missing?");
  }

  std::string_view field(bool& quoted) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') {
      quoted = true;
      return quoted_field();
    }
    const std::size_t begin = at_;
    while (!at_line_end() && text_[at_] != separator_) ++at_;
    check_length(at_ - begin);
    return trimmed(text_.substr(begin, at_ - begin));
  }

  std::string_view quoted_field() {
    const std::size_t begin = ++at_;
    const int first_line = line_;
    bool doubled = false;
    for (;; ++at_) {
      if (at_ == text_.size() || at_ - begin > kLargestField) {
        const bool at_end = at_ == text_.size();
        line_ = first_line;
        if (at_end) fail("opens a quote that is never closed");
        check_length(at_ - begin);
      }
      if (text_[at_] == '"') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
        doubled = true;
        ++at_;
      } else if (text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) != "\r\n")) {
        ++line_;
      }
    }
    std::string_view inside = text_.substr(begin, at_ - begin);
    ++at_;
    skip_blanks();
    if (!at_line_end() && text_[at_] != separator_) fail("has text behind a closing quote; a quote inside a field is written twice");
    if (!doubled) return trimmed(inside);
    std::string plain;
    for (std::size_t i = 0; i < inside.size(); ++i) {
      plain += inside[i];
      if (inside[i] == '"') ++i;
    }
    return trimmed(unquoted_.emplace_back(std::move(plain)));
  }

  std::string_view text_;
  const std::string& file_;
  std::deque<std::string>& unquoted_;
  char separator_;
  std::size_t at_ = 0;
  int line_ = 1, row_line_ = 1, column_ = 1;
};

std::vector<std::string> names_of(const std::vector<std::string_view>& header, bool present, const std::string& file) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = present && !header[i].empty() ? std::string(header[i]) : "column " + std::to_string(i + 1);
    if (const auto twin = std::find(names.begin(), names.end(), name); twin != names.end())
      throw Error(file, "line 1 names columns " + std::to_string(twin - names.begin() + 1) + " and " + std::to_string(i + 1) +
                            " both " + shown(name) + "; every column needs a name of its own");
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

int CsvRows::column(const std::string& name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end()) throw Error(file_, "has no column " + shown(name) + "; it has " + listed_briefly(names_));
  return static_cast<int>(at - names_.begin());
}

CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header) {
  refuse_other_formats(text, file);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  CsvRows out;
  out.file_ = std::move(file);
  Reader reader(text, out.file_, out.unquoted_);
  std::vector<std::string_view> cells;
  if (!reader.next(cells)) throw Error(out.file_, "is empty; a line with the columns' names and at least one row are needed");
  out.names_ = names_of(cells, header == CsvHeader::present, out.file_);
  bool more = header == CsvHeader::absent || reader.next(cells);
  for (; more; more = reader.next(cells)) {
    if (cells.size() != out.names_.size())
      throw Error(out.file_, "line " + std::to_string(reader.row_line()) + " has " + std::to_string(cells.size()) +
                                 " fields; the first line has " + std::to_string(out.names_.size()));
    if (out.cells_.size() + cells.size() > kMostCells)
      throw Error(out.file_, "has more than " + std::to_string(kMostCells) + " cells; use fewer rows or columns");
    out.cells_.insert(out.cells_.end(), cells.begin(), cells.end());
    out.lines_.push_back(reader.row_line());
  }
  if (out.lines_.empty()) throw Error(out.file_, "has a header and no rows; at least one is needed");
  return out;
}

}  // namespace mid
