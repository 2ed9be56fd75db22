#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <thread>

#include "../temporary_folder.hpp"
#include "mid/base/file.hpp"
#include "mid/base/text.hpp"
#include "mid/session/session.hpp"
#include "mid/session/thread_host.hpp"

using namespace mid;
namespace fs = std::filesystem;

namespace {

/// A story in small: two rounds on few records, with the attack.
Json small(double beta = .01, int seed = 3) {
  return {{"data", {{"name", "adult"}, {"private", 200}, {"auxiliary", 300}, {"held_out", 150}}},
          {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
          {"train", {{"epochs", 2}, {"batch", 16}}},
          {"defense", {{"kind", "mid"}, {"beta", beta}}},
          {"attack", {{"kind", "likelihood_inference"}}},
          {"seed", seed}};
}

/// A column's name of letters of two bytes, behind so many of one: whoever cuts it at some byte cuts inside a letter for some of them.
std::string long_name(int shift) {
  std::string name(static_cast<std::size_t>(shift), 'x');
  for (int i = 0; i < 60; ++i) name += "\u00e9";
  return name;
}

/// 60 people whose columns are `names` and what they buy.
std::string people(const std::string& names) {
  std::string text = names + ",buys\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(20 + i) + (i % 3 ? ",no," : ",yes,") + (i % 2 ? "much\n" : "little\n");
  return text;
}

/// A processor on which nothing can be computed, for reasons of `Thrown`.
template <class Thrown>
struct Broken : Device {
  std::string name() const override { return "cpu"; }
  std::unique_ptr<Executable> compile(Program) override { throw Thrown(); }
};
struct Odd : std::logic_error {
  Odd() : std::logic_error("something odd\n\x1B[2J") {}
};

Json without_time(Json result) {
  result.erase("timing");
  return result;
}

Json run_in_slices(int units) {
  Session s;
  s.command({{"do", "run"}, {"spec", small()}, {"tag", 1}});
  while (s.advance_units(units)) {
  }
  INFO(s.error());
  REQUIRE(s.state() == Session::State::done);
  Json snapshot = s.snapshot(true).json();
  return {{"result", without_time(snapshot["result"])}, {"beliefs", snapshot["beliefs"]}};
}

}  // namespace

TEST_CASE("the result does not depend on slices") {
  const Json whole = run_in_slices(1 << 30);
  CHECK(run_in_slices(1) == whole);
  CHECK(run_in_slices(7) == whole);
}

TEST_CASE("the thread host gives the same result as the inline one") {
  ThreadHost host;
  host.command({{"do", "run"}, {"spec", small()}, {"tag", 1}});
  const Json end = host.wait().json();
  REQUIRE(end["state"] == "done");
  CHECK(without_time(end["result"]) == run_in_slices(5)["result"]);
}

TEST_CASE("the thread host calls once for each time that there is something to fetch") {
  std::atomic<int> calls{0};
  ThreadHost host({}, [&] { ++calls; });
  const auto until = [](const auto& is_so) {
    for (int i = 0; i < 2000 && !is_so(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // what is on its way may arrive
  };
  CHECK(calls == 0);
  host.command({{"do", "run"}, {"preset", "there is none"}, {"tag", 1}});
  until([&] { return calls > 0; });
  CHECK(calls == 1);
  // Nobody fetches: however many snapshots come, they are one piece of news.
  host.command({{"do", "run"}, {"preset", "nor here"}, {"tag", 2}});
  until([] { return true; });
  CHECK(calls == 1);
  CHECK(host.newest()->tag == 2);
  CHECK_FALSE(host.newest());
  host.command({{"do", "run"}, {"spec", small()}, {"tag", 3}});
  until([&] { return calls > 1; });
  CHECK(calls == 2);
  CHECK(host.newest()->tag == 3);
}

TEST_CASE("an interrupted run goes on where it was, with the same result") {
  const fs::path folder = fs::temp_directory_path() / "midlab-test-interrupt";
  fs::remove_all(folder);
  const Json whole = run_in_slices(1);
  {
    Session first(folder);
    first.command({{"do", "run"}, {"spec", small()}});
    while (first.progress().stage != "training" || first.progress().done < 1) REQUIRE(first.advance_units(1));
    first.command({{"do", "cancel"}});
    CHECK(first.state() == Session::State::idle);
  }
  Session second(folder);
  second.command({{"do", "run"}, {"spec", small()}});
  bool saw_first_round_again = false;
  while (second.advance_units(1)) {
    if (second.progress().stage == "training" && second.progress().done == 0 && second.progress().live.count("loss"))
      saw_first_round_again = true;
  }
  REQUIRE(second.state() == Session::State::done);
  CHECK_FALSE(saw_first_round_again);
  CHECK(without_time(second.snapshot(true).json()["result"]) == whole["result"]);
  fs::remove_all(folder);
}

TEST_CASE("a finished run comes back from the stage cache unchanged, and a new attack does not retrain") {
  Session s;
  s.command({{"do", "run"}, {"spec", small()}});
  while (s.advance(1000)) {
  }
  const Json first = s.snapshot(true).json()["result"];
  s.command({{"do", "run"}, {"spec", small()}});
  while (s.advance(1000)) {
  }
  CHECK(s.snapshot(true).json()["result"] == first);  // even the times: nothing ran again
  Json other = small();
  other["attack"]["repeats"] = 3;
  s.command({{"do", "run"}, {"spec", other}});
  bool trained = false;
  while (s.advance_units(1)) trained = trained || s.progress().stage == "training";
  CHECK_FALSE(trained);
  CHECK(s.snapshot(true).json()["result"]["utility"] == first["utility"]);
  CHECK(s.snapshot(true).json()["result"]["privacy"] != first["privacy"]);
}

TEST_CASE("a victim from the stage cache is the victim that was trained, whatever is released of it") {
  Json plain = small();
  plain["defense"] = {{"kind", "none"}}, plain["model"]["bottleneck"] = 0;
  for (const Json& story : {small(), plain})
    for (const char* kind : {"round", "label_only", "none"})
      for (const char* of : {"answer", "embedding"}) {
        INFO(kind << " of " << of);
        Json spec = story;
        spec["release"] = {{"kind", kind}, {"of", of}};
        Session fresh, warm;
        warm.command({{"do", "run"}, {"spec", story}});
        while (warm.advance(1000)) {
        }
        Json results[2];
        for (Session* s : {&fresh, &warm}) {
          s->command({{"do", "run"}, {"spec", spec}});
          while (s->advance(1000)) {
          }
          INFO(s->error());
          REQUIRE(s->state() == Session::State::done);
          results[s == &warm] = without_time(s->snapshot(true).json()["result"]);
        }
        CHECK(results[0] == results[1]);
      }
}

TEST_CASE("pause stops the work, step goes to the end of the round, resume finishes") {
  Session s;
  s.command({{"do", "run"}, {"spec", small()}});
  while (s.progress().stage != "training") REQUIRE(s.advance_units(1));
  s.command({{"do", "pause"}});
  CHECK_FALSE(s.advance(10));
  const int before = s.progress().done;
  s.command({{"do", "step"}});
  while (s.advance_units(1)) {
  }
  CHECK(s.state() == Session::State::paused);
  CHECK(s.progress().done == before + 1);
  s.command({{"do", "resume"}});
  while (s.advance(1000)) {
  }
  CHECK(s.state() == Session::State::done);
}

TEST_CASE("a command in the middle of a run drops it: the last position wins") {
  Session s;
  s.command({{"do", "run"}, {"spec", small(.01)}, {"tag", 1}});
  s.advance_units(3);
  s.command({{"do", "run"}, {"spec", small(.3)}, {"tag", 2}});
  while (s.advance(1000)) {
  }
  const Json end = s.snapshot().json();
  CHECK(end["tag"] == 2);
  CHECK(end["result"]["spec"]["defense"]["beta"] == .3);
}

TEST_CASE("bad commands and specifications become a sentence, and the session lives on") {
  Session s;
  s.command({{"do", "dance"}});
  CHECK(s.state() == Session::State::failed);
  CHECK(s.error_is_input());
  s.command(7);
  CHECK(s.error().find("do must be") == 0);
  s.command({{"do", "run"}, {"spec", {{"defense", {{"kind", "mid"}, {"beta", "high"}}}}}});
  CHECK(s.error_field() == "defense.beta");
  Json wild = small();
  wild["train"]["learning_rate"] = 10, wild["train"]["epochs"] = 40, wild["train"]["optimizer"] = "sgd", wild["train"]["momentum"] = .99;
  s.command({{"do", "run"}, {"spec", wild}});
  while (s.advance(1000)) {
  }
  if (s.state() == Session::State::failed) CHECK_FALSE(s.error_is_input());
  s.command({{"do", "run"}, {"spec", small()}});
  while (s.advance(1000)) {
  }
  CHECK(s.state() == Session::State::done);
  CHECK(s.error().empty());
}

TEST_CASE("snapshots carry an outcome once, and whole when asked") {
  Session s;
  s.command({{"do", "run"}, {"spec", small()}});
  while (s.advance(1000)) {
  }
  CHECK(s.snapshot().json().contains("result"));
  CHECK_FALSE(s.snapshot().json().contains("result"));
  CHECK(s.snapshot(true).json().contains("result"));
}

TEST_CASE("a run does not go on with a CSV that changed under its name") {
  const fs::path folder = fs::temp_directory_path() / "midlab-test-changed-csv";
  fs::remove_all(folder);
  const auto write = [&](bool flipped) {
    std::string text = "x,s,y\n";
    for (int i = 0; i < 200; ++i)
      text += std::to_string(i % 7) + "," + (i % 2 ? "a" : "b") + "," + ((i % 7 > 3) != flipped ? "yes" : "no") + "\n";
    write_file(folder / "people.csv", text);
  };
  const Json spec{{"data", {{"csv", (folder / "people.csv").string()}, {"target", "y"}, {"sensitive", "s"}}},
                  {"model", {{"hidden", {4}}, {"bottleneck", 2}}},
                  {"train", {{"epochs", 8}}}};
  const auto end = [&](Session& s) {
    s.command({{"do", "run"}, {"spec", spec}});
    while (s.advance(1000)) {
    }
    INFO(s.error());
    REQUIRE(s.state() == Session::State::done);
    return without_time(s.snapshot(true).json()["result"]);
  };
  write(false);
  {
    Session first(folder / "cache");
    first.command({{"do", "run"}, {"spec", spec}});
    while (first.progress().stage != "training" || first.progress().done < 3) REQUIRE(first.advance_units(1));
    first.command({{"do", "cancel"}});
  }
  write(true);
  Session second(folder / "cache"), fresh;
  CHECK(end(second) == end(fresh));
  fs::remove_all(folder);
}

TEST_CASE("a run that must be fresh trains again what the cache holds, with the same result") {
  Session s;
  const auto trains = [&](const Json& command) {
    s.command(command);
    bool trained = false;
    while (s.advance_units(1)) trained = trained || s.progress().stage == "training";
    REQUIRE(s.state() == Session::State::done);
    return trained;
  };
  CHECK(trains({{"do", "run"}, {"spec", small()}}));
  const Json first = without_time(s.snapshot(true).json()["result"]);
  CHECK_FALSE(trains({{"do", "run"}, {"spec", small()}}));
  CHECK(trains({{"do", "run"}, {"spec", small()}, {"fresh", true}}));
  CHECK(without_time(s.snapshot(true).json()["result"]) == first);
}

TEST_CASE("the true pictures are there while the model trains, the guesses only afterwards") {
  Session s;
  s.command({{"do", "run"},
             {"spec",
              {{"data", {{"name", "digits"}, {"private", 100}, {"auxiliary", 100}, {"attacked", 30}}},
               {"train", {{"epochs", 2}}},
               {"attack", {{"kind", "ridge_inversion"}}}}}});
  Json early;
  while (s.advance_units(1)) {
    const Json j = s.snapshot().json();
    if (!j.contains("sheet")) continue;
    CHECK(early.is_null());  // once
    CHECK_FALSE(j.contains("result"));
    early = j["sheet"];
  }
  INFO(s.error());
  REQUIRE(s.state() == Session::State::done);
  REQUIRE(early.is_object());
  const Json end = s.snapshot(true).json()["sheet"];
  CHECK(early["truth"] == end["truth"]);
  CHECK(early["average"] == end["average"]);
  CHECK(early["names"] == end["names"]);
  CHECK(early["guess"].get_binary().empty());
  CHECK_FALSE(end["guess"].get_binary().empty());
}

TEST_CASE("describe says what is in a table, once, and leaves the run alone") {
  const TemporaryFolder folder;
  const std::string csv = (folder.path() / "people.csv").string();
  std::string text = "age,smokes,buys\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(20 + i) + (i % 3 ? ",no," : ",yes,") + (i % 2 ? "much\n" : "little\n");
  write_file(csv, text);
  Session s;
  s.command({{"do", "run"}, {"spec", small()}, {"tag", 1}});
  s.advance_units(3);
  s.command({{"do", "describe"}, {"csv", csv}});
  const Json snapshot = s.snapshot().json();
  CHECK(snapshot["state"] == "running");
  CHECK(snapshot["error"].is_null());
  CHECK(snapshot["table"]["rows"] == 40);
  CHECK_FALSE(s.snapshot().json().contains("table"));
  s.command({{"do", "describe"}, {"csv", csv + ".not"}});
  CHECK(s.snapshot().json()["table"]["failed"].get<std::string>().find("people.csv.not") != std::string::npos);
  s.command({{"do", "describe"}, {"csv", 7}});
  CHECK(s.snapshot().json()["table"]["failed"] == "csv must be text, found 7");
  CHECK(s.state() == Session::State::running);
}

TEST_CASE("export gives the tree of the run that is named, also after another one") {
  Json spec = {
      {"data", {{"name", "adult"}, {"rows", 2000}, {"sensitive", "married"}, {"private", 1500}, {"held_out", 500}, {"auxiliary", 0}}},
      {"model", {{"kind", "tree"}}},
      {"defense", {{"kind", "mid"}, {"lambda", .1}}},
      {"attack", {{"kind", "tree_black_box"}}}};
  Session s;
  s.command({{"do", "export"}, {"format", "svg"}});
  CHECK(s.snapshot().json()["file"]["failed"].get<std::string>().find("needs a run that has ended") != std::string::npos);
  s.command({{"do", "run"}, {"spec", spec}});
  while (s.advance(1000)) {
  }
  INFO(s.error());
  const Json shown = s.snapshot().json()["result"]["spec"];
  s.command({{"do", "export"}, {"format", "dot"}});
  const Json first = s.snapshot().json()["file"];
  CHECK(first["name"] == "tree.dot");
  spec["defense"] = {{"kind", "none"}};
  s.command({{"do", "run"}, {"spec", spec}});
  while (s.advance(1000)) {
  }
  s.command({{"do", "export"}, {"format", "dot"}});
  CHECK(s.snapshot().json()["file"]["text"] != first["text"]);
  s.command({{"do", "export"}, {"format", "dot"}, {"spec", shown}});
  CHECK(s.snapshot().json()["file"] == first);
  s.command({{"do", "export"}, {"format", "svg"}, {"spec", shown}});
  CHECK(s.snapshot().json()["file"]["text"].get<std::string>().find("stroke-dasharray") != std::string::npos);
}

TEST_CASE("a refusal that names a long column is cut between letters, and the host works on") {
  const TemporaryFolder folder;
  ThreadHost host(folder.path() / "cache");
  for (int shift = 0; shift < 4; ++shift) {
    const std::string csv = (folder.path() / ("people" + std::to_string(shift) + ".csv")).string(), name = long_name(shift);
    write_file(csv, people("age," + name));
    // Not there; there, and the same as the target.
    for (const Json& data :
         {Json{{"csv", csv}, {"target", "buys"}, {"sensitive", name + "y"}}, Json{{"csv", csv}, {"target", name}, {"sensitive", name}}}) {
      host.command({{"do", "run"}, {"spec", {{"data", data}, {"model", {{"kind", "tree"}}}, {"attack", {{"kind", "tree_black_box"}}}}}});
      const Json end = host.wait().json();
      REQUIRE(end["state"] == "failed");
      const auto sentence = end["error"]["sentence"].get<std::string>();
      INFO(sentence);
      CHECK(end["error"]["input"] == true);
      CHECK(is_utf8(sentence));
      CHECK(sentence.find("\u00e9...") != std::string::npos);
      CHECK_NOTHROW(end.dump());
    }
  }
  host.command({{"do", "run"}, {"spec", small()}});
  CHECK(host.wait().json()["state"] == "done");
}

TEST_CASE("the name of a file that is not UTF-8 is refused in one sentence, wherever it stands") {
  const TemporaryFolder folder;
  const std::string csv = (folder.path() / "caf\xE9.csv").string();
  write_file(csv, people("age,smokes"));
  ThreadHost host;
  host.command({{"do", "describe"}, {"csv", csv}});
  const Json described = host.wait().json();
  const auto failed = described["table"]["failed"].get<std::string>();
  CHECK(failed.find("must be UTF-8 text") != std::string::npos);
  CHECK(failed.find("give the file another name") != std::string::npos);
  CHECK_NOTHROW(described.dump());
  const Json spec{{"data", {{"csv", csv}, {"target", "buys"}, {"sensitive", "smokes"}}},
                  {"model", {{"kind", "tree"}}},
                  {"attack", {{"kind", "tree_black_box"}}}};
  for (const Json& command : {Json{{"do", "run"}, {"spec", spec}}, Json{{"do", "set"}, {"fields", {{"data.csv", csv}}}},
                              Json{{"do", "restore"}, {"state", {{"version", 1}, {"chosen", spec}}}},
                              Json{{"do", "run"}, {"spec", {{"\xFF", 1}}}}, Json{{"do", "\xFF"}}}) {
    host.command(command);
    const Json end = host.wait().json();
    CHECK(end["error"]["input"] == true);
    CHECK(end["error"]["sentence"].get<std::string>().find("UTF-8") != std::string::npos);
    CHECK_NOTHROW(end.dump());
  }
  host.command({{"do", "export"}, {"format", "svg"}, {"spec", spec}});
  CHECK(host.wait().json()["file"]["failed"].get<std::string>().find("UTF-8") != std::string::npos);
}

TEST_CASE("a command of too many brackets is refused") {
  Json deep = 1;
  for (int i = 0; i < 1000; ++i) deep = Json::array({deep});
  Session s;
  for (const char* what : {"run", "restore"}) {
    s.command({{"do", what}, {"spec", {{"data", deep}}}, {"state", deep}});
    CHECK(s.error().find("64 levels") != std::string::npos);
  }
  s.command({{"do", "export"}, {"format", "svg"}, {"spec", {{"data", deep}}}});
  CHECK(s.snapshot().json()["file"]["failed"].get<std::string>().find("64 levels") != std::string::npos);
}

TEST_CASE("whatever is thrown inside a unit of work ends the run with a sentence, not the program") {
  const auto broken = [](const std::string& wish) -> DeviceOffer {
    if (wish == "gpu") throw Odd();
    return {std::make_unique<Broken<std::bad_alloc>>(), ""};
  };
  for (const char* wish : {"gpu", "auto"}) {
    ThreadHost host({}, {}, broken, wish);
    for (int tries = 0; tries < 2; ++tries) {
      host.command({{"do", "run"}, {"spec", small()}});
      const Json end = host.wait().json();
      CHECK(end["state"] == "failed");
      CHECK(end["error"]["input"] == false);
      const auto sentence = end["error"]["sentence"].get<std::string>();
      CHECK(sentence.find(wish == std::string("gpu") ? "an unexpected error: something odd\\u000a\\u001b[2J" : "needs more memory") !=
            std::string::npos);
    }
  }
  // Inside a unit of work, then on a good device.
  DeviceMaker by_wish = [&](const std::string& wish) {
    return wish == "gpu" ? DeviceOffer{std::make_unique<Broken<Odd>>(), ""} : processor_only(wish);
  };
  ThreadHost host({}, {}, by_wish, "gpu");
  host.command({{"do", "run"}, {"spec", small()}});
  CHECK(host.wait().json()["error"]["sentence"].get<std::string>().find("something odd") != std::string::npos);
  host.command({{"do", "device"}, {"name", "cpu"}});
  host.command({{"do", "run"}, {"spec", small()}});
  CHECK(host.wait().json()["state"] == "done");
}

TEST_CASE("warnings travel as messages that every language says, from a run and from the cache alike") {
  const TemporaryFolder folder;
  Json spec = small();
  spec["control"] = "permuted";
  Json fresh;
  for (const char* from : {"the run", "the cache"}) {
    INFO(from);
    Session s(folder.path() / "cache");
    s.command({{"do", "run"}, {"spec", spec}, {"tag", 1}});
    while (s.advance(100)) {
    }
    REQUIRE(s.state() == Session::State::done);
    const Json snapshot = s.snapshot(true).json();
    REQUIRE_FALSE(snapshot["warnings"].empty());
    const Message first = Message::from(snapshot["warnings"][0]);
    CHECK(first.key() == "warning.control_permuted");
    CHECK(snapshot["result"]["warnings"][0] == first.in("en"));
    CHECK(first.in("de").starts_with("eine Nullkontrolle"));
    CHECK(snapshot["warnings"].size() == snapshot["result"]["warnings"].size());
    if (fresh.is_null()) fresh = snapshot["warnings"];
    CHECK(snapshot["warnings"] == fresh);
  }
}
