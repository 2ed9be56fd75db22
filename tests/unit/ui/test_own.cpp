// A table of one's own, from the drop to the story; and the tree as a file.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "mid/base/text.hpp"
#include "mid/model/file/to_onnx.hpp"
#include "page.hpp"
#include "user_tables.hpp"

using namespace mid;
using test::Page;

namespace {

/// A page that does not train: nothing here is about its first story.
void hush(Page& page) {
  page.frames();
  page.app->command({{"do", "stop"}});
  page.frames(2);
}

/// 60 rows: whether somebody smokes tells what they buy and, by 400, what they pay.
std::string smokers() {
  std::string text = "smokes,age,pay,buys\n";
  for (int i = 0; i < 60; ++i)
    text += std::string(i % 3 ? "no," : "yes,") + std::to_string(20 + i % 30) + "," + std::to_string(1000 + i % 30 + (i % 3 ? 0 : 400)) +
            "," + (i % 3 ? "little" : "much") + "\n";
  return text;
}

/// A network that takes smokes=yes, age and pay, and answers by the first; `inputs`: another number of them.
std::string smokers_model(int inputs = 3) {
  NetworkSpec spec;
  spec.hidden = {4}, spec.bottleneck = 0;
  Network net = make_network(spec, false, inputs, 2, Stream{1});
  net.hidden[0].weight.value.setZero(), net.hidden[0].bias.value.setZero(), net.head.weight.value.setZero();
  net.hidden[0].weight.value(0, 0) = 6, net.head.weight.value(0, 0) = 1, net.head.bias.value.setConstant(-3);
  if (inputs == 3) net.input_names = {"smokes=yes", "age", "pay"};
  return to_onnx(net);
}

/// The wizard at its last step.
void choose_columns(Page& page, const std::string& table) {
  hush(page);
  page.app->open_file(table);
  page.frames(3);
  page.click("own.column.3");
  page.click("own.column.0");
}

/// What a page copies as a link to a table of one's own and says of it, and the specification that stands behind it.
struct SharedRun {
  std::string link, notice;
  Json spec;
};
SharedRun share(Page& page) {
  page.click("share");
  page.frames(2);
  page.click("share.link");
  return {page.copied, page.state()["notice"].get<std::string>(), page.state()["spec"]};
}

}  // namespace

TEST_CASE("a dropped table is asked for its target and its secret, and tells its story") {
  const TemporaryFolder folder;
  Page page;
  hush(page);
  page.app->open_file(test::write_table(folder, "smokers.csv", smokers()));
  page.frames(3);
  Json own = page.state()["own"];
  CHECK(own["open"] == true);
  CHECK(own["waiting"] == false);
  CHECK(own["step"] == 0);
  CHECK(own["table"]["rows"] == 60);
  CHECK(page.paints("smokers.csv:"));
  CHECK(page.paints("2 categories: no, yes"));
  page.click("own.column.3");
  CHECK(page.state()["own"]["step"] == 1);
  CHECK_FALSE(page.has("own.column.2"));  // 30 numbers and more are no secret
  CHECK_FALSE(page.has("own.column.3"));  // what is predicted is no secret
  page.click("own.column.0");
  CHECK(page.state()["own"]["step"] == 2);
  CHECK(page.paints("45"));
  page.click("own.go");
  page.rest();
  const Json s = page.state();
  CHECK(s["own"]["open"] == false);
  CHECK(s["story"] == "own-tree");
  CHECK(s["error"] == "");
  CHECK(s["spec"]["data"]["target"] == "buys");
  CHECK(s["spec"]["data"]["sensitive"] == "smokes");
  CHECK(page.app->summary().find("Secrets the attacker gets right 100") != std::string::npos);
  // The slider sets MID, and Off is the same as before.
  page.click("strength");
  page.rest();
  CHECK(page.state()["spec"]["defense"]["kind"] == "mid");
  CHECK(page.state()["error"] == "");
}

