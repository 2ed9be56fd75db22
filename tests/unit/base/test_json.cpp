// JSON from outside: what is read, what is refused and by which words, and that nothing deep is ever built.
#include <catch2/catch_test_macros.hpp>

#include "../data/check_error.hpp"
#include "mid/base/json.hpp"

using namespace mid;

namespace {

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

void refused(const std::string& text, const std::string& words) {
  CHECK(check_error([&] { parse_json(text, "a.json", 1 << 20, Message::plain("do this")); }, words) == "a.json");
  CHECK(json_or_discarded(text, 1 << 20).is_discarded());
}

}  // namespace

TEST_CASE("JSON is read as the library reads it", "[json]") {
  for (const char* text :
       {"null", "-7", "1.5e3", "\"\\u00e9\\n\"", "[]", "{}", R"({"a":[1,{"b":[true,false,null]}],"c":18446744073709551615})"}) {
    CHECK(parse_json(text, "a.json") == Json::parse(text));
    CHECK(json_or_discarded(text) == Json::parse(text));
    const std::vector<std::uint8_t> cbor = Json::to_cbor(Json::parse(text));
    CHECK(cbor_or_discarded({reinterpret_cast<const char*>(cbor.data()), cbor.size()}, 1000) == Json::parse(text));
  }
  CHECK(parse_json(R"({"a":{"x":1},"b":{"x":1}})", "a.json").size() == 2);  // a key twice, in two objects
}

TEST_CASE("what is not JSON is refused with the place and the way out", "[json]") {
  refused("", "is not JSON: it breaks at line 1, column 1; do this");
  refused("{\"a\": 1,\n \"b\": }", "is not JSON: it breaks at line 2, column 7; do this");
  refused("[1] 2", "it breaks at line 1");
  refused("\"\xff\"", "is not JSON");
  refused("{\"out_of_range\": nonsense}", "is not JSON: it breaks at line 1");  // the library's word for something else
  refused("[1e400]", "holds a number too large to be one");
  refused(R"({"a":{"b":1,"c":2,"b":3}})", "has the key \"b\" twice in one object");
}

TEST_CASE("64 levels are read, more are never built", "[json]") {
  CHECK(parse_json(nested(64), "a.json").is_array());
  refused(nested(65), "is nested more than 64 levels deep");
  refused(nested(200000), "is nested more than 64 levels deep");
  refused(std::string(200000, '['), "is nested more than 64 levels deep");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  refused(objects, "is nested more than 64 levels deep");
  CHECK(parse_json("\"" + std::string(1000, '[') + "\"", "a.json").is_string());  // in a text they nest nothing

  const auto cbor = [](int levels) { return cbor_or_discarded(std::string(static_cast<std::size_t>(levels), '\x81') + '\x00', 1 << 20); };
  CHECK(cbor(64).is_array());
  CHECK(cbor(65).is_discarded());
  CHECK(cbor(200000).is_discarded());
  CHECK(cbor_or_discarded(std::string(200000, '\x9f'), 1 << 20).is_discarded());             // of no stated length
  CHECK(cbor_or_discarded(std::string(200000, '\xc1'), 1 << 20).is_discarded());             // tags
  CHECK(cbor_or_discarded("\x9b\xff\xff\xff\xff\xff\xff\xff\xfe", 1 << 20).is_discarded());  // claims more than can be
}

TEST_CASE("too much JSON is refused with both sizes", "[json]") {
  const std::string list = "[" + std::string(3 << 20, ' ') + "]";
  CHECK(check_error([&] { parse_json(list, "a.json", 1 << 20); }, "has 3 MB of JSON, more than the 1 MB that are read here") == "a.json");
  CHECK(json_or_discarded(list, 1 << 20).is_discarded());
  CHECK(parse_json(list, "a.json", 4 << 20).empty());
  CHECK(cbor_or_discarded(list, 1 << 20).is_discarded());
}

TEST_CASE("bytes behind a zero byte are not passed over, and UTF-16 is called by its name") {
  check_error([] { parse_json(std::string_view("{}\0{", 4), "spec.json", 100); }, "is not JSON: it breaks at byte 3");
  check_error([] { parse_json(std::string_view("{}\0", 3), "spec.json", 100); }, "is not JSON");
  check_error([] { parse_json(std::string_view("{\0}\0", 4), "spec.json", 100); }, "is UTF-16 text; save it as UTF-8");
  check_error([] { parse_json(std::string_view("\0{\0}", 4), "spec.json", 100); }, "is UTF-16 text");
  check_error([] { parse_json(std::string_view("\xFF\xFE{\0}\0", 6), "spec.json", 100); }, "is UTF-16 text");
}
