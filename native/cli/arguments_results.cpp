// The words of `mid show`, `report`, `export` and `serve`: what is made of a run that has ended.
#include <CLI/CLI.hpp>
#include <memory>

#include "arguments.hpp"

namespace mid::cli {
namespace {

constexpr const char* kShowExamples = R"(
Examples:
  mid show out                                               of mid run --out: what was measured
  mid show trade-off                                         of mid sweep --out: the table, of the runs that have ended
  mid show rivals --json                                     of mid compare --out)";

constexpr const char* kReportExamples = R"(
Examples:
  mid report out                                             out/report.html: figures, pictures, what was run, what it does not show
  mid report rivals --html rivals.html                       of mid compare --out)";

constexpr const char* kExportExamples = R"(
Examples:
  mid run preset:confidence --out own && mid export own --onnx own.onnx
                                                             for ONNX Runtime, or {"model": {"file": "own.onnx"}})";

constexpr const char* kServeExamples = R"(
Examples:
  mid run preset:visitors --set defense.kind=none --out teacher && mid serve teacher --host 0.0.0.0
                                                             a class attacks the teacher's model: {"model": {"url": "http://ADDRESS:8000/v2/models/m"}}
  mid serve teacher --lines                                  the same for model.command: a line in, a line out)";

}  // namespace

void add_show(Program& p) {
  struct Options {
    std::filesystem::path folder;
    bool json = false;
  };
  const auto of = std::make_shared<Options>();
  auto* show = p.app.add_subcommand("show", "Print a finished run, or the table of a sweep or a comparison");
  show->add_option("dir", of->folder, "A folder that mid run, mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  show->add_flag("--json", of->json, "As JSON");
  examples(show, kShowExamples);
  p.commands.push_back({show, [=] { return cli::show(of->folder, of->json); }});
}

void add_report(Program& p) {
  struct Options {
    std::filesystem::path folder, html;
  };
  const auto of = std::make_shared<Options>();
  auto* report = p.app.add_subcommand("report", "Write what a run, a sweep or a comparison gave as one HTML file, to send or to print");
  report->add_option("dir", of->folder, "A folder that mid run, mid sweep or mid compare wrote (--out)")->required()->type_name("DIR");
  report->add_option("--html", of->html, "The file (report.html in that folder)")->type_name("FILE");
  examples(report, kReportExamples);
  p.commands.push_back({report, [=] { return cli::report(of->folder, of->html); }});
}

void add_export(Program& p) {
  const auto options = std::make_shared<ExportOptions>();
  auto* export_model = p.app.add_subcommand("export", "Write a finished run's network or regression as an ONNX file");
  export_model->add_option("run", options->run, "A folder that mid run wrote (--out)")->required()->type_name("DIR");
  export_model->add_option("--onnx", options->onnx, "The file to write")->required()->type_name("FILE");
  examples(export_model, kExportExamples);
  p.commands.push_back({export_model, [=] { return cli::export_model(*options); }});
}

void add_serve(Program& p) {
  const auto options = std::make_shared<ServeOptions>();
  auto* serve = p.app.add_subcommand("serve", "Answer for a finished run, with its release and noise, by the Open Inference Protocol V2");
  serve->add_option("run", options->run, "A folder that mid run wrote (--out)")->required()->type_name("DIR");
  serve->add_option("--port", options->port, "Port; 0: any that is free")->check(CLI::Range(0, 65535))->type_name("N");
  serve->add_option("--host", options->host, "Address to listen on; 0.0.0.0: everybody who can reach this machine")->type_name("H");
  serve->add_option("--limit", options->limit, "Records that one address may ask about; then it gets status 429")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 53))
      ->type_name("N");
  serve->add_flag("--lines", options->lines, "Answer lines of standard input instead (model.command)")
      ->excludes("--port")
      ->excludes("--host")
      ->excludes("--limit");
  examples(serve, kServeExamples);
  p.commands.push_back({serve, [=] { return cli::serve(*options); }});
}

}  // namespace mid::cli