TEST_CASE("a number to predict is told like the dose, with noise as its defence") {
  const TemporaryFolder folder;
  Page page;
  hush(page);
  page.app->open_file(test::write_table(folder, "smokers.csv", smokers()));
  page.frames(3);
  page.app->command({{"do", "own"}, {"target", "pay"}, {"secret", "smokes"}});
  page.rest();
  CHECK(page.state()["story"] == "own-number");
  CHECK(page.state()["error"] == "");
  page.click("strength");
  page.rest();
  CHECK(page.state()["spec"]["defense"]["kind"] == "mid");
  CHECK(page.state()["spec"]["defense"]["noise"] == .5);
  CHECK(page.state()["error"] == "");
}

TEST_CASE("a step that was made can be made again, and a file that is no table says why") {
  const TemporaryFolder folder;
  Page page;
  hush(page);
  page.app->open_file(test::write_table(folder, "smokers.csv", smokers()));
  page.frames(3);
  page.click("own.column.0");
  page.click("own.step.0");
  page.click("own.column.3");
  CHECK(page.state()["own"]["target"] == "buys");
  page.click("own.close");
  CHECK(page.state()["own"]["open"] == false);
  page.app->open_file(test::write_table(folder, "one.csv", "a\n1\n2\n"));
  page.frames(3);
  CHECK(page.state()["own"]["failed"] == "one.csv has one column; one to predict and another that is secret are needed");
  CHECK(page.paints("This file cannot be used"));
  page.click("own.choose");
  CHECK(page.asked_for_file == 1);
}

TEST_CASE("a link of one's own table says that it cannot hold it, and the file brings the run back") {
  const TemporaryFolder here, there;
  SharedRun shared;
  {
    Page page;
    hush(page);
    page.app->open_file(test::write_table(here, "smokers.csv", smokers()));
    page.frames(3);
    page.app->command({{"do", "own"}, {"target", "buys"}, {"secret", "smokes"}});
    page.rest();
    page.app->command({{"do", "set"}, {"fields", {{"seed", 5}}}});
    page.rest();
    shared = share(page);
    CHECK(shared.notice.find("not your table: whoever opens it needs the file smokers.csv") != std::string::npos);
  }
  std::filesystem::remove(here.path() / "smokers.csv");
  Page other(1280, 720, shared.link);
  hush(other);
  CHECK(other.state()["own"]["open"] == true);
  CHECK(other.paints("smokers.csv"));
  CHECK(other.state()["story"] == "visitors");
  const std::string path = test::write_table(there, "smokers.csv", smokers());
  other.app->open_file(path);
  other.frames(3);
  CHECK(other.state()["own"]["step"] == 2);
  other.click("own.go");
  other.rest();
  shared.spec["data"]["csv"] = path;
  CHECK(other.state()["spec"] == shared.spec);
  CHECK(other.state()["error"] == "");
}

TEST_CASE("the tree on the stage can be taken along, not the one that was measured beside it") {
  Page page;
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  page.click("strength");
  page.rest();
  CHECK(page.paints(" leaves cut"));
  page.click("tree.save");
  page.click("tree.save.0");
  page.frames(3);
  CHECK(page.saved_name == "tree.svg");
  CHECK(page.saved_text.find("stroke-dasharray") != std::string::npos);
  page.app->command({{"do", "export"}, {"format", "dot"}});
  page.frames(3);
  CHECK(page.saved_name == "tree.dot");
  CHECK(page.saved_text.starts_with("digraph"));
  // In the page's language and words, never the names of columns.
  page.app->command({{"do", "language"}, {"to", "de"}});
  page.frames(2);
  for (const char* format : {"svg", "dot"}) {
    page.app->command({{"do", "export"}, {"format", format}});
    page.frames(3);
    INFO(format);
    CHECK(page.saved_text.find("Schuljahre") != std::string::npos);
    CHECK(page.saved_text.find("verdient mehr") != std::string::npos);
    for (const char* raw : {"education-num", "hours-per-week", ">50K", "leaves"}) CHECK(page.saved_text.find(raw) == std::string::npos);
  }
}

