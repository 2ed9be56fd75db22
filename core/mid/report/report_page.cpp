#include "mid/report/report_page.hpp"

#include <algorithm>

#include "mid/base/base64.hpp"
#include "mid/report/svg.hpp"
#include "mid/report/text.hpp"
#include "mid/report/words.hpp"
#include "mid/version.hpp"

namespace mid {
namespace {

constexpr const char* kStyle = R"(
body { font: 16px/1.5 Inter, system-ui, sans-serif; color: #161d2b; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .3rem }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid }
header p, figcaption, footer { color: #454c59; margin: .2rem 0 }
.warnings { border-left: 4px solid #b54708; padding: .2rem 0 .2rem 1rem; margin: 1rem 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid #dcd9d2; vertical-align: top }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
th.part { padding-top: 1.2rem }
figure { margin: 1rem 0; break-inside: avoid }
img { max-width: 100%; height: auto; border: 1px solid #dcd9d2 }
.wide { overflow-x: auto }
pre { font-size: .8rem; line-height: 1.35; overflow-x: auto; background: #f6f4ef; padding: .8rem }
@page { margin: 16mm }
@media print { body { max-width: none; margin: 0; padding: 0 } pre { white-space: pre-wrap } }
)";

// What a reader of figures alone would get wrong.
constexpr const char* kReading[] = {
    "A baseline is what somebody gets without the model's answer: an attacker that does no better than it has learnt nothing from the "
    "model. Compare values with their baselines, not with 0.",
    "An interval says how sure this figure is of these records (95 %). It does not say how far another training would lie: several seeds "
    "do.",
    "n is the number of records behind a figure.",
};
constexpr const char* kNotShown[] = {
    "That a model is safe: these attackers failed or succeeded as they are here, and a better one may exist.",
    "What a larger model or other data would give away: figures of small models are no figures of large ones.",
    "A guarantee: bounds printed here hold under the conditions that docs/method.md names, and most exclude nothing.",
};

/// Bytes as RFC 4648, section 4 writes them.
std::string base64(std::string_view bytes) {
  std::string text = base64url(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string picture_html(const ReportPicture& picture) {
  const bool svg = picture.bytes.find("<svg") < 200;
  return "<figure><img alt=\"" + escaped_markup(picture.caption) + "\" src=\"data:image/" + (svg ? "svg+xml" : "png") + ";base64," +
         base64(picture.bytes) + "\"><figcaption>" + escaped_markup(picture.caption) + "</figcaption></figure>\n";
}

std::string table_html(const std::vector<std::vector<std::string>>& table) {
  std::string out = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const std::string& name : table.front()) out += name.empty() ? "<td></td>" : "<th scope=\"col\">" + escaped_markup(name) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 1; r < table.size(); ++r) {
    const std::vector<std::string>& cells = table[r];
    if (cells.size() == 1) {
      out += "<tr><th class=\"part\" scope=\"rowgroup\" colspan=\"" + std::to_string(table.front().size()) + "\">" +
             escaped_markup(cells[0]) + "</th></tr>\n";
      continue;
    }
    out += "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::size_t begin = std::min(cells[c].find_first_not_of(' '), cells[c].size());  // the indent of a terminal
      out += (c == 0 ? "<th scope=\"row\" style=\"font-weight:400\">" : "<td>") + escaped_markup(cells[c].substr(begin)) +
             (c == 0 ? "</th>" : "</td>");
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

template <std::size_t N>
std::string list_html(const char* const (&sentences)[N]) {
  std::string out = "<ul>\n";
  for (const char* sentence : sentences) out += "<li>" + escaped_markup(sentence) + "</li>\n";
  return out + "</ul>\n";
}

}  // namespace

ReportPage report_of(const Result& result) {
  ReportPage page;
  page.title = experiment_words(result.spec);
  page.beneath = run_words(result);
  page.beneath[0] = 'R';
  if (result.failed) page.warnings.push_back(failure_words(*result.failed));
  for (const std::string& warning : sentences_in("en", result.all_warnings())) page.warnings.push_back(warning);
  page.table = result_table(result);
  page.spec = result.spec;
  return page;
}

std::string report_html(const ReportPage& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>" +
      escaped_markup(page.title) + "</title>\n<style>" + kStyle + "</style>\n<header>\n<h1>" + escaped_markup(page.title) + "</h1>\n";
  if (!page.beneath.empty()) out += "<p>" + escaped_markup(page.beneath) + "</p>\n";
  out += "</header>\n";
  if (!page.warnings.empty()) {
    out += "<div class=\"warnings\">\n";
    for (const std::string& warning : page.warnings) out += "<p>" + escaped_markup(warning) + "</p>\n";
    out += "</div>\n";
  }
  for (const ReportPicture& picture : page.pictures) out += picture_html(picture);
  if (page.table.size() > 1) out += "<h2>Figures</h2>\n" + table_html(page.table);
  if (!page.text.empty()) out += "<h2>Figures</h2>\n<pre>" + escaped_markup(page.text) + "</pre>\n";
  out += std::string("<h2>How to read this</h2>\n") + list_html(kReading) + "<h2>What this does not show</h2>\n" + list_html(kNotShown);
  if (!page.spec.is_null())
    out += "<h2>Run it again</h2>\n<p>Save this as spec.json; then: <code>mid run spec.json</code></p>\n<pre>" +
           escaped_markup(page.spec.dump(2)) + "</pre>\n";
  return out + "<footer>midlab " + escaped_markup(kVersion) + "</footer>\n</html>\n";
}

}  // namespace mid
