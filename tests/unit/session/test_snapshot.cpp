// What travels from a run to whoever looks at it (base/members.hpp): every type through archive, CBOR and JSON as text, and back.
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "mid/base/error.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/session/snapshot.hpp"

using namespace mid;

namespace {

template <class T>
std::string packed(const T& value) {
  Packer out;
  pack_members(out, value);
  return out.take();
}

template <class T>
T unpacked(const std::string& bytes) {
  T value;
  Unpacker in(bytes);
  unpack_members(in, value);
  CHECK(in.at_end());
  return value;
}

template <class T>
T read(const Json& j) {
  T value{};
  read_json(j, value, "", Lacking::refused);
  return value;
}

/// Two values are the same when their archives are, which hold every member.
template <class T>
void travels(const T& value) {
  const std::string bytes = packed(value);
  CHECK(packed(T{}) != bytes);  // or the test would not see a member that is lost
  CHECK(packed(unpacked<T>(bytes)) == bytes);
  const Json json = json_of(value);
  CHECK(packed(read<T>(Json::from_cbor(Json::to_cbor(json)))) == bytes);
  CHECK(packed(read<T>(Json::parse(json.dump()))) == bytes);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 40) CHECK_THROWS(unpacked<T>(bytes.substr(0, cut)));
}

PictureSheet pictures() {
  PictureSheet s;
  s.of_classes = true, s.height = 1, s.width = 2, s.rows = 2;
  s.truth = {0, 1, 254, 255}, s.guess = {5, 6, 7, 8}, s.average = {9, 10, 11, 12};
  s.line_up = {.1, 1. / 3}, s.names = {"014_smiling", "Zoë"}, s.classes = {"", "Zoë"}, s.credit = "somebody";
  s.path = {{0, 5}, {.1, .2, .3, .4}, {.5, .25}, {5, 0}, {1, 2, 3, 4, 5, 6, 7, 8}};
  s.answers = {2, false, true, {"3", "7"}, {.9, .1, 0, 1}, {1.4, 1}};
  s.line_ups = {2, {0, 2, 1, -1}, {.5, .25, -.1, 0}, {0, 0}, {1, -1}, {7, 8}};
  return s;
}

BeliefSheet beliefs() {
  BeliefSheet s;
  s.values = {"no", "yes", "unknown"}, s.secret = "smokes", s.credit = "somebody", s.root = true;
  s.truth = VectorXi::LinSpaced(2, 0, 2);
  s.before = MatrixD::Random(2, 3), s.after = MatrixD::Random(2, 3), s.conditional_mean = MatrixD::Random(2, 3);
  s.conditional_sd = MatrixD::Random(2, 3), s.answer = VectorXd::Random(2), s.target = VectorXd::Random(2);
  return s;
}

TreeSheet tree() {
  TreeSheetNode root, leaf;
  root.question = "age", root.values = {.25, .75}, root.gain = .1, root.information = .2, root.share = 1;
  leaf.parent = 0, leaf.branch = "age <= 9", leaf.answer = "buys", leaf.confidence = .9, leaf.values = {1, 0}, leaf.tells = 1;
  leaf.tells_name = "married", leaf.everyone = .4, leaf.gives_away = true, leaf.cut = TreeCut{"job", true, 3};
  return {{"no", "yes"}, "married", {root, leaf}, {1, 0, 1}};
}

Result result() {
  Result r;
  r.id = "0123456789abcdef", r.spec = {{"seed", 3}}, r.timing = {1.5, .25}, r.device = "gpu (Software)";
  r.utility["accuracy"] = {.value = 1. / 3, .baseline = .1, .low = {}, .high = .5, .n = 40, .unit = "proportion"};
  r.privacy["line_up"] = {.value = .47, .baseline = .1, .low = .35, .high = .59, .n = 40, .unit = "proportion"};
  r.information["kl_bound"] = {.value = 2.5, .baseline = 0, .low = 2, .high = 3, .n = 7, .unit = "nats"};
  r.warnings = {Message("warning.control_zero"), Message("warning.no_value").with("figure", "mcc")};
  r.failed = RunFailure{"training", "the loss is no number", true, true}, r.notes = {{"queries", 1000000}};
  return r;
}

