# Entries from outside the tree, each KIND:PATH (attack:/tmp/dummy.cpp): how a test, or a researcher with a private
# attack, adds one file without touching the tree.
set(MIDLAB_EXTRA_ENTRIES "" CACHE STRING "More catalogue entries, as a list of KIND:PATH (kind: attack, defense, release, source)")

# Writes the list of a catalogue: every .cpp of FOLDER but those in EXCEPT defines one `const TYPE` named like the file,
# in namespace mid::KIND. A list written by the build, because linkers drop objects that only register themselves.
#
#   mid_catalogue(TARGET KIND attack TYPE Attack FOLDER mid/attack HEADER mid/attack/attack.hpp FUNCTION attacks
#                 EXCEPT oracle)
function(mid_catalogue target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KIND;TYPE;FOLDER;HEADER;FUNCTION" "EXCEPT")
  file(GLOB files CONFIGURE_DEPENDS "${arg_FOLDER}/*.cpp")   # sorted by name
  foreach(entry IN LISTS MIDLAB_EXTRA_ENTRIES)
    if(entry MATCHES "^${arg_KIND}:(.*)$")
      list(APPEND files "${CMAKE_MATCH_1}")
      target_sources(${target} PRIVATE "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    if(NOT name IN_LIST arg_EXCEPT)
      set_source_files_properties("${file}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)   # mid_together
      string(APPEND declarations "extern const ${arg_TYPE} ${name};\n")
      string(APPEND entries "    &${arg_KIND}::${name},\n")
    endif()
  endforeach()
  # std::vector, not an array: a catalogue may be empty.
  set(text "// Written by core/cmake/catalogue.cmake from the files of core/${arg_FOLDER}.
#include <vector>

#include \"${arg_HEADER}\"

namespace mid {
namespace ${arg_KIND} {
${declarations}}  // namespace ${arg_KIND}

std::span<const ${arg_TYPE}* const> ${arg_FUNCTION}() {
  static const std::vector<const ${arg_TYPE}*> entries = {
${entries}  };
  return entries;
}

}  // namespace mid
")
  set(output "${PROJECT_BINARY_DIR}/generated/${arg_FUNCTION}.cpp")
  file(CONFIGURE OUTPUT "${output}" CONTENT "${text}" @ONLY)   # leaves the file alone when nothing changed
  target_sources(${target} PRIVATE "${output}")
endfunction()
