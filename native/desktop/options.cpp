#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/base/user_folders.hpp"
#include "mid/version.hpp"
#include "opened_file.hpp"
#include "ui/story.hpp"

namespace mid::desktop {
namespace {

constexpr int kBadInput = 2;

constexpr const char* kExamples = R"(
Keys: Ctrl with + - 0 sets the size of the text, Ctrl+V follows a link on the clipboard,
Ctrl+G goes from processor to GPU to automatic, Ctrl+Q closes.
Drop a specification, a result or a run's folder on the window to look at it, or a CSV table of your own
and, beside it, a model to attack on it (.onnx, .safetensors, tree.json).

Examples:
  mid-studio                                          goes on where it was left
  mid-studio --preset confidence --theme dark
  mid-studio out                                      looks at what `mid run --out out` wrote
  mid-studio people.csv                               asks which column is predicted and which is secret
  mid-studio people.csv m.onnx                        the same, about a model of your own
  mid-studio --preset visitors --screenshot faces.png

Exit codes: 0 done, 1 no screen or the run failed, 2 bad usage or input.)";

std::string story_names() {
  std::string names;
  for (const ui::Story& s : ui::stories())
    if (!s.own) names += (names.empty() ? "" : ", ") + std::string(s.key);
  return names;
}

/// The whole text as a number; NaN if it is none.
double number(const std::string& text) {
  std::size_t end = 0;
  try {
    const double v = std::stod(text, &end);
    return end == text.size() ? v : std::nan("");
  } catch (const std::exception&) {
    return std::nan("");
  }
}

CLI::Validator number_from(double low, double high, const std::string& range) {
  return CLI::Validator(
      [=](std::string& text) {
        const double v = number(text);
        return v >= low && v <= high ? std::string() : "must be a number from " + range + ", found '" + text + "'";
      },
      "");
}

bool read_size(const std::string& text, int& width, int& height) {
  int w = 0, h = 0, read = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &w, &h, &read) != 2 || read != static_cast<int>(text.size())) return false;
  if (w < 320 || w > 7680 || h < 480 || h > 4320) return false;
  width = w, height = h;
  return true;
}

}  // namespace

int Options::read(int argc, char** argv) {
  CLI::App app{"midlab " + std::string(kVersion) + ": what a trained model gives away about its records, in a window"};
  app.name("mid-studio");
  app.footer(kExamples);
  app.set_version_flag("--version", std::string(kVersion));
  cache = user_cache_folder();
  std::string size, link;
  const CLI::Validator not_empty([](std::string& text) { return text.empty() ? "must not be empty" : std::string(); }, "");

  auto* file = app.add_option("open", open, "A specification, a result, a folder that mid run --out wrote, or a CSV table of your own")
                   ->type_name("SPEC.json|DIR|TABLE.csv")
                   ->check(not_empty);
  app.add_option("model", model, "A model of your own to attack on that table (.onnx, .safetensors, tree.json)")
      ->type_name("MODEL")
      ->check(not_empty)
      ->needs(file);
  auto* story = app.add_option("--preset", preset, "A story: " + story_names())->type_name("NAME")->excludes(file);
  story->check(CLI::Validator(
      [](std::string& text) {
        const int at = ui::find_story(text);
        return at >= 0 && !ui::stories()[static_cast<std::size_t>(at)].own ? std::string()
                                                                           : "must be one of " + story_names() + ", found '" + text + "'";
      },
      ""));
  app.add_option("--state", link, "What Share put on the clipboard, or a link of the page")
      ->type_name("TEXT")
      ->excludes(file)
      ->excludes(story);
  app.add_option("--size", size, "Of the window (1280x720)")
      ->type_name("WxH")
      ->check(CLI::Validator(
          [this](std::string& text) {
            return read_size(text, width, height) ? std::string() : "must be WIDTHxHEIGHT from 320x480 to 7680x4320, found '" + text + "'";
          },
          ""));
  app.add_option("--scale", scale, "Of the text (1)")->type_name("F")->check(number_from(.5, 4, "0.5 to 4"));
  app.add_option("--theme", theme, "light, dark or contrast")
      ->type_name("NAME")
      ->check(CLI::Validator(
          [](std::string& text) {
            return text == "light" || text == "dark" || text == "contrast" ? std::string()
                                                                           : "must be light, dark or contrast, found '" + text + "'";
          },
          ""));
  app.add_option("--device", device, "What networks are computed on: cpu, gpu (docs/gpu.md) or auto")
      ->type_name("NAME")
      ->check(CLI::Validator(
          [](std::string& text) {
            return text == "cpu" || text == "gpu" || text == "auto" ? std::string() : "must be cpu, gpu or auto, found '" + text + "'";
          },
          ""));
  auto* picture =
      app.add_option("--screenshot", screenshot, "Write a picture of the window when the story has come to rest, without showing it")
          ->type_name("FILE.png");
  picture->check(CLI::Validator(
      [](std::string& text) {
        return std::filesystem::path(text).extension() == ".png" ? std::string()
                                                                 : "must name a file that ends in .png, found '" + text + "'";
      },
      ""));
  app.add_option("--wait", wait, "Seconds after which --screenshot gives up (120)")
      ->type_name("SECONDS")
      ->check(number_from(1, 86400, "1 to 86400"))
      ->needs(picture);
  app.add_option("--cache", cache, "Folder of finished stages")->type_name("DIR")->check(not_empty);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return 0;
  } catch (const CLI::CallForVersion&) {
    std::cout << kVersion << "\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    std::string sentence = e.what();  // one line, whatever the library wrote
    std::replace(sentence.begin(), sentence.end(), '\n', ' ');
    std::fprintf(stderr, "mid-studio: %s; see mid-studio --help\n", printable(sentence).c_str());
    return kBadInput;
  }
  if (!link.empty() && (state = pasted_link(link)).empty()) {
    std::fprintf(stderr, "mid-studio: --state: must be what Share copied or a link that ends in #s=TEXT, found %s\n", shown(link).c_str());
    return kBadInput;
  }
  if (cache.empty())
    std::fprintf(stderr,
                 "mid-studio: finished stages and the state of the window are not kept: neither HOME nor XDG_CACHE_HOME names a folder; "
                 "set one of them, or name one with --cache\n");
  return -1;
}

}  // namespace mid::desktop
