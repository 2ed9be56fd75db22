#include "server.hpp"

#include <algorithm>
#include <utility>

#include "mid/base/language.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/words.hpp"
#include "mid/version.hpp"

namespace mid::serve {
namespace {

http::Reply json(const Json& j, int status = 200) { return {status, "application/json", j.dump()}; }
http::Reply refusal(int status, const Message& why) { return json({{"error", why.in("en")}}, status); }

/// The language of ours that the reader prefers most.
std::string language_of(const std::string& accepted) {
  for (std::size_t at = 0; at < accepted.size();) {
    const std::size_t end = std::min(accepted.find(',', at), accepted.size());
    const std::size_t start = std::min(accepted.find_first_not_of(' ', at), end);
    const std::string wanted = accepted.substr(start, std::min(accepted.find(';', start), end) - start);
    if (const std::string_view found = language_for(wanted); found != "en" || wanted.starts_with("en")) return std::string(found);
    at = end + 1;
  }
  return "en";
}

std::string time_text(std::time_t when) {
  char text[16] = "";
  if (const std::tm* local = std::localtime(&when)) std::strftime(text, sizeof text, "%H:%M:%S", local);
  return text;
}

std::string page(const ServedRun& run, const Ledger& ledger, const std::string& language) {
  const auto say = [&](const char* key) { return escaped_markup(Message(key).in(language)); };
  const Service& s = run.service();
  std::string release = treatment_words(run.release());
  std::string out = "<!doctype html><html lang=\"" + language +
                    "\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\"><meta name=\"viewport\" "
                    "content=\"width=device-width\"><title>" +
                    say("serve.title") +
                    "</title><style>body{font:16px/1.45 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 "
                    "1em;color:#1b1b1b;background:#fff}h1{font-size:1.4em}"
                    "section{display:inline-block;vertical-align:top;margin-right:3em}table{border-collapse:collapse}td,th{text-align:left;"
                    "padding:.15em 1.2em .15em 0;font-variant-numeric:tabular-nums}"
                    "th{font-weight:600;border-bottom:1px solid #999}code{background:#eee;padding:.1em "
                    ".3em}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}code{background:#333}}</style>";
  out += "<h1>" + say("serve.title") + "</h1><p>" +
         escaped_markup(Message("serve.what")
                            .with("inputs", std::to_string(s.inputs))
                            .with("outputs", std::to_string(s.outputs))
                            .with("name", s.name)
                            .in(language)) +
         "</p>";
  out += "<p>" + say("serve.how") + " <code>POST /v2/models/" + escaped_markup(s.name) + "/infer</code>" +
         (release.empty() ? "" : " · " + escaped_markup(release)) + "</p>";
  out += "<section><h2>" + say("serve.addresses") + "</h2><table><tr><th>" + say("serve.address") + "<th>" + say("serve.records") + "<th>" +
         say("serve.left");
  for (const auto& [address, rows] : ledger.asked())
    out += "<tr><td>" + escaped_markup(address) + "<td>" + std::to_string(rows) + "<td>" +
           std::to_string(std::max<std::int64_t>(0, ledger.limit() - rows));
  out += "</table></section><section><h2>" + say("serve.newest") + "</h2><table><tr><th>" + say("serve.time") + "<th>" +
         say("serve.address") + "<th>" + say("serve.records") + "<th>" + say("serve.status");
  for (const Ledger::Entry& e : ledger.newest())
    out += "<tr><td>" + time_text(e.when) + "<td>" + escaped_markup(e.address) + "<td>" + std::to_string(e.rows) + "<td>" +
           std::to_string(e.status);
  return out + "</table></section></html>\n";
}

http::Reply infer(ServedRun& run, Ledger& ledger, const http::Request& request) {
  std::int64_t rows = 0;
  http::Reply reply;
  try {
    InferenceRequest question = read_infer_request(request.body, run.service());
    rows = question.inputs.rows();
    if (!ledger.take(request.address, rows)) {
      reply = refusal(429, Message("refusal.serve_limit").with("limit", std::to_string(ledger.limit())));
    } else {
      const Matrix answers = run.answer(std::move(question.inputs));
      reply.body = infer_reply(run.service(), {{}, question.id}, answers);
    }
  } catch (const Error& error) {
    reply = refusal(400, error.message());
  } catch (const Failure& failure) {
    reply = refusal(400, failure.message());
  }
  ledger.log({std::time(nullptr), request.address, rows, reply.status});
  return reply;
}

}  // namespace

bool Ledger::take(const std::string& address, std::int64_t rows) {
  const std::lock_guard lock(mutex_);
  std::int64_t& asked = asked_[address];
  if (rows > limit_ - asked) return false;
  asked += rows;
  return true;
}

void Ledger::log(Entry entry) {
  const std::lock_guard lock(mutex_);
  listen_(entry);
  newest_.push_front(std::move(entry));
  if (newest_.size() > kShown) newest_.pop_back();
}

std::map<std::string, std::int64_t> Ledger::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::deque<Ledger::Entry> Ledger::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

http::Reply handle(ServedRun& run, Ledger& ledger, const http::Request& request) {
  const std::string model = "/v2/models/" + run.service().name;
  std::string path = request.path;
  if (path.starts_with(model + "/versions/1")) path.erase(model.size(), std::string("/versions/1").size());
  if (request.method == "POST" && path == model + "/infer") return infer(run, ledger, request);
  if (request.method == "GET") {
    if (path == "/") return {200, "text/html; charset=utf-8", page(run, ledger, language_of(request.language))};
    if (path == "/v2") return json({{"name", "midlab"}, {"version", kVersion}, {"extensions", Json::array()}});
    if (path == "/v2/health/live") return json({{"live", true}});
    if (path == "/v2/health/ready") return json({{"ready", true}});
    if (path == model) return json(metadata_json(run.service()));
    if (path == model + "/ready") return json({{"name", run.service().name}, {"ready", true}});
  }
  return refusal(404, Message("refusal.serve_path").with("found", shown(Json(request.method + " " + request.path))).with("model", model));
}

}  // namespace mid::serve
