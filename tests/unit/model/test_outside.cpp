// A model outside, played by a channel of the test: what it is asked, what of its answers is believed and kept.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "mid/base/stage_cache.hpp"
#include "mid/model/model.hpp"

using namespace mid;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What the other end has heard, and what it says: with `answer` empty, of each record a probability of .25 and the first input.
struct OtherEnd {
  int questions = 0, records = 0, not_yet = 3;
  std::string answer;
};

class TestChannel : public Channel {
 public:
  explicit TestChannel(OtherEnd& other) : other_(other) {}
  void send(const std::string&, std::string body, std::size_t) override {
    const Json question = Json::parse(body);
    answer_ = {{"id", question["id"]}, {"probabilities", Json::array()}};
    for (const Json& x : question["inputs"])
      answer_["probabilities"].push_back({.25 + x[0].get<double>() / 100, .75 - x[0].get<double>() / 100}), ++other_.records;
    ++other_.questions, waited_ = 0;
  }
  bool receive(std::string& answer) override {
    if (waited_++ < other_.not_yet) return false;
    answer = other_.answer.empty() ? answer_.dump() : other_.answer;
    return true;
  }

 private:
  OtherEnd& other_;
  Json answer_;
  int waited_ = 0;
};

Respondent two_classes() { return {.name = {}, .columns = {"a", "b"}, .classes = {"no", "yes"}, .output = {}}; }

struct Asked {
  OtherEnd other;
  std::unique_ptr<Device> device = cpu_device();
  StageCache cache;
  Context context{*device, Stream{1}, &cache, {}, {}, [this](const ChannelSpec&) { return std::make_unique<TestChannel>(other); }};
  BlackBoxSpec spec{.command = std::vector<std::string>{"program"}, .url = {}, .file = {}, .output = {}, .budget = {}};

  Matrix ask(const Matrix& inputs, std::uint64_t draw = 0) {
    Outside outside(context.channels, spec, two_classes(), "", context.cache);
    Matrix out;
    finish(outside.answer(context, inputs, draw, out));
    return out;
  }
};

Matrix rows(std::initializer_list<float> first) {
  Matrix m(static_cast<Eigen::Index>(first.size()), 2);
  Eigen::Index r = 0;
  for (const float v : first) m.row(r++) << v, 1;
  return m;
}

}  // namespace

TEST_CASE("A model outside is asked in pieces, once for each different record, and answers stand where they belong") {
  Asked a;
  a.spec.rows_per_question = 2;
  const Matrix out = a.ask(rows({5, 6, 5, 7, 6}));
  CHECK(a.other.records == 3);
  CHECK(a.other.questions == 2);
  REQUIRE(out.rows() == 5);
  CHECK(out(2, 0) == out(0, 0));
  CHECK(std::abs(out(3, 0) - .32f) < 1e-6f);
  SECTION("and never again, by another run on the same cache") {
    CHECK(a.ask(rows({7, 5})) == Matrix(out({3, 0}, Eigen::all)));
    CHECK(a.other.records == 3);
    a.ask(rows({8, 5}));
    CHECK(a.other.records == 4);
  }
  SECTION("but again by a run without a cache, and about a model whose answers change") {
    a.spec.fresh = true;
    a.ask(rows({5}), 0), a.ask(rows({5}), 1), a.ask(rows({5}), 1);
    CHECK(a.other.records == 5);
    a.context.cache = nullptr;
    a.ask(rows({5}), 1);
    CHECK(a.other.records == 6);
  }
}

TEST_CASE("Kept answers fill more than one part of the cache") {
  Asked a;
  a.other.not_yet = 0;
  a.spec.rows_per_question = 1000;
  Matrix many(5000, 2);
  for (Eigen::Index r = 0; r < many.rows(); ++r) many.row(r) << static_cast<float>(r) / 1000, 2;
  const Matrix first = a.ask(many);
  CHECK(a.ask(many) == first);
  CHECK(a.other.records == 5000);
}

TEST_CASE("Waiting for a model outside ticks") {
  Asked a;
  a.other.not_yet = 50;
  Outside outside(a.context.channels, a.spec, two_classes(), "", nullptr);
  Matrix out;
  Task task = outside.answer(a.context, rows({1}), 0, out);
  int ticks = 0;
  while (task.advance()) ++ticks;
  CHECK(ticks >= 50);
}

TEST_CASE("A budget counts different records, known or not, and ends the run with a sentence") {
  Asked a;
  a.spec.budget = 3;
  a.spec.rows_per_question = 1;
  CHECK(a.ask(rows({1, 2, 3, 1, 2})).rows() == 5);
  CHECK_THROWS_WITH(a.ask(rows({1, 2, 3, 4})), ContainsSubstring("model.budget of 3 records is used up"));
  CHECK(a.other.records == 3);
}

TEST_CASE("Without a way out of the program a model outside is refused by its field") {
  Asked a;
  a.context.channels = {};
  CHECK_THROWS_WITH(a.ask(rows({1})), ContainsSubstring("model.command leads out of midlab"));
}

