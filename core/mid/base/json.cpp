#include "mid/base/json.hpp"

#include <set>
#include <utility>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/param.hpp"

namespace mid {
namespace {

using Builder = nlohmann::detail::json_sax_dom_parser<Json>;

/// Builds the value while the library reads, and stops it at what must not be built.
class Limited : public Builder {
 public:
  Limited(Json& out, const std::string& where, const Message& hint) : Builder(out), where_(where), hint_(hint) {}

  bool start_object(std::size_t members) {
    deeper();
    keys_.emplace_back();
    return Builder::start_object(members);
  }
  bool end_object() {
    --levels_;
    keys_.pop_back();
    return Builder::end_object();
  }
  bool start_array(std::size_t elements) {
    deeper();
    return Builder::start_array(elements);
  }
  bool end_array() {
    --levels_;
    return Builder::end_array();
  }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) throw Error(where_, Message("refusal.json_key_twice").with("key", shown(name)));
    return Builder::key(name);
  }
  template <class Exception>
  bool parse_error(std::size_t byte, const std::string&, const Exception& problem) {
    // The library's message holds "line 1, column 2" behind its own prefix, up to the next colon.
    const std::string what = problem.what();
    constexpr int kOverflow = 406;
    if (problem.id == kOverflow) throw Error(where_, Message("refusal.json_number"));
    constexpr std::string_view kLine = "line ", kColumn = ", column ";
    const auto line = what.find(kLine), column = what.find(kColumn, line);
    Message at = Message("refusal.part.byte_at").with("byte", std::to_string(byte));
    if (column != std::string::npos) {
      const auto begin = line + kLine.size(), second = column + kColumn.size();
      at = Message("refusal.part.line_column")
               .with("line", what.substr(begin, column - begin))
               .with("column", what.substr(second, what.find(':', second) - second));
    }
    throw Error(where_, (hint_.empty() ? Message("refusal.no_json") : Message("refusal.no_json_hint").with("hint", hint_)).with("at", at));
  }

 private:
  void deeper() {
    if (++levels_ > kMostJsonLevels) throw Error(where_, Message("refusal.json_levels").with("most", std::to_string(kMostJsonLevels)));
  }
  const std::string& where_;
  const Message& hint_;
  int levels_ = 0;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

Json read(std::string_view bytes, Json::input_format_t format, const std::string& where, std::size_t largest, const Message& hint) {
  if (bytes.size() > largest)
    throw Error(where, Message("refusal.json_size").with("found", shown_size(bytes.size())).with("most", shown_size(largest)));
  Json out;
  Limited builder(out, where, hint);
  try {
    Json::sax_parse(bytes.begin(), bytes.end(), &builder, format);
  } catch (const Json::exception&) {  // an array that claims more elements than can be
    throw Error(where, Message("refusal.json_damaged"));
  }
  return out;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where, std::size_t largest, const Message& hint) {
  // Editors and shells of Windows write UTF-16; the library takes a zero byte for the end of the text and passes over what follows.
  const std::size_t zero = text.find('\0');
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || (text.size() > 2 && zero < 2 && text[0] != text[1]))
    throw Error(where, Message("refusal.utf16"));
  if (zero != text.npos)
    throw Error(where, (hint.empty() ? Message("refusal.no_json") : Message("refusal.no_json_hint").with("hint", hint))
                           .with("at", Message("refusal.part.byte_at").with("byte", std::to_string(zero + 1))));
  return read(text, Json::input_format_t::json, where, largest, hint);
}

Json json_or_discarded(std::string_view text, std::size_t largest) {
  try {
    return parse_json(text, "", largest);
  } catch (const Error&) {
    return Json::value_t::discarded;
  }
}

Json cbor_or_discarded(std::string_view bytes, std::size_t largest) {
  try {
    return read(bytes, Json::input_format_t::cbor, "", largest, {});
  } catch (const Error&) {
    return Json::value_t::discarded;
  }
}

}  // namespace mid
