#include "mid/data/csv.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "mid/base/param.hpp"
#include "mid/base/work.hpp"
#include "mid/data/csv_format.hpp"
#include "mid/data/encode.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargestField = 65536, kMostColumns = 10'000, kMostCells = 20'000'000;

std::string_view trimmed(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t");
  return first == s.npos ? std::string_view() : s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

/// The separator that a first line "sep=;" names, as spreadsheets write and read it; 0: there is none.
char named_separator(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  if (text.size() < 5 || (text.substr(0, 4) != "sep=" && text.substr(0, 4) != "SEP=")) return 0;
  const char named = text[4];
  text.remove_prefix(5);
  if (text.starts_with('"')) text.remove_prefix(1);
  const bool alone = text.empty() || text.starts_with('\n') || text.starts_with('\r');
  return alone && named != '"' && named != '\n' && named != '\r' ? named : '\0';
}

/// Reads a text field by field.
class Reader {
 public:
  Reader(std::string_view text, const std::string& file, std::deque<std::string>& unquoted, char separator, int line)
      : text_(text), file_(file), unquoted_(unquoted), separator_(separator), line_(line), row_line_(line) {}

  /// The next row that is not blank; false at the end of the text.
  bool next(std::vector<std::string_view>& cells) {
    while (at_ < text_.size()) {
      row_line_ = line_;
      cells.clear();
      bool quoted = false;
      do {
        column_ = static_cast<int>(cells.size()) + 1;
        cells.push_back(field(quoted));
        if (cells.size() > kMostColumns) fail(Message("refusal.too_many_columns").with("most", std::to_string(kMostColumns)));
      } while (take_separator());
      end_of_line();
      if (cells.size() > 1 || quoted || !cells[0].empty()) return true;
    }
    return false;
  }
  int row_line() const { return row_line_; }

 private:
  [[noreturn]] void fail(const Message& problem) const {
    throw Error(file_, problem.with("line", std::to_string(line_)).with("column", std::to_string(column_)));
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
    if (length > kLargestField) fail(Message("refusal.long_field").with("most", std::to_string(kLargestField)));
  }

  /// ="0123", by which spreadsheets are told not to touch a text.
  bool is_formula_of_text() const {
    if (text_.substr(at_, 2) != "=\"") return false;
    std::size_t end = text_.find_first_of("\"\r\n", at_ + 2);
    if (end == text_.npos || text_[end] != '"') return false;
    ++end;
    return end == text_.size() || text_[end] == separator_ || text_[end] == '\r' || text_[end] == '\n';
  }

  std::string_view field(bool& quoted) {
    skip_blanks();
    if (is_formula_of_text()) ++at_;
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
        if (at_end) fail(Message("refusal.open_quote"));
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
    if (!at_line_end() && text_[at_] != separator_) fail(Message("refusal.text_behind_quote"));
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
  int line_, row_line_, column_ = 1;
};

/// Takes the first line off `text`, with its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + (text.substr(end, 2) == "\r\n" ? 2 : 1)));
  return line;
}

std::size_t fields_of(std::string_view line, char separator) {
  std::size_t n = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    n += c == separator && !quoted;
  }
  return n;
}

/// The separator of the first line that cuts the lines below it into as many fields, of several that of most fields; where
/// none does, the one that is most frequent in the first line, outside quotes.
char separator_of(std::string_view text) {
  constexpr std::array<char, 4> kSeparators = {',', ';', '\t', '|'};
  constexpr int kLines = 3;
  const std::string_view first = take_line(text);
  std::array<std::string_view, kLines> below;
  for (std::string_view& line : below)
    while (!text.empty() && trimmed(line).empty()) line = take_line(text);
  char most = kSeparators[0], fitting = 0;
  std::size_t most_fields = 1, fitting_fields = 1;
  for (const char separator : kSeparators) {
    const std::size_t n = fields_of(first, separator);
    if (n > most_fields) most = separator, most_fields = n;
    const bool fits = std::all_of(below.begin(), below.end(), [&](std::string_view line) {
      const std::size_t its = fields_of(line, separator);
      return trimmed(line).empty() || its == n || (its == n + 1 && line.ends_with(separator));
    });
    if (fits && n > fitting_fields) fitting = separator, fitting_fields = n;
  }
  return fitting ? fitting : most;
}

