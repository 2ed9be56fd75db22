// Private training: members beside strangers, what their answers give away, and whether they can be told apart.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "page.hpp"
#include "ui/figures.hpp"
#include "ui/strings.hpp"

using namespace mid;
using test::Page;

namespace {

std::vector<std::string> sentences(const Page& page) { return page.state()["members"].get<std::vector<std::string>>(); }

}  // namespace

TEST_CASE("members stand beside strangers, both with their genes, and below whether they can be told apart") {
  Page page;
  page.tell("private-training");
  CHECK(page.paints("Learnt"));
  CHECK(page.paints("Strangers"));
  CHECK(page.paints("100\u00a0%"));
  CHECK(page.paints("ε = ∞"));  // Off is no budget of 0
  auto said = sentences(page);
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("Was a patient learnt from, or a stranger? "));
  CHECK(said[0].find("a coin 50 %") != std::string::npos);
  CHECK(said[0].find("told apart") != std::string::npos);
  CHECK(said[1].find("100\u00a0%") != std::string::npos);
  const auto exact = said[0];
  page.set({{"defense.kind", "functional_mechanism"}, {"defense.epsilon", 1}});
  said = sentences(page);
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("hidden") != std::string::npos);
  CHECK(said[0].find("no defence") != std::string::npos);
  CHECK(said[0] != exact);
  CHECK(said[1].find("100\u00a0%") != std::string::npos);  // the gene is named all the same
  CHECK(page.paints("ε"));
}

TEST_CASE("noise on the answer keeps the genes of members and strangers, which private training does not") {
  Page page;
  page.tell("private-training");
  page.set({{"release.kind", "noise"}, {"release.scale", 1}});
  const auto said = sentences(page);
  REQUIRE(said.size() == 2);
  CHECK(said[1].find("100\u00a0%") == std::string::npos);
}

TEST_CASE("companions of what is shown stand in no list of runs, and come anew with another seed") {
  Page page;
  page.tell("private-training");
  CHECK(page.state()["runs"] == 1);
  const auto first = sentences(page);
  page.app->command({{"do", "set"}, {"fields", {{"seed", 2}}}});
  page.rest();
  CHECK(page.state()["runs"] == 2);
  REQUIRE(sentences(page).size() == 2);
  page.tell("dose");
  CHECK(sentences(page).empty());
}

TEST_CASE("arrows and squares lead to another patient of both lists") {
  Page page;
  page.tell("private-training");
  CHECK(page.paints("Patient 1"));
  page.click("people.members");
  page.frames(2);
  CHECK_FALSE(page.paints("Patient 1 "));
  CHECK(page.has("people.strangers"));
}

TEST_CASE("an attack on membership is told in its own words, in every story, and names no secret") {
  for (const char* story : {"confidence", "private-training", "which-seven"}) {
    CAPTURE(story);
    Page page;
    page.tell(story);
    page.set({{"attack.kind", "membership"}, {"attack.shadows", 4}});  // what is said does not depend on their number
    CHECK(page.paints("Members and strangers told apart"));
    CHECK(page.paints("Can the attacker tell who was in the data?"));
    CHECK_FALSE(page.paints("Genes the attacker names right"));
    CHECK_FALSE(page.paints("Sexes the attacker names"));
    CHECK_FALSE(page.paints("once it has trained and attacked"));  // its figure is there, whatever the story's is
    page.click("tab.table");
    page.frames(2);
    CHECK_FALSE(page.paints("table_gap"));
  }
}
