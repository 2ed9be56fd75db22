// Messages: one text, said in every language, that travels as JSON; errors that carry one.
#include "mid/base/message.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/language.hpp"

using namespace mid;

TEST_CASE("a message is said in every language, with its holes filled by words or by other messages") {
  const Message m = Message("refusal.must_be")
                        .with("field", "train.epochs")
                        .with("allowed", Message("refusal.part.whole_number"))
                        .with("found", "\"many\"");
  CHECK(m.in("en") == "train.epochs must be a whole number, found \"many\"");
  CHECK(m.in("de") == "train.epochs muss eine ganze Zahl sein, gefunden wurde \"many\"");
  CHECK(m.in("xx") == m.in("en"));
  CHECK(Message::plain("as it is {field}").in("de") == "as it is {field}");
  CHECK(Message().empty());
  CHECK_FALSE(m.empty());
}

TEST_CASE("what fills a hole is not searched for holes") {
  CHECK(Message("refusal.must_be").with("field", "{found}").with("allowed", "{field}").with("found", "x").in("en") ==
        "{found} must be {field}, found x");
}

TEST_CASE("a message travels as JSON, and what is none becomes nothing") {
  const Message m = Message("refusal.few_rows").with("field", "t.csv").with("found", counted(3, "row")).with("least", "20");
  CHECK(Message::from(m.json()).json() == m.json());
  CHECK(Message::from(m.json()).in("de") == m.in("de"));
  CHECK(Message::from("plain").in("en") == "plain");
  for (const char* other : {"null", "3", "[]", "{}", R"({"key": 5})"}) CHECK(Message::from(Json::parse(other)).empty());
  CHECK(Message::from(Json::parse(R"({"key": "refusal.one_column", "with": 5})")).key() == "refusal.one_column");
}

TEST_CASE("lists and numbers of things are said as each language does") {
  CHECK(either_of({"a", "b", "c"}).in("en") == "a, b or c");
  CHECK(either_of({"a", "b", "c"}).in("de") == "a, b oder c");
  CHECK(either_of({"a"}).in("de") == "a");
  CHECK(all_of({"a", "b", "c"}).in("en") == "a, b and c");
  CHECK(all_of({"a", "b"}).in("fr") == "a et b");
  CHECK(sentences_in("de", {counted(1, "row"), Message::plain("x")}) == std::vector<std::string>{"1 Zeile", "x"});
  CHECK(counted(1, "row").in("en") == "1 row");
  CHECK(counted(2, "row").in("de") == "2 Zeilen");
}

TEST_CASE("an error has a key and arguments; one without says its sentence in English everywhere") {
  const Error keyed("data.rows", Message("refusal.object").with("found", "3"));
  CHECK(std::string(keyed.what()) == "data.rows must be an object in braces, found 3");
  CHECK(keyed.key() == "refusal.object");
  CHECK(keyed.arguments().size() == 2);
  CHECK(message_of(keyed).in("de") == "data.rows muss ein Objekt in geschweiften Klammern sein, gefunden wurde 3");
  const Error plain("data.rows", "must be so");
  CHECK(std::string(plain.what()) == "data.rows must be so");
  CHECK(plain.key().empty());
  CHECK(message_of(plain).in("de") == plain.what());
  CHECK(message_of(Failure("it broke")).in("de") == "it broke");
  CHECK(message_of(std::runtime_error("it broke")).in("fr") == "it broke");
}
