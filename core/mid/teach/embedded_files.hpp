#pragma once
#include <span>
#include <string_view>

namespace mid {

/// A JSON file of the tree as it was when this was built, without the spaces between its fields.
struct EmbeddedFile {
  std::string_view name;  ///< its path in the tree, or that of one from outside
  std::string_view text;
};
/// Each list is ordered by name and written by core/cmake/embedded.cmake.
std::span<const EmbeddedFile> lesson_files();  ///< of docs/lessons
std::span<const EmbeddedFile> story_files();   ///< of core/teach/stories
std::span<const EmbeddedFile> tour_files();    ///< of core/teach/tours

}  // namespace mid