UserTable table() {
  UserColumn c{"age", true, 3, 61, {"8", "9"}, "number", false, true, true, {"", "too many"}, {{}, Message("refusal.part.empty_column")}};
  return {"/data/people.csv", "people.csv", 4000, {c, c}};
}

UserModel model() {
  return {"/data/m.onnx",    "m.onnx", "pay",        "smokes", {Message("recognised.by_name").with("names", "age")},
          {"map_inference"}, 20,       {{"seed", 1}}};
}

Saved saved() {
  const SavedRun good{
      "ab", {{"seed", 1}}, {{"accuracy", .5}, {"nll", {}}}, {{"line_up", .4}}, {{"kl_bound", 2.}}, {{"line_up", {.3, .5}}}, {}, {}};
  const SavedRun bad{"cd", {{"seed", 2}}, {}, {}, {}, {}, "it broke", Message("refusal.memory")};
  return {1, "build", {{"seed", 1}}, {{{"seed", 4}}}, {{{"seed", 5}}}, {good, bad}};
}

Snapshot snapshot() {
  Snapshot s;
  s.serial = 1ull << 40, s.state = RunState::paused, s.tag = 7, s.spec = {{"seed", 3}}, s.outcome = 2;
  s.progress.stage = "training", s.progress.done = 2, s.progress.total = 5, s.progress.unit = "round";
  s.progress.live = {{"loss", .5}}, s.progress.fraction = .4, s.progress.seconds = 1.25, s.progress.seconds_left = .5;
  s.warnings = {Message("warning.control_zero")}, s.sheet = pictures(), s.beliefs = beliefs(), s.tree = tree(), s.packed = "cGFja2Vk";
  s.chosen = {{"seed", 4}}, s.undo = 3, s.redo = 1, s.saved = saved();
  s.table = Answer<UserTable>{table(), {}}, s.model = Answer<UserModel>{model(), {}},
  s.file = Answer<ExportedFile>{{}, Message("refusal.memory")};
  s.device = {"auto", "cpu", "none", "no GPU was found", {"cpu", "gpu"}};
  s.error = Trouble{"defense.beta", "must be positive", Message("refusal.memory"), true};
  return s;
}

}  // namespace

TEST_CASE("every datum comes back from the archive, CBOR and JSON as it was") {
  travels(pictures());
  travels(beliefs());
  travels(tree());
  travels(Measure{.value = 1. / 3, .baseline = .1, .low = {}, .high = .5, .n = 40, .unit = "dB"});
  travels(Timing{1.5, .25});
  travels(RunFailure{"training", "no number", true, true});
  travels(table());
  travels(saved());
  travels(snapshot().progress);
  travels(*snapshot().error);
  travels(snapshot().device);
  travels(*snapshot().file);
  travels(*snapshot().table);
  travels(ExportedFile{"tree.svg", "<svg/>"});
}

TEST_CASE("a snapshot comes back whole, but for warnings of its result that are sentences there") {
  Snapshot s = snapshot();
  s.result = result();
  const std::string bytes = packed(s);
  CHECK(packed(unpacked<Snapshot>(bytes)) == bytes);
  for (const Json& j : {Json::from_cbor(Json::to_cbor(s.json())), Json::parse(s.json().dump())}) {
    Snapshot back = Snapshot::from_json(j);
    REQUIRE(back.result);
    CHECK(sentences_in("en", back.result->warnings) == sentences_in("en", s.result->all_warnings()));
    back.result->warnings = s.result->warnings;
    CHECK(packed(back) == bytes);
  }
}

