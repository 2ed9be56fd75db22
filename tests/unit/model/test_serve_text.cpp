// The two sides of a question agree: what is asked in lines or by address is read, and what is answered is believed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>

#include "mid/model/outside/answer_text.hpp"
#include "mid/model/outside/serve_text.hpp"

using namespace mid;
using Catch::Matchers::ContainsSubstring;

namespace {

const Service kService{.name = "m", .columns = {"a", "b"}, .classes = {"no", "yes"}, .inputs = 2, .outputs = 2};
const Respondent kAsked{.name = {}, .columns = {"a", "b"}, .classes = {"no", "yes"}, .output = {}};

Matrix inputs() {
  Matrix x(3, 2);
  x << .1f, 1e-30f, -3, 16777216.f, 0, 1.f / 3;
  return x;
}

Matrix answers() {
  Matrix p(3, 2);
  p << .3f, .7f, 1e-40f, 1, 1.f / 3, 2.f / 3;
  return p;
}

}  // namespace

TEST_CASE("A question in a line arrives as it was asked, to the last bit, and so does its answer") {
  const InferenceRequest question = read_question_line(question_line(7, kAsked, inputs()), kService);
  CHECK(question.inputs == inputs());
  CHECK(question.id == 7);
  CHECK(read_answer_line(answer_line(kService, question, answers()), 7, 3, kAsked).cast<float>() == answers());
}

TEST_CASE("The same by address") {
  const ServedModel model = read_metadata(metadata_json(kService).dump(), 2, kAsked);
  const InferenceRequest question = read_infer_request(infer_request(model, inputs()), kService);
  CHECK(question.inputs == inputs());
  CHECK(read_infer_reply(infer_reply(kService, question, answers()), model, 3, kAsked).cast<float>() == answers());
}

TEST_CASE("Of a regression numbers are answered, and what is missing is missing on the other side") {
  Service service = kService;
  service.classes.clear(), service.outputs = 1;
  Respondent asked = kAsked;
  asked.classes.clear();
  Matrix x = inputs();
  x(1, 1) = std::nanf("");
  const InferenceRequest question = read_question_line(question_line(1, asked, x), service);
  CHECK(std::isnan(question.inputs(1, 1)));
  Matrix y(3, 1);
  y << 1e30f, -2.5f, 0;
  CHECK(read_answer_line(answer_line(service, question, y), 1, 3, asked).cast<float>() == y);
  const ServedModel model = read_metadata(metadata_json(service).dump(), 2, asked);
  CHECK(read_infer_reply(infer_reply(service, question, y), model, 3, asked).cast<float>() == y);
}

TEST_CASE("Who serves any number of inputs takes as many as the first record has") {
  const InferenceRequest question = read_question_line(question_line(7, kAsked, inputs()), {});
  CHECK(question.inputs == inputs());
  CHECK_THROWS_WITH(read_question_line(R"({"inputs":[[1,2,3],[4,5]]})", {}),
                    ContainsSubstring("must have 3 numbers a record, found 2 in record 2"));
  CHECK(read_question_line(R"({"inputs":[1,2]})", {}).inputs.rows() == 2);
}

TEST_CASE("Names that differ are refused on either side") {
  Service other = kService;
  other.columns = {"a", "c"};
  CHECK_THROWS_WITH(read_metadata(metadata_json(other).dump(), 2, kAsked),
                    ContainsSubstring("other inputs than the data: number 2 is \"c\" there and \"b\" here"));
  CHECK_THROWS_WITH(read_question_line(question_line(1, kAsked, inputs()), other), ContainsSubstring("columns must be"));
}

TEST_CASE("A question that is none is refused with a sentence") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"inputs":[{"data":[1,2,3]}]})", "must have 2 numbers a record, found 1 in record 2"},
      {R"({"inputs":[{"data":[[1,2],[3]]}]})", "must have 2 numbers a record, found 1 in record 2"},
      {R"({"inputs":[{"data":[1,"2"]}]})", "must be numbers, found \"2\""},
      {R"({"inputs":[{"data":[]}]})", "must be a list of records"},
      {R"({"inputs":[{"data":[1,2]},{"data":[1,2]}]})", "must be one tensor"},
      {R"({"inputs":[{"data":[1,2],"shape":[2,1]}]})", "shape must be [1,2]"},
      {"[]", "must be an object"},
      {"{", "the question"},
  };
  for (const auto& [body, sentence] : cases) {
    INFO(body);
    CHECK_THROWS_WITH(read_infer_request(body, kService), ContainsSubstring(sentence));
  }
}
