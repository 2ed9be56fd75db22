// mid: trains, attacks and defends from the command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <utility>

#include "arguments.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/user_folders.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/version.hpp"
#include "ranks.hpp"

namespace {

constexpr int kBadInput = 2, kRunFailed = 1;

constexpr const char* kExamples = R"(
Examples:
  mid run preset:confidence                                  one number that tells the sex of strangers, and MID against it
  mid sweep preset:confidence --vary defense.beta=0.001,0.01,0.1 --seeds 3 --out trade-off
                                                             every combination, a table and a chart of the trade-off
  mid compare preset:visitors --quick --out rivals           whole fronts: every defence under every attacker
  mid schema > spec.schema.json                              every field that a specification may have
  mid run --help                                             more about one command

Exit codes: 0 done, 1 the run failed, 2 bad usage or input, 130 interrupted (its state is kept: run the same again).)";

int complain(const char* sentence, int code) {
  mid::cli::tell(sentence);
  return code;
}

std::atomic<bool> memory_ended = false;

[[noreturn]] void no_memory() {
  memory_ended = true;
  throw std::bad_alloc();
}

/// Memory may also end inside a destructor (those of the JSON library need some), from where nothing can be thrown on. Which
/// exception that was cannot always be asked for: where a compiler has put such a function into another one, nobody catches it.
[[noreturn]] void end_at_once() {
  bool no_more = false;
  try {
    if (const std::exception_ptr why = std::current_exception()) std::rethrow_exception(why);
    no_more = memory_ended;
  } catch (const std::bad_alloc&) {
    no_more = true;
  } catch (const std::exception&) {  // the abort reports it
  }
  if (!no_more) std::abort();
  std::fputs("mid: there is not enough memory to go on; ask for less at a time\n", stderr);
  std::_Exit(kRunFailed);
}

/// All that main does; `ranks` are the other processes of this program, if there are any.
int command_line(int argc, char** argv, mid::cli::Ranks* ranks) {
  using namespace mid;
  std::set_new_handler(no_memory);
  std::set_terminate(end_at_once);
  try {
    (void)preset_names();  // the help lists them; one from outside the tree may be wrong
  } catch (const Error& e) {
    return complain(e.what(), kBadInput);
  }
  CLI::App app{"midlab " + std::string(kVersion) +
               ": what a trained model gives away about its records, and what mutual-information regularisation does about it"};
  app.name("mid");
  app.footer(kExamples);
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);

  cli::Program program{app, user_cache_folder(), ranks};
  for (const auto add : {cli::add_run, cli::add_sweep, cli::add_compare, cli::add_collect, cli::add_show, cli::add_report, cli::add_schema,
                         cli::add_data, cli::add_lesson, cli::add_export, cli::add_serve, cli::add_info, cli::add_bench, cli::add_cache})
    add(program);

  // The library takes an empty value for none and the next word for the value.
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool empty = word.empty() && i > 1 && std::string(argv[i - 1]).starts_with("--");
    if (empty || (word.starts_with("--") && word.ends_with("=")))
      return complain(
          ((empty ? std::string(argv[i - 1]) : word.substr(0, word.size() - 1)) + " must not be empty, found nothing; see mid --help")
              .c_str(),
          kBadInput);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return 0;
  } catch (const CLI::CallForAllHelp&) {
    std::cout << app.help("", CLI::AppFormatMode::All);
    return 0;
  } catch (const CLI::CallForVersion&) {
    std::cout << kVersion << "\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    std::string sentence = e.what();  // one line, whatever the library wrote
    for (char& c : sentence)
      if (c == '\n') c = ' ';
    // The library asks for a command and does not say which word it did not take for one.
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty())
      sentence =
          std::string(argv[1]) +
          " is not a command; there are run, sweep, compare, collect, show, schema, data, lesson, export, serve, bench, info and cache";
    return complain((sentence + "; see mid --help").c_str(), kBadInput);
  }

  try {
    const auto chosen =
        std::find_if(program.commands.begin(), program.commands.end(), [](const cli::Command& c) { return c.words->parsed(); });
    if (ranks) {
      if (!chosen->shared)
        throw Error("mid-mpi", "does sweep and compare on many ranks; for " + app.get_subcommands()[0]->get_name() + " take mid");
      ranks->set_patience(program.patience);
    }
    const int code = chosen->act();
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0)
      return complain("standard output could not be written; check the disk or the program that reads it", kRunFailed);
    return code;
  } catch (const Error& e) {
    return complain(e.what(), kBadInput);
  } catch (const Failure& e) {
    return complain(e.what(), kRunFailed);
  } catch (const std::exception& e) {  // nothing we know of: still a sentence and an exit code, not an abort
    return complain((std::string("an unexpected error: ") + e.what()).c_str(), kRunFailed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::unique_ptr<mid::cli::Ranks> ranks = mid::cli::ranks();
  const auto whole = [&] {
    try {
      const std::optional<int> other = ranks ? ranks->await_start() : std::nullopt;
      return other ? *other : command_line(argc, argv, ranks.get());
    } catch (const mid::Failure& e) {
      return complain(e.what(), kRunFailed);
    }
  };
  const int code = whole();
  if (ranks) ranks->end(code);
  return code;
}