TEST_CASE("an outcome comes back from the cache") {
  Outcome o;
  o.result = result(), o.model = std::string("\0model", 6), o.sheet = pictures(), o.tree = tree(), o.beliefs = beliefs();
  const std::string bytes = packed(o);
  CHECK(packed(unpacked<Outcome>(bytes)) == bytes);
}

TEST_CASE("text of an outcome that is no UTF-8 is damage, bytes of its model are not") {
  const Outcome o = [] {
    Outcome made;
    made.result = result(), made.model = std::string("\xff\xfe", 2), made.sheet = pictures(), made.beliefs = beliefs();
    return made;
  }();
  const std::string bytes = packed(o);
  CHECK(unpacked<Outcome>(bytes).model == std::string("\xff\xfe", 2));
  for (const char* text : {"0123456789abcdef", "gpu (Software)", "line_up", "somebody", "smokes", "014_smiling"}) {
    std::string changed = bytes;
    const std::size_t at = changed.find(text);
    REQUIRE(at != std::string::npos);
    changed[at + 1] = '\xff';
    Outcome back;
    Unpacker in(changed);
    CHECK_THROWS_AS(unpack_members(in, back), Damaged);
  }
}

TEST_CASE("what is said once is left out of JSON, and an outcome's parts go together") {
  Snapshot s;
  for (const char* part : {"result", "warnings", "sheet", "beliefs", "tree", "packed", "saved", "table", "file"})
    CHECK_FALSE(s.json().contains(part));
  CHECK(s.json()["error"].is_null());
  s.sheet = pictures();  // before the result
  CHECK(s.json()["sheet"].is_object());
  CHECK_FALSE(s.json().contains("beliefs"));
  s.sheet.reset(), s.result = result();
  for (const char* part : {"sheet", "beliefs", "tree"}) CHECK(s.json()[part].is_null());
  CHECK(s.json()["warnings"] == Json::array());
  CHECK_FALSE(json_of(PictureSheet{}).contains("path"));
}

TEST_CASE("a snapshot that nobody saw hands on what is said once, to the same run") {
  Snapshot seen_by_none = snapshot(), next;
  seen_by_none.result = result(), next.tag = 7;
  Snapshot other = next;
  other.tag = 8;
  next.take_unseen(Snapshot(seen_by_none)), other.take_unseen(std::move(seen_by_none));
  CHECK(next.result);
  CHECK(next.beliefs);
  CHECK(next.packed);
  CHECK(next.saved);
  CHECK(next.table);
  CHECK_FALSE(other.result);
  CHECK(other.saved);
}

TEST_CASE("parts that do not fit together are refused by both readers, with the member's name") {
  PictureSheet s = pictures();
  s.guess.pop_back();
  CHECK_THROWS_AS(unpacked<PictureSheet>(packed(s)), Damaged);
  CHECK_THROWS_AS(read<PictureSheet>(json_of(s)), Error);
  BeliefSheet b = beliefs();
  b.truth[0] = 3;
  CHECK_THROWS_AS(unpacked<BeliefSheet>(packed(b)), Damaged);
  CHECK_THROWS_AS(read<BeliefSheet>(json_of(b)), Error);
  TreeSheet t = tree();
  t.nodes[1].parent = 1;
  CHECK_THROWS_AS(unpacked<TreeSheet>(packed(t)), Damaged);
  Json j = snapshot().json();
  j["progress"]["done"] = "two";
  try {
    Snapshot::from_json(j);
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.field() == "progress.done");
  }
  j = snapshot().json();
  j["undo"] = -1;
  CHECK_THROWS_AS(Snapshot::from_json(j), Error);
  CHECK_THROWS_AS(Snapshot::from_json(Json::array()), Error);
}

TEST_CASE("numbers that are not finite are null in JSON") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(json_of(Measure{.value = inf})["value"].is_null());
  CHECK(std::isnan(read<double>(nullptr)));
}