/// The fields of a line whose fields are kept apart by one or more of `separator`, outside quotes.
std::size_t words_of(std::string_view line, char separator) {
  std::size_t n = 0;
  bool quoted = false, inside = false;
  for (const char c : trimmed(line)) {
    if (c == '"') quoted = !quoted;
    const bool between = c == separator && !quoted;
    n += !between && !inside;
    inside = !between;
  }
  return n;
}

/// Takes comment lines off the beginning of `text`, but for one that is the header itself ("#id,age"). Returns how many.
int take_comments(std::string_view& text) {
  int lines = 0, passed = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = trimmed(take_line(rest));
    ++passed;
    if (!line.empty() && line[0] != '#') break;
    if (!line.empty()) {
      std::string_view below = rest;
      std::string_view next;
      while (!below.empty() && next.empty()) next = trimmed(take_line(below));
      const char separator = separator_of(line);
      if (const std::size_t n = fields_of(line, separator); next.empty() || (next[0] != '#' && n > 1 && fields_of(next, separator) == n))
        break;
    }
    text = rest, lines = passed;
  }
  return lines;
}

bool is_in_single_quotes(std::string_view cell) { return cell.size() > 1 && cell.front() == '\'' && cell.back() == '\''; }

bool is_number(std::string_view cell) { return parse_number(cell).has_value(); }

/// Whether a header goes on below itself: the next row has no number, one of the two behind it has.
bool has_more_names(Reader reader) {
  std::vector<std::string_view> cells;
  const auto numbers = [&] { return reader.next(cells) && std::any_of(cells.begin(), cells.end(), is_number); };
  return !numbers() && (numbers() || numbers());
}

std::vector<std::string> names_of(const std::vector<std::string_view>& header, bool present, const std::string& file, const Reader& below) {
  std::vector<std::string> names;
  std::unordered_map<std::string, std::size_t> places;
  const auto numbers = std::count_if(header.begin(), header.end(), is_number);
  if (present && header.size() > 1 && std::all_of(header.begin(), header.end(), is_in_single_quotes))
    throw Error(
        file, Message("refusal.single_quotes").with("line", std::to_string(below.row_line())).with("found", shown(std::string(header[0]))));
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = present && !header[i].empty() ? std::string(header[i]) : "column " + std::to_string(i + 1);
    if (const auto [twin, added] = places.emplace(name, i + 1); !added) {
      if (present && numbers * 4 >= static_cast<std::ptrdiff_t>(header.size()))
        throw Error(file, Message("refusal.no_header").with("columns", listed_briefly({header.begin(), header.end()})));
      throw Error(file, Message(present && has_more_names(below) ? "refusal.several_header_lines" : "refusal.same_names")
                            .with("line", std::to_string(below.row_line()))
                            .with("first", std::to_string(twin->second))
                            .with("second", std::to_string(i + 1))
                            .with("name", shown(name)));
    }
    names.push_back(std::move(name));
  }
  return names;
}

/// Refuses a table whose columns are kept apart by something else, which would be one column.
void refuse_other_separator(std::string_view text, char separator, int line, const std::string& file) {
  const auto next = [&] {
    std::string_view found;
    while (!text.empty() && found.empty()) found = trimmed(take_line(text));
    return found;
  };
  const std::string_view first = next(), second = next(), third = next();
  if (fields_of(first, separator) > 1 || second.empty()) return;
  for (const char other : {' ', ':', '^', '~', '\x01'})
    if (const std::size_t n = words_of(first, other), below = words_of(second, other);
        n > 1 && (below == n || below == n + 1) && (third.empty() || below == words_of(third, other)))  // R names the rows beside
      throw Error(file, Message("refusal.one_field").with("line", std::to_string(line)).with("found", shown(std::string(first))));
}

/// Refuses a title in the place of the header: one field above rows of several, or one name and nothing for all other columns.
void refuse_title(const CsvRows& csv, int line, std::string_view below) {
  const auto named =
      std::count_if(csv.names().begin(), csv.names().end(), [&, c = 0](const std::string&) mutable { return csv.named(c++); });
  if (csv.columns() == 1 && fields_of(csv.names()[0], separator_of(csv.names()[0])) > 1)
    throw Error(csv.file(), Message("refusal.quoted_lines").with("line", std::to_string(line)));
  std::size_t wide = 0;
  std::string_view second, third;
  if (csv.columns() == 1) {
    const auto next = [&] {
      std::string_view found;
      while (!below.empty() && found.empty()) found = trimmed(take_line(below));
      return found;
    };
    second = next(), third = next();
    const char separator = separator_of(second);
    if (const std::size_t n = fields_of(second, separator); n > 1 && fields_of(third, separator) == n) wide = n;
  }
  if (wide > 0)
    throw Error(csv.file(),
                Message("refusal.title_line_one_field").with("line", std::to_string(line)).with("fields", std::to_string(wide)));
  if (csv.columns() > 2 && named < 2)
    throw Error(csv.file(), Message("refusal.title_line")
                                .with("line", std::to_string(line))
                                .with("named", named == 0 ? "none" : "one")
                                .with("columns", std::to_string(csv.columns())));
}