TEST_CASE("commands that come too early get a sentence") {
  Page page(1280, 720, {}, false, false, true);
  hush(page);
  // None of these has what it is about: no table, no result.
  for (const char* early :
       {R"({"do": "own", "target": "rich", "secret": "sex"})", R"({"do": "export", "format": "dot"})", R"({"do": "export", "format": 3})",
        R"({"do": "own"})", R"({"do": "back"})", R"({"do": "undo"})", R"({"do": "redo"})", R"({"do": "stop"})", R"({"do": "theatre"})",
        R"({"do": "restart"})", R"({"do": "stop"})"}) {
    INFO(early);
    CHECK_NOTHROW(page.app->command(Json::parse(early)));
    page.frames(2);
  }
  page.app->command({{"do", "export"}, {"format", "dot"}});
  page.frames(2);
  CHECK(page.state()["notice"].get<std::string>().find("needs a run that has ended") != std::string::npos);
  CHECK(page.saved_name.empty());
  page.tell("survey-tree");
  page.app->command({{"do", "export"}, {"format", "dot"}});
  page.frames(2);
  CHECK(page.saved_name == "tree.dot");
}

TEST_CASE("names of columns with long and with control characters are shown, shortened between letters") {
  const TemporaryFolder folder;
  for (int shift = 0; shift < 3; ++shift) {
    std::string name(static_cast<std::size_t>(shift), 'x');
    for (int i = 0; i < 80; ++i) name += "\u00fc";
    std::string text = smokers();
    text.replace(text.find("smokes"), 6, name), text.replace(text.find("buys"), 4, "bu\x1B[31mys");
    Page page;
    hush(page);
    page.app->open_file(test::write_table(folder, "names" + std::to_string(shift) + ".csv", text));
    page.frames(3);
    CHECK(page.paints("bu\\u001b[31mys"));
    const ui::Seen seen = page.look();
    for (const auto& t : seen.texts) CHECK(is_utf8(t.text));
    CHECK(std::any_of(seen.texts.begin(), seen.texts.end(), [](const auto& t) { return t.text.ends_with("\u00fc\u2026"); }));
    // A text that an error sentence cuts.
    page.app->command({{"do", "own"}, {"target", "pay"}, {"secret", name}});
    page.rest();
    page.app->command({{"do", "set"}, {"fields", {{"data.target", name}}}});
    page.frames(2);
    CHECK(is_utf8(page.state()["notice"].get<std::string>() + page.state()["error"].get<std::string>()));
    CHECK_NOTHROW(page.state().dump());
  }
}

TEST_CASE("a model beside the table is recognised and attacked as it is, with releases alone on the slider") {
  const TemporaryFolder folder;
  for (const bool model_first : {false, true}) {
    CAPTURE(model_first);
    Page page;
    const std::string model = test::write_table(folder, "m.onnx", smokers_model());
    if (model_first) {
      hush(page);
      page.app->open_file(model);
      page.frames(3);
      CHECK(page.paints("m.onnx"));
    }
    choose_columns(page, test::write_table(folder, "smokers.csv", smokers()));
    if (!model_first) {
      CHECK(page.has("own.model.choose"));
      page.click("own.model.choose");
      CHECK(page.asked_for_file == 1);
      page.app->open_file(model);
    }
    page.frames(4);
    const Json own = page.state()["own"];
    CAPTURE(own["model"].dump());
    CHECK(own["model"]["failed"] == "");
    CHECK(own["model"]["attacks"] == Json({"likelihood_inference", "learned_inference"}));
    CHECK(page.paints("(relu)"));
    CHECK(page.paints("trained."));
    CHECK(page.has("own.attack"));
    page.click("own.go");
    page.rest();
    const Json s = page.state();
    CHECK(s["error"] == "");
    CHECK(s["story"] == "own-network");
    CHECK(s["spec"]["model"]["file"] == model);
    CHECK(s["spec"]["attack"]["kind"] == "likelihood_inference");
    CHECK(page.app->summary().find("Secrets the attacker gets right 100") != std::string::npos);
    CHECK(page.paints("learnt"));  // that nobody said from which rows
    // Nothing on the slider trains.
    CHECK(s["defence"] == "release.noise");
    CHECK_FALSE(page.has("defence.own"));
    CHECK(page.has("defence.release.round"));
    CHECK_FALSE(page.has("defence.defense.dp_sgd"));
    page.click("strength");
    page.rest();
    CHECK(page.state()["error"] == "");
    CHECK(page.state()["spec"]["defense"]["kind"] == "none");
    CHECK(page.state()["spec"]["release"]["kind"] == "noise");
  }
}

