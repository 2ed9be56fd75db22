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
  Limited(Json& out, const std::string& where, const std::string& hint) : Builder(out), where_(where), hint_(hint) {}

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
    if (!keys_.back().insert(name).second) throw Error(where_, "has the key " + shown(name) + " twice in one object; keep one of them");
    return Builder::key(name);
  }
  template <class Exception>
  bool parse_error(std::size_t byte, const std::string&, const Exception& problem) {
    // The library's message holds the line and the column behind its own prefix, up to the next colon.
    std::string at = problem.what();
    constexpr int kOverflow = 406;
    if (problem.id == kOverflow) throw Error(where_, "holds a number too large to be one; numbers reach to about 1e308");
    const auto line = at.find("line ");
    at = line == std::string::npos ? "byte " + std::to_string(byte) : at.substr(line, at.find(':', line) - line);
    throw Error(where_, "is not JSON: it breaks at " + at + hint_);
  }

 private:
  void deeper() {
    if (++levels_ > kMostJsonLevels)
      throw Error(where_, "is nested more than " + std::to_string(kMostJsonLevels) + " levels deep, which nothing that midlab reads is; check where it comes from");
  }
  const std::string &where_, &hint_;
  int levels_ = 0;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

Json read(std::string_view bytes, Json::input_format_t format, const std::string& where, std::size_t largest, const std::string& hint) {
  if (bytes.size() > largest)
    throw Error(where, "has " + shown_size(bytes.size()) + " of JSON, more than the " + shown_size(largest) + " that are read here; check where it comes from");
  Json out;
  Limited builder(out, where, hint);
  try {
    Json::sax_parse(bytes.begin(), bytes.end(), &builder, format);
  } catch (const Json::exception&) {  // an array that claims more elements than can be
    throw Error(where, "is damaged: it claims to hold more than it can; make it anew");
  }
  return out;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where, std::size_t largest, const std::string& hint) {
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
    return read(bytes, Json::input_format_t::cbor, "", largest, "");
  } catch (const Error&) {
    return Json::value_t::discarded;
  }
}

}  // namespace mid
