#pragma once
#include <string>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/report/result.hpp"

namespace mid {

/// A picture of a report, with the words beneath it.
struct ReportPicture {
  std::string caption;
  std::string bytes;  ///< of a PNG, or an SVG document
};

/// What a report shows, from top to bottom. What is empty is left out.
struct ReportPage {
  std::string title;                            ///< what was run, in one line
  std::string beneath;                          ///< run, device, times; or over how many seeds
  std::vector<std::string> warnings;            ///< sentences
  std::vector<ReportPicture> pictures;          ///< charts and sheets
  std::vector<std::vector<std::string>> table;  ///< as result_table() gives it
  std::string text;                             ///< a table that is text already, in columns
  Json spec;                                    ///< whole, so that the run can be made again
};

/// A result as a report: its line, warnings, figures and specification. The caller adds the pictures.
ReportPage report_of(const Result& result);

/// One HTML file that needs no other and no network, for screen and paper: the parts of `page`, how its figures are to be read, what
/// they do not show, and how to run it again.
std::string report_html(const ReportPage& page);

}  // namespace mid
