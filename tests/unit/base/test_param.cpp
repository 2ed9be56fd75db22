// The sentences with which a specification is refused.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include "mid/base/known_params.hpp"
#include "mid/base/param.hpp"

using namespace mid;

namespace {

struct Spec {
  bool on = true;
  int count = 3;
  double beta = .5;
  std::string kind_of = "left";
  std::vector<int> sizes{1, 2};
  std::vector<std::string> words{"a"};
  std::optional<int> maybe;
  static std::vector<Param> params() {
    return {param(&Spec::on, "on", "Whether."),
            param(&Spec::count, "count", 1, 10, "rounds", "How often."),
            param(&Spec::beta, "beta", 0, std::numeric_limits<double>::infinity(), "", "Price."),
            choice(&Spec::kind_of, "kind_of", {"left", "right", "both"}, "Which."),
            param(&Spec::sizes, "sizes", 1, 100, "units", "Sizes."),
            param(&Spec::words, "words", "Words."),
            param(&Spec::maybe, "maybe", 0, 5, "", "Perhaps.")};
  }
};

Spec of(const char* text) { return read<Spec>(Json::parse(text), "thing"); }

}  // namespace

namespace {
int lists_made = 0;
std::vector<Param> counted_params() {
  ++lists_made;
  std::vector<Param> all = Spec::params();
  all[1] = all[1].only_for({"tree"});
  return all;
}
}  // namespace

TEST_CASE("the parameters of an entry are made once, those of a kind of model for themselves", "[param]") {
  const About about{"thing", "", "", "", &counted_params}, other{"other", "", "", "", &Spec::params}, none{"none", "", "", ""};
  for (int again = 0; again < 3; ++again) {
    CHECK(known_params(about).size() == 7);
    CHECK(known_params(about, "tree").size() == 7);
    CHECK(known_params(about, "linear").size() == 6);
    CHECK(known_params(about, "linear")[1].name == "beta");
    CHECK(known_params(other, "linear").size() == 7);
    CHECK(known_params(none).empty());
  }
  CHECK(lists_made == 3);
}

TEST_CASE("fields that are absent keep their defaults, present ones are read", "[param]") {
  CHECK(of("{}").count == 3);
  const Spec s =
      of(R"({"kind": "x", "on": false, "count": 10.0, "beta": 2, "kind_of": "both", "sizes": [], "words": ["p", "q"], "maybe": 0})");
  CHECK(!s.on);
  CHECK(s.count == 10);
  CHECK(s.beta == 2);
  CHECK(s.kind_of == "both");
  CHECK(s.sizes.empty());
  CHECK(s.words == std::vector<std::string>{"p", "q"});
  CHECK(s.maybe == 0);
  CHECK(of(R"({"maybe": null})").maybe == std::nullopt);
}

TEST_CASE("a wrong field is refused in one sentence with path, finding and range", "[param]") {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "thing must be an object in braces, found []"},
      {R"({"on": 1})", "thing.on must be true or false, found 1"},
      {R"({"count": "3"})", "thing.count must be a whole number, found \"3\""},
      {R"({"count": 2.5})", "thing.count must be a whole number, found 2.5"},
      {R"({"count": null})", "thing.count must be a whole number, found null"},
      {R"({"count": 0})", "thing.count must lie in 1 to 10 rounds, found 0"},
      {R"({"count": 11})", "thing.count must lie in 1 to 10 rounds, found 11"},
      {R"({"count": 1e300})", "thing.count must be a whole number, found 1e+300"},
      {R"({"count": 99999999999})", "thing.count must be a whole number below 2,147,483,648, found 99999999999"},
      {R"({"beta": -0.5})", "thing.beta must lie at least 0, found -0.5"},
      {R"({"beta": [1]})", "thing.beta must be a number, found [1]"},
      {R"({"kind_of": "up"})", "thing.kind_of must be left, right or both, found \"up\""},
      {R"({"kind_of": 1})", "thing.kind_of must be text, found 1"},
      {R"({"sizes": [1, 0]})", "thing.sizes must lie in 1 to 100 units, found 0"},
      {R"({"sizes": [1, "a"]})", "thing.sizes must be a list of whole numbers, found [1,\"a\"]"},
      {R"({"sizes": 5})", "thing.sizes must be a list of whole numbers, found 5"},
      {R"({"words": [1]})", "thing.words must be a list of texts, found [1]"},
      {R"({"maybe": 6})", "thing.maybe must lie in 0 to 5, found 6"},
      {R"({"bета": 1})", "thing.bета is unknown; allowed here: on, count, beta, kind_of, sizes, words or maybe"},
  };
  for (const auto& [text, sentence] : cases) {
    INFO(text);
    CHECK_THROWS_MATCHES(of(text), Error, Catch::Matchers::Message(sentence));
  }
}

TEST_CASE("a sentence does not end at a zero byte", "[param]") {
  const std::string key = std::string(1, '\0') + "bins";
  CHECK(std::string(Error(key, "is unknown").what()) == "\\u0000bins is unknown");
  CHECK(Error(key, "is unknown").field() == key);
}

TEST_CASE("an error carries the field, and long findings are cut", "[param]") {
  try {
    of(R"({"count": "an unreasonably long text that nobody would like to read in a sentence about a number"})");
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.field() == "thing.count");
    CHECK(std::string(e.what()).size() < 120);
  }
}

TEST_CASE("completing a specification writes every default", "[param]") {
  const auto params = Spec::params();
  const std::string skip[] = {"kind"};
  const Json done = complete(params, Json{{"count", 4}, {"kind", "x"}}, skip);
  CHECK(done["count"] == 4);
  CHECK(done["beta"] == .5);
  CHECK(done["maybe"].is_null());
  CHECK(done["kind"] == "x");
  CHECK(done.size() == 8);
}
