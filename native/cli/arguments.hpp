#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "commands.hpp"

namespace mid::cli {

/// A command and what does it; returns the exit code.
struct Command {
  CLI::App* words;
  std::function<int()> act;
  bool shared = false;  ///< whether other ranks may work with it
};

/// The command line while it is put together and read.
struct Program {
  CLI::App& app;
  std::filesystem::path cache;  ///< of finished stages
  Ranks* ranks = nullptr;       ///< none: this process alone
  double patience = 60;         ///< seconds until a silent rank is lost
  std::vector<Command> commands = {};
};

/// One function a command: declares its words and options. In the order of `mid --help`.
void add_run(Program& program);
void add_sweep(Program& program);
void add_compare(Program& program);
void add_collect(Program& program);
void add_show(Program& program);
void add_report(Program& program);
void add_schema(Program& program);
void add_data(Program& program);
void add_lesson(Program& program);
void add_export(Program& program);
void add_serve(Program& program);
void add_info(Program& program);
void add_bench(Program& program);
void add_cache(Program& program);

/// PATH=VALUE, as often as wanted.
inline void set_option(CLI::App* command, std::vector<std::string>& set, const char* help) {
  command->add_option("--set", set, help)->type_name("PATH=VALUE")->allow_extra_args(false)->take_all();
}

/// Ends the help of a command and of those below it.
inline void examples(CLI::App* command, const char* text) {
  command->footer(text);
  for (CLI::App* below : command->get_subcommands({})) below->footer(text);
}

}  // namespace mid::cli