TEST_CASE("a model that cannot be used says why beside the buttons, and nothing chosen is lost") {
  const TemporaryFolder folder;
  Page page;
  choose_columns(page, test::write_table(folder, "smokers.csv", smokers()));
  const auto failed = [&](const char* name, const std::string& bytes) {
    page.app->open_file(test::write_table(folder, name, bytes));
    page.frames(4);
    const Json own = page.state()["own"];
    CHECK(own["step"] == 2);
    CHECK(own["target"] == "buys");
    CHECK(own["secret"] == "smokes");
    CHECK_FALSE(page.has("own.go"));
    return own["model"]["failed"].get<std::string>();
  };
  CHECK(failed("page.onnx", "<html>Sign in</html>").starts_with("page.onnx is a web page"));
  CHECK(page.paints("page.onnx"));
  CHECK_FALSE(page.paints("trained."));  // what would be done with it is not said
  CHECK(failed("five.onnx", smokers_model(5)).find("takes 5 inputs and the records") != std::string::npos);
  CHECK(failed("cut.onnx", smokers_model().substr(0, 200)).starts_with("cut.onnx"));
  CHECK(failed("m.pt", std::string("PK\x03\x04", 4)).starts_with("m.pt is a zip archive"));
  // A command does not run what was refused.
  page.app->command({{"do", "own"}, {"target", "buys"}, {"secret", "smokes"}});
  page.frames(3);
  CHECK(page.state()["busy"] == false);
  CHECK(page.state()["own"]["open"] == true);
  page.click("own.model.drop");
  page.frames(2);
  CHECK(page.has("own.go"));
  page.app->open_file(test::write_table(folder, "m.onnx", smokers_model()));
  page.frames(4);
  CHECK(page.has("own.go"));
  // Another target asks anew: a network tells no numbers.
  page.click("own.step.0");
  page.click("own.column.2");
  page.frames(2);
  page.click("own.step.2");
  page.frames(4);
  CHECK(page.state()["own"]["model"]["failed"].get<std::string>().find("m.onnx") != std::string::npos);
}

TEST_CASE("a command runs a model as soon as it is recognised, and a link asks for table and model") {
  const TemporaryFolder here, there;
  SharedRun shared;
  {
    Page page;
    hush(page);
    page.app->open_file(test::write_table(here, "smokers.csv", smokers()));
    page.app->open_file(test::write_table(here, "m.onnx", smokers_model()));
    page.frames(3);
    page.app->command({{"do", "own"}, {"target", "buys"}, {"secret", "smokes"}, {"attack", "learned_inference"}});
    page.rest();
    CHECK(page.state()["error"] == "");
    CHECK(page.state()["spec"]["attack"]["kind"] == "learned_inference");
    shared = share(page);
    CHECK(shared.notice.find("needs smokers.csv and the model m.onnx") != std::string::npos);
  }
  for (const bool model_first : {false, true}) {
    CAPTURE(model_first);
    std::filesystem::remove(here.path() / "smokers.csv");
    Page other(1280, 720, shared.link);
    hush(other);
    CHECK(other.state()["own"]["open"] == true);
    const std::string table = test::write_table(there, "smokers.csv", smokers()),
                      model = test::write_table(there, "m.onnx", smokers_model());
    other.app->open_file(model_first ? model : table);
    other.frames(3);
    if (!model_first) CHECK(other.paints("m.onnx,"));
    other.app->open_file(model_first ? table : model);
    other.frames(4);
    other.click("own.go");
    other.rest();
    shared.spec["data"]["csv"] = table, shared.spec["model"]["file"] = model;
    CHECK(other.state()["spec"] == shared.spec);
    CHECK(other.state()["error"] == "");
  }
}
