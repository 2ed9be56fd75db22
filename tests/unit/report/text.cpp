#include "mid/report/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "example.hpp"
#include "mid/report/words.hpp"

using namespace mid;

TEST_CASE("a result in the terminal") {
  // Compared whole: this is what a person sees.
  CHECK(result_text(example_result()) == R"(london-faces, network, defence mid (beta 0.1), attack ridge_inversion, seed 1
run 1f3a9c0e27b4d5a6, trained in 0.31 s, attacked in 0.12 s on cpu

What the model can do                      value   baseline       95 % interval   n
  right answers (accuracy)                95.5 %      2.5 %      84.0 to 98.5 %  40
  surprise at the truth (nll)          1.04 nats  3.69 nats  0.810 to 1.30 nats  40

What the attacker gets
  right picture out of 10 (line_up)       47.0 %     10.0 %      36.0 to 58.5 %  40
  better than guessing by (advantage)     37.0 %      0.0 %      26.0 to 48.5 %  40
  likeness of shape (correlation)          0.420          0      0.350 to 0.490  40
  closeness of pixels (psnr)             19.4 dB    18.3 dB     18.9 to 19.9 dB  40
  likeness of structure (ssim)             0.520      0.470      0.500 to 0.540  40

What the answer tells
  information, at most (kl_bound)      24.2 nats              22.8 to 25.7 nats  80
)");
}

TEST_CASE("what a run is doing, in words") {
  Progress progress;
  progress.begin("reading", 1, "file");
  CHECK(progress_words(progress) == "reading");
  progress.begin("training", 20, "round");
  progress.done = 3, progress.live["accuracy"] = .914;
  CHECK(progress_words(progress) == "training: round 3 of 20, right 91 %");
}

TEST_CASE("columns line up and lines stay short") {
  Result r = example_result();
  r.warnings = {
      Message::plain("The attacker asked once per person; asking ten times and averaging gives back about half of what the "
                     "defence took, which this run does not show.")};
  r.failed = RunFailure{"attacking", "the disk is full"};
  std::istringstream lines(result_text(r));
  std::string line;
  int ends = -1;
  while (std::getline(lines, line)) {
    INFO(line);
    CHECK(text_width(line) <= 100);
    if (line.starts_with("  ") && line.ends_with("0") && line.find('(') != std::string::npos) {
      if (ends < 0) ends = text_width(line);
      CHECK(text_width(line) == ends);
    }
  }
  CHECK(ends > 0);
}

TEST_CASE("numbers as a person reads them") {
  CHECK(number_words(.955, "proportion") == "95.5");
  CHECK(number_words(-.0001, "proportion") == "0.0");
  CHECK(number_words({}, "nats") == "–");
  CHECK(number_words(24.21, "nats") == "24.2");
  CHECK(number_words(1234.5, "") == "1,234");
  CHECK(number_words(1234.5, "", "de") == "1.234");
  CHECK(number_words(24.21, "nats", "de") == "24,2");
  CHECK(number_words(.04567, "") == "0.0457");
  CHECK(number_words(0, "") == "0");
  CHECK(number_words(1.5e-7, "") == "1.50e-07");
}

TEST_CASE("entries and experiments in words") {
  CHECK(entry_words(Json::parse(R"({"kind":"mid","beta":0.1,"lambda":null})")) == "mid (beta 0.1)");
  CHECK(entry_words(Json::parse(R"({"kind":"none"})")) == "none");
  CHECK(experiment_words(Json::parse(R"({"defense":{"kind":"none"},"release":{"kind":"round","decimals":1},"attack":{"kind":"none"}})")) ==
        "no defence, release round (decimals 1), no attack");
  CHECK(experiment_words(Json()) == "");
}

TEST_CASE("an entry is called by its short name, else its title, and one without texts by its kind") {
  CHECK(entry_name("defense", "mid") == "MID");
  CHECK(entry_name("defense", "dropout") == "Dropout");
  CHECK(entry_name("defense", "none") == "No defence");
  CHECK(entry_name("release", "round") == "Rounding");
  CHECK(entry_name("defense", "from_outside") == "from outside");
  CHECK(entry_name("defense", "mid", [](std::string_view) { return std::nullopt; }) == "mid");
}
