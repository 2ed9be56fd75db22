# Entries from outside the tree, each KIND:PATH (attack:/tmp/dummy.cpp): how a test, or a researcher with a private
# attack, adds one file without touching the tree. docs/adding.md says what each kind of file holds.
set(MIDLAB_EXTRA_ENTRIES "" CACHE STRING "More entries, as a list of KIND:PATH (docs/adding.md)")
set(mid_extra_kinds attack defense release source figure story lesson tour texts)
foreach(entry IN LISTS MIDLAB_EXTRA_ENTRIES)
  string(REGEX MATCH "^([a-z]+):(.+)$" whole "${entry}")
  list(FIND mid_extra_kinds "${CMAKE_MATCH_1}" known)
  if(known LESS 0 OR NOT EXISTS "${CMAKE_MATCH_2}")
    list(JOIN mid_extra_kinds ", " kinds)
    message(FATAL_ERROR "MIDLAB_EXTRA_ENTRIES must be a list of KIND:PATH with a kind of ${kinds} and the path of a file, "
                        "found '${entry}'.")
  endif()
endforeach()

# mid_extra_entries(OUT KIND): the paths of the entries of that kind from outside the tree.
function(mid_extra_entries out kind)
  set(paths "")
  foreach(entry IN LISTS MIDLAB_EXTRA_ENTRIES)
    if(entry MATCHES "^${kind}:(.*)$")
      list(APPEND paths "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  set(${out} "${paths}" PARENT_SCOPE)
endfunction()

# Writes the list of a catalogue: every .cpp of FOLDER defines one `const TYPE` named like the file,
# in namespace NAMESPACE::KIND (of mid where none is said). A list written by the build, because linkers drop objects that only register themselves.
#
#   mid_catalogue(TARGET KIND attack TYPE Attack FOLDER mid/attack HEADER mid/attack/attack.hpp FUNCTION attacks)
function(mid_catalogue target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KIND;TYPE;FOLDER;HEADER;FUNCTION;NAMESPACE" "")
  if(NOT arg_NAMESPACE)
    set(arg_NAMESPACE mid)
  endif()
  file(GLOB files CONFIGURE_DEPENDS "${arg_FOLDER}/*.cpp")   # sorted by name
  mid_extra_entries(more ${arg_KIND})
  target_sources(${target} PRIVATE ${more})
  list(APPEND files ${more})
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    set_source_files_properties("${file}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)   # mid_together
    string(APPEND declarations "extern const ${arg_TYPE} ${name};\n")
    string(APPEND entries "    &${arg_KIND}::${name},\n")
  endforeach()
  # std::vector, not an array: a catalogue may be empty.
  set(text "// Written by core/cmake/catalogue.cmake from the files of ${arg_FOLDER}.
#include <vector>

#include \"${arg_HEADER}\"

namespace ${arg_NAMESPACE} {
namespace ${arg_KIND} {
${declarations}}  // namespace ${arg_KIND}

std::span<const ${arg_TYPE}* const> ${arg_FUNCTION}() {
  static const std::vector<const ${arg_TYPE}*> entries = {
${entries}  };
  return entries;
}

}  // namespace ${arg_NAMESPACE}
")
  set(output "${PROJECT_BINARY_DIR}/generated/${arg_FUNCTION}.cpp")
  file(CONFIGURE OUTPUT "${output}" CONTENT "${text}" @ONLY)   # leaves the file alone when nothing changed
  target_sources(${target} PRIVATE "${output}")
endfunction()
