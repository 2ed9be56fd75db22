# mid_texts(TARGET) gives a target the texts of core/teach/texts (core/mid/base/language.hpp). A language is a file there:
#   {"language": {"name": "Deutsch", "decimal_sign": ",", "thousands_sign": ".", ...}, "GROUP": {"KEY": "TEXT", one a line}, ...}
# Groups are headings for whoever translates; keys are looked up without them. The build stops for a file that is no such JSON, for
# a key that stands there twice, and for a language that lacks a key of en.json or, of lessons, of another translation.
# Into the page goes English alone; the other languages are files beside it (web/shell/pack_page.py), and only the texts language.*,
# which the list of languages shows, are packed of each.
# Entries texts:PATH/CODE.json of MIDLAB_EXTRA_ENTRIES are files from outside the tree: of a language that there is they add texts (only
# English need have them; no "language"), of another they are the whole language.
function(mid_texts target)
  set(folder "${PROJECT_SOURCE_DIR}/core/teach/texts")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.json")   # sorted by name
  list(REMOVE_ITEM files "${folder}/en.json")
  list(PREPEND files "${folder}/en.json")
  mid_extra_entries(more texts)
  # CMake's lists would break at these.
  string(ASCII 1 semicolon)
  string(ASCII 2 open)
  string(ASCII 3 close)
  set(keys "")
  set(languages "")
  set(codes "")
  foreach(file IN LISTS files more)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(code "${file}" NAME_WE)
    string(REPLACE "${PROJECT_SOURCE_DIR}/" "" where "${file}")
    file(READ "${file}" text)

    # JSON's own reader says whether it is JSON, and how many texts there are.
    string(JSON groups ERROR_VARIABLE wrong LENGTH "${text}")
    if(wrong)
      message(FATAL_ERROR "${where} is no JSON: ${wrong}")
    endif()
    set(expected 0)
    math(EXPR last "${groups} - 1")
    foreach(i RANGE ${last})
      string(JSON group MEMBER "${text}" ${i})
      string(JSON n LENGTH "${text}" "${group}")
      if(NOT group STREQUAL "language")
        math(EXPR expected "${expected} + ${n}")
      endif()
    endforeach()
    set(adds ON)
    if(NOT code IN_LIST codes)
      set(adds OFF)
      list(APPEND codes "${code}")
      string(JSON name GET "${text}" language name)
      string(JSON decimal GET "${text}" language decimal_sign)
      string(JSON thousands GET "${text}" language thousands_sign)
      foreach(flag capital_nouns unreviewed)
        string(JSON ${flag} ERROR_VARIABLE none GET "${text}" language ${flag})
        if(NOT ${flag} STREQUAL "ON")
          set(${flag} "OFF")
        endif()
        string(REPLACE "OFF" "false" ${flag} "${${flag}}")
        string(REPLACE "ON" "true" ${flag} "${${flag}}")
      endforeach()
      set(beside_${code} false)
      if(EMSCRIPTEN AND NOT code STREQUAL "en")
        set(beside_${code} true)
      endif()
      string(APPEND languages "    {\"${code}\", \"${name}\", '${decimal}', \"${thousands}\", ${capital_nouns}, ${unreviewed}, ${beside_${code}}},\n")
    endif()

    string(REPLACE ";" "${semicolon}" text "${text}")
    string(REPLACE "[" "${open}" text "${text}")
    string(REPLACE "]" "${close}" text "${text}")
    string(REGEX MATCHALL "\n    \"[^\"\n]+\": \"[^\n]*\"" lines "${text}")
    list(LENGTH lines found)
    if(NOT found EQUAL expected)
      message(FATAL_ERROR "${where} has ${expected} texts, of which ${found} stand alone on a line that begins with "
                          "four spaces; write every text so, and none twice.")
    endif()
    foreach(line IN LISTS lines)
      string(REGEX MATCH "^\n    \"([^\"\n]+)\": (\".*\")$" line "${line}")
      set(key "${CMAKE_MATCH_1}")
      if(DEFINED text_${code}_${key})
        message(FATAL_ERROR "${where} has two texts for ${key}; remove one.")
      endif()
      set(text_${code}_${key} "${CMAKE_MATCH_2}")
      if(adds)
        set(added_${key} ON)
      endif()
      list(APPEND keys "${key}")
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES keys)

  # Whose English is elsewhere, a lesson's text, every other language must have; what else English lacks is unused, and a test says so.
  set(missing "")
  foreach(key IN LISTS keys)
    foreach(code IN LISTS codes)
      if(NOT DEFINED text_${code}_${key} AND NOT added_${key}
         AND (DEFINED text_en_${key} OR (key MATCHES "^lesson\\." AND NOT code STREQUAL "en")))
        list(APPEND missing "${code}.json: ${key}")
      endif()
    endforeach()
  endforeach()
  if(missing)
    list(LENGTH missing n)
    list(SUBLIST missing 0 20 some)
    list(JOIN some "\n  " some)
    message(FATAL_ERROR "${n} texts of core/teach/texts are missing, the first of them:\n  ${some}\nTranslate them there.")
  endif()

  set(packed "")
  foreach(key IN LISTS keys)
    string(APPEND packed "    \"${key}\\0\"")
    foreach(code IN LISTS codes)
      if(DEFINED text_${code}_${key} AND (NOT beside_${code} OR key MATCHES "^language\\."))
        string(APPEND packed " ${text_${code}_${key}}")
      endif()
      string(APPEND packed " \"\\0\"")
    endforeach()
    string(APPEND packed "\n")
  endforeach()
  string(REPLACE "${semicolon}" ";" packed "${packed}")
  string(REPLACE "${open}" "[" packed "${packed}")
  string(REPLACE "${close}" "]" packed "${packed}")
  list(LENGTH codes count)
  set(output "${PROJECT_BINARY_DIR}/generated/texts.cpp")
  file(CONFIGURE OUTPUT "${output}" CONTENT "// Written by core/cmake/texts.cmake from the files of core/teach/texts.
#include \"mid/base/language.hpp\"

#ifdef __GNUC__
#pragma GCC diagnostic ignored \"-Woverlength-strings\"
#endif

namespace mid::detail {

std::span<const Language> packed_languages() {
  static constexpr Language all[] = {
${languages}  };
  return all;
}

std::string_view packed_texts() {
  static constexpr char all[] =
${packed}      ;
  return {all, sizeof all - 1};
}

}  // namespace mid::detail
" @ONLY)
  target_sources(${target} PRIVATE "${output}")
endfunction()
