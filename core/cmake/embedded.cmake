# mid_embedded(TARGET lesson FOLDER docs/lessons) gives a target the JSON files of a folder as text, so that command line, window and
# page have the same: lesson_files() of core/mid/teach/embedded_files.hpp. Entries lesson:PATH of MIDLAB_EXTRA_ENTRIES count as files of
# that folder. Line breaks and indentation go: they lie between fields, never inside a text. The build stops for a file that is no JSON.
function(mid_embedded target kind)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "FOLDER" "")
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${arg_FOLDER}/*.json")   # sorted by name
  mid_extra_entries(more ${kind})
  set(entries "")
  foreach(file IN LISTS files more)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    string(REPLACE "${PROJECT_SOURCE_DIR}/" "" name "${file}")
    file(READ "${file}" text)
    string(JSON length ERROR_VARIABLE wrong LENGTH "${text}")
    if(wrong)
      message(FATAL_ERROR "${name} is no JSON: ${wrong}")
    endif()
    string(REGEX REPLACE "\n *" "" text "${text}")
    string(APPEND entries "    {\"${name}\", R\"${kind}(${text})${kind}\"},\n")
  endforeach()
  set(output "${PROJECT_BINARY_DIR}/generated/${kind}_files.cpp")
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT "// Written by core/cmake/embedded.cmake from the files of ${arg_FOLDER}.
#include <vector>

#include \"mid/teach/embedded_files.hpp\"

namespace mid {

std::span<const EmbeddedFile> ${kind}_files() {
  static const std::vector<EmbeddedFile> files = {
${entries}  };
  return files;
}

}  // namespace mid
")   # leaves the file alone when nothing changed
  target_sources(${target} PRIVATE "${output}")
endfunction()
