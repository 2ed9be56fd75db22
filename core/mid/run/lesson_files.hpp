#pragma once
#include <span>
#include <string_view>

namespace mid {

/// A file of docs/lessons as it was when this was built, without the spaces between its fields.
struct LessonFile {
  std::string_view name, text;
};
/// All of them, by name. Written by core/cmake/lessons.cmake.
std::span<const LessonFile> lesson_files();

}  // namespace mid
