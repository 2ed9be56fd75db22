# mid_lessons(TARGET) gives a target the files of docs/lessons as text, so that command line, window and page have the same
# (core/mid/run/lesson_files.hpp). Line breaks and indentation go: they lie between fields, never inside a text.
function(mid_lessons target)
  set(folder "${PROJECT_SOURCE_DIR}/docs/lessons")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.json")   # sorted by name
  set(entries "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" text)
    string(REGEX REPLACE "\n *" "" text "${text}")
    string(APPEND entries "    {\"docs/lessons/${name}\", R\"lesson(${text})lesson\"},\n")
  endforeach()
  set(text "// Written by core/cmake/lessons.cmake from the files of docs/lessons.
#include <vector>

#include \"mid/run/lesson_files.hpp\"

namespace mid {

std::span<const LessonFile> lesson_files() {
  static const std::vector<LessonFile> files = {
${entries}  };
  return files;
}

}  // namespace mid
")
  set(output "${PROJECT_BINARY_DIR}/generated/lesson_files.cpp")
  file(CONFIGURE OUTPUT "${output}" CONTENT "${text}" @ONLY)   # leaves the file alone when nothing changed
  target_sources(${target} PRIVATE "${output}")
endfunction()