TEST_CASE("Answers in lines: what is wrong with one is said") {
  Asked a;
  const std::pair<const char*, const char*> cases[] = {
      {R"({"id":1,"probabilities":[[0.5,0.5],[1,0]]})", "answered about 2 records where 1 were asked"},
      {R"({"id":1,"probabilities":[]})", "answered about 0 records where 1 were asked"},
      {R"({"id":1,"probabilities":[[0.5,0.25,0.25]]})", "with 3 numbers for record 1"},
      {R"({"id":1,"probabilities":[0.5]})", "with 1 numbers for record 1"},
      {R"({"id":1,"probabilities":[[1.5,-0.5]]})", "is no probability"},
      {R"({"id":1,"probabilities":[[0.5,0.4]]})", "add up to 0.9"},
      {R"({"id":1,"probabilities":[[0.5,"0.5"]]})", "answered \"0.5\" for record 1"},
      {R"({"id":1,"probabilities":[[0.5,null]]})", "infinite or none"},
      {R"({"id":1,"probabilities":[[NaN,0.5]]})", "infinite or none"},
      {R"({"id":1,"values":[0.5]})", "without a list \"probabilities\""},
      {R"({"id":2,"probabilities":[[0.5,0.5]]})", "answered question 2 where 1 was asked"},
      {R"({"probabilities":[[0.5,0.5]]})", "answered question null where 1 was asked"},
      {R"({"id":1,"error":"no"})", "refused: \"no\""},
      {R"({"id":1,"classes":["yes","no"],"probabilities":[[0.5,0.5]]})",
       "other classes than the data: number 1 is \"yes\" there and \"no\" here"},
      {"[1]", "no JSON object"},
      {"", "no JSON object"},
      {"<!doctype html>", "answered with a web page"},
  };
  for (const auto& [answer, sentence] : cases) {
    a.other.answer = answer;
    if (a.other.answer.empty()) a.other.answer = " ";
    INFO(answer);
    CHECK_THROWS_WITH(a.ask(rows({1})), ContainsSubstring(sentence));
  }
  a.other.answer = R"({"id":1,"classes":["no","yes"],"probabilities":[[0.5,0.501]]})";
  CHECK(a.ask(rows({1}))(0, 1) == .501f);
}

TEST_CASE("What the Open Inference Protocol says of a model is compared with the data") {
  const Respondent asked = two_classes();
  const auto metadata = [](const char* inputs, const char* outputs) {
    return std::string(R"({"name":"m","versions":["1"],"platform":"x","inputs":)") + inputs + R"(,"outputs":)" + outputs + "}";
  };
  const char* input = R"([{"name":"x","datatype":"FP32","shape":[-1,2]}])";
  const ServedModel m = read_metadata(metadata(input, R"([{"name":"label","shape":[-1]},{"name":"output","shape":[-1,2]}])"), 2, asked);
  CHECK(m.input == "x");
  CHECK(m.output == "output");
  CHECK_THROWS_WITH(read_metadata(metadata(R"([{"name":"x","shape":[-1,3]}])", R"([{"name":"y","shape":[-1,2]}])"), 2, asked),
                    ContainsSubstring("model.url takes 3 inputs and the records have 2"));
  CHECK_THROWS_WITH(read_metadata(metadata(input, R"([{"name":"y","shape":[-1,5]}])"), 2, asked),
                    ContainsSubstring("answers with 5 numbers a record"));
  CHECK_THROWS_WITH(read_metadata(metadata(input, R"([{"name":"y","shape":[-1,2]},{"name":"z","shape":[-1,2]}])"), 2, asked),
                    ContainsSubstring("model.output must name an output tensor"));
  CHECK_THROWS_WITH(read_metadata(metadata(R"([{"name":"x"},{"name":"y"}])", "[]"), 2, asked), ContainsSubstring("takes 2 input tensors"));
  Matrix x(2, 2);
  x << 1, 2.5f, 3, 4;
  CHECK(Json::parse(infer_request(m, x))["inputs"][0]["data"] == Json({1, 2.5, 3, 4}));
  const auto reply = [](const char* tensor) { return std::string(R"({"outputs":[{"name":"other","data":[1]},)") + tensor + "]}"; };
  CHECK(read_infer_reply(reply(R"({"name":"output","shape":[2,2],"data":[0.25,0.75,1,0]})"), m, 2, asked)(0, 1) == .75);
  CHECK(read_infer_reply(reply(R"({"name":"output","data":[[0.25,0.75],[1,0]]})"), m, 2, asked)(1, 0) == 1);
  CHECK_THROWS_WITH(read_infer_reply(reply(R"({"name":"output","shape":[2,3],"data":[0,0,1,0,0,1]})"), m, 2, asked),
                    ContainsSubstring("with 3 numbers"));
  CHECK_THROWS_WITH(read_infer_reply(reply(R"({"name":"output","shape":[3,2],"data":[0,1,0,1,0,1]})"), m, 2, asked),
                    ContainsSubstring("about 3 records where 2"));
  CHECK_THROWS_WITH(read_infer_reply(reply(R"({"name":"wrong","data":[0.25,0.75,1,0]})"), m, 2, asked),
                    ContainsSubstring("without a list \"output\""));
}
