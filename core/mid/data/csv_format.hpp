#pragma once
#include <string>
#include <string_view>

namespace mid {

/// Refuses what only looks like a CSV file to its owner (spreadsheets, archives, files of other programs, JSON, XML, text in
/// UTF-16), with the way out. Throws Error naming `file`.
void refuse_other_formats(std::string_view text, const std::string& file);

}  // namespace mid
