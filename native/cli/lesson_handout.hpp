#pragma once
#include <string>

#include "mid/teach/lesson.hpp"

namespace mid::cli {

/// A lesson for a terminal, with answers and notes. `language`: a code of languages().
std::string handout_text(const Lesson& lesson, const std::string& language);
/// The same to print: one HTML page that needs nothing else. First the class's pages, with room to write and without answers;
/// on a page of its own what the teacher needs.
std::string handout_html(const Lesson& lesson, const std::string& language);

}  // namespace mid::cli
