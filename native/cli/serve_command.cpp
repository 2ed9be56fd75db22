#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "serve/server.hpp"

namespace mid::cli {
namespace {

/// Lines instead of an address: what model.command talks to.
int serve_lines(serve::ServedRun& run) {
  const Service& service = run.service();
  for (std::string line; std::getline(std::cin, line);) {
    Json id;
    std::string answer;
    try {
      InferenceRequest question = read_question_line(line, service);
      id = question.id;
      const Matrix answers = run.answer(std::move(question.inputs));
      answer = answer_line(service, question, answers);
    } catch (const Error& error) {
      answer = Json{{"id", id}, {"error", error.what()}}.dump() + "\n";
    } catch (const Failure& failure) {
      answer = Json{{"id", id}, {"error", failure.what()}}.dump() + "\n";
    }
    if (!(std::cout << answer << std::flush)) return 0;  // nobody listens any more
  }
  return 0;
}

/// One line of the log.
void print_entry(const serve::Ledger::Entry& entry) {
  char when[32] = "";
  if (const std::tm* local = std::localtime(&entry.when)) std::strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", local);
  std::printf("%s  %s  %lld records  %d\n", when, printable(entry.address).c_str(), static_cast<long long>(entry.rows), entry.status);
  std::fflush(stdout);
}

}  // namespace

int serve(const ServeOptions& options) {
  serve::ServedRun run(options.run);
  if (options.lines) return serve_lines(run);
  catch_interrupts();
  serve::Ledger ledger(options.limit, &print_entry);
  http::Server server([&](const http::Request& request) { return serve::handle(run, ledger, request); });
  if (!server.bind(options.host, options.port))
    throw Error("--port", "must be one that is free on " + shown(Json(options.host)) + ", found " + std::to_string(options.port) +
                              "; choose another one, or 0 for any, and with --host an address of this machine");
  const std::string at = "http://" + options.host + ":" + std::to_string(server.port());
  std::printf("serving %s at %s/v2/models/%s; who asks is shown at %s/; Ctrl-C ends it\n", printable(options.run.string()).c_str(),
              at.c_str(), run.service().name.c_str(), at.c_str());
  std::fflush(stdout);
  std::thread listening([&] { server.listen(); });
  while (!interrupted) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Keeping keeping;  // answers under way end first
  server.stop();
  listening.join();
  return 0;
}

}  // namespace mid::cli
