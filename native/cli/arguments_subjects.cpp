// The words of `mid schema`, `data` and `lesson`: what there is to run, and to teach.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/spec.hpp"

namespace mid::cli {
namespace {

constexpr const char* kSchemaExamples = R"(
Examples:
  mid schema > spec.schema.json                              for an editor that completes and checks specifications
  mid schema --catalogue | jq '.presets')";

constexpr const char* kDataExamples = R"(
Examples:
  mid data list                                              what comes along, and under which licence
  mid data verify                                            whether the files are as they were delivered)";

constexpr const char* kLessonExamples = R"(
Examples:
  mid lesson list --language de                              what there is, in German
  mid lesson show memory --html > handout.html               to print: the class's pages, then the teacher's
  mid lesson play memory                                     runs every step and compares it with what the lesson promises)";

}  // namespace

void add_schema(Program& p) {
  const auto catalogue = std::make_shared<bool>(false);
  auto* schema = p.app.add_subcommand("schema", "Print the JSON Schema of specifications");
  schema->add_flag("--catalogue", *catalogue, "Print what forms are made of instead: sections, entries, parameters, presets");
  examples(schema, kSchemaExamples);
  p.commands.push_back({schema, [=] { return cli::schema(*catalogue); }});
}

void add_data(Program& p) {
  const auto options = std::make_shared<DataOptions>();
  auto* data = p.app.add_subcommand("data", "The data sets that come along, and what a model learns from");
  data->require_subcommand(1);
  auto* data_list = data->add_subcommand("list", "Names, sizes, licences");
  auto* data_verify = data->add_subcommand("verify", "Compare every file with its SHA-256");
  auto* data_columns =
      data->add_subcommand("columns", "Print the inputs of a specification's model in order, whole, with meaning and units");
  auto* data_export =
      data->add_subcommand("export", "Write the records of a specification with their parts and row numbers, to train a model elsewhere");
  for (auto* s : {data_columns, data_export}) {
    s->add_option("spec", options->spec, "A specification, as of run")->required();
    set_option(s, options->set, "Change a field: PATH=VALUE");
  }
  data_columns->add_flag("--json", options->json, "As JSON");
  data_export->add_option("--out", options->out, "Folder for records.csv (or inputs.npy, target.npy, part.npy, row.npy) and columns.json")
      ->type_name("DIR")
      ->required();
  data_export->add_option("--format", options->format, "csv, or npy for NumPy")->check(CLI::IsMember({"csv", "npy"}))->type_name("FORMAT");
  examples(data, kDataExamples);
  p.commands.push_back({data_list, cli::data_list});
  p.commands.push_back({data_verify, cli::data_verify});
  p.commands.push_back({data_columns, [=] { return cli::data_columns(*options); }});
  p.commands.push_back({data_export, [=] { return cli::data_export(*options); }});
}

void add_lesson(Program& p) {
  const auto options = std::make_shared<LessonOptions>();
  const auto html = std::make_shared<bool>(false);
  auto* lesson = p.app.add_subcommand("lesson", "Lessons for a class: what the page plays step by step (docs/teach.md)");
  lesson->require_subcommand(1);
  auto* lesson_list = lesson->add_subcommand("list", "Names, time, titles");
  auto* lesson_show = lesson->add_subcommand("show", "Print a lesson with its answers and the teacher's notes");
  auto* lesson_play = lesson->add_subcommand("play", "Run every step and compare it with what the lesson promises");
  for (auto* s : {lesson_show, lesson_play})
    s->add_option("name", options->name, "A lesson of mid lesson list")->required()->type_name("NAME");
  std::vector<std::string> codes;
  for (const Language& l : languages()) codes.emplace_back(l.code);
  for (auto* s : {lesson_list, lesson_show, lesson_play})
    s->add_option("--language", options->language, listed(codes))->check(CLI::IsMember(codes))->type_name("LANGUAGE");
  for (auto* s : {lesson_list, lesson_play}) s->add_flag("--json", options->json, "As JSON");
  lesson_show->add_flag("--html", *html, "As a hand-out to print: the class's pages, then the teacher's");
  lesson_play->add_option("--seed", options->seed, "Another draw of everything that is random")
      ->check(CLI::Range(std::uint64_t{0}, kLargestSeed))
      ->type_name("N");
  lesson_play->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  examples(lesson, kLessonExamples);
  p.commands.push_back({lesson_list, [=] { return cli::lesson_list(options->language, options->json); }});
  p.commands.push_back({lesson_show, [=] { return cli::lesson_show(options->name, options->language, *html); }});
  p.commands.push_back({lesson_play, [=, &p] {
                          options->cache = p.cache;
                          return cli::lesson_play(*options);
                        }});
}

}  // namespace mid::cli