/// Why a row of another length than the header is there, as far as that can be seen.
Message likely_reason(const CsvRows& csv, int header_line, const std::vector<std::string_view>& cells) {
  if (cells[0].starts_with('#')) return Message("refusal.part.remove_comment");
  if (csv.columns() == 1 && cells.size() > 1) return Message("refusal.part.line_is_title").with("line", std::to_string(header_line));
  if (cells.size() > csv.names().size()) return Message("refusal.part.needs_quotes");
  if (cells.size() == 1) return Message("refusal.part.remove_lines");
  return {};
}

}  // namespace

int CsvRows::column(const std::string& name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end())
    throw Error(file_, Message("refusal.no_column").with("column", shown(name)).with("columns", listed_briefly(names_)));
  return static_cast<int>(at - names_.begin());
}

CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header) {
  refuse_other_formats(text, file);
  count_work(8. * static_cast<double>(text.size()));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (text.ends_with('\x1A')) text.remove_suffix(1);
  CsvRows out;
  out.file_ = std::move(file);
  int first_line = 1;
  const char named = named_separator(text);
  if (named) take_line(text), ++first_line;
  if (header == CsvHeader::present)
    if (const int comments = take_comments(text); comments > 0) {
      first_line += comments;
      out.warnings_.push_back(Message("warning.comment_lines").with("file", out.file_).with("line", std::to_string(first_line)));
    }
  std::string_view head = text;
  while (!head.empty() && (head[0] == '\n' || head[0] == '\r')) head.remove_prefix(1);
  out.separator_ = named ? named : separator_of(head);
  if (header == CsvHeader::present) refuse_other_separator(head, out.separator_, first_line, out.file_);
  Reader reader(text, out.file_, out.unquoted_, out.separator_, first_line);
  std::vector<std::string_view> cells;
  if (!reader.next(cells)) throw Error(out.file_, Message("refusal.empty_file"));
  const int header_line = reader.row_line();
  out.header_line_ = header_line;
  const std::vector<std::string_view> names = cells;
  out.names_ = names_of(names, header == CsvHeader::present, out.file_, reader);
  for (const std::string_view cell : cells) out.named_.push_back(header == CsvHeader::present && !cell.empty());
  const std::size_t width = out.names_.size();
  if (header == CsvHeader::present) {
    take_line(head);
    refuse_title(out, header_line, head);
  }
  // Values in the place of names are refused as what they are.
  const bool could_repeat = header == CsvHeader::present && width > 1 && std::none_of(names.begin(), names.end(), is_number);
  bool more = header == CsvHeader::absent || reader.next(cells);
  const bool one_more = more && cells.size() == width + 1 && cells.back().empty();  // spreadsheets end every row with a separator
  for (; more; more = reader.next(cells)) {
    if (cells.size() != width + one_more || (one_more && !cells.back().empty())) {
      const Message hint = likely_reason(out, header_line, cells);
      throw Error(out.file_, Message(hint.empty() ? "refusal.fields" : "refusal.fields_hint")
                                 .with("line", std::to_string(reader.row_line()))
                                 .with("found", std::to_string(cells.size()))
                                 .with("fields", std::to_string(width))
                                 .with("hint", hint));
    }
    if (could_repeat && std::equal(names.begin(), names.end(), cells.begin()))
      throw Error(
          out.file_,
          Message("refusal.repeated_header").with("line", std::to_string(reader.row_line())).with("first", std::to_string(header_line)));
    if (out.cells_.size() + width > kMostCells)
      throw Error(out.file_, Message("refusal.too_many_cells").with("most", std::to_string(kMostCells)));
    out.cells_.insert(out.cells_.end(), cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(width));
    out.lines_.push_back(reader.row_line());
  }
  if (out.lines_.empty()) throw Error(out.file_, Message("refusal.no_rows"));
  if (one_more) out.warnings_.push_back(Message("warning.one_field_more").with("file", out.file_));
  return out;
}

}  // namespace mid
