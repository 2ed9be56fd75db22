# Run as a script at build time: writes OUTPUT, a header with a hash over the contents of the files listed in LIST (lines
# NAME=PATH, NAME as below core/mid) for each stage of stages.cmake, and one over all of them. They are part of the keys of the
# stage cache, so that no build ever takes another build's figures for its own.
cmake_minimum_required(VERSION 3.24)
include("${CMAKE_CURRENT_LIST_DIR}/stages.cmake")
file(STRINGS "${LIST}" lines)
set(all "")
foreach(stage IN LISTS mid_stages)
  set(of_${stage} "")
endforeach()
foreach(line IN LISTS lines)
  string(REGEX MATCH "^([^=]*)=(.*)$" line "${line}")
  set(name "${CMAKE_MATCH_1}")
  file(SHA256 "${CMAKE_MATCH_2}" hash)
  string(APPEND all "${name} ${hash}\n")
  foreach(stage IN LISTS mid_stages)
    foreach(beginning IN LISTS mid_stage_${stage})
      string(FIND "${name}" "${beginning}" at)
      if(at EQUAL 0)
        string(APPEND of_${stage} "${name} ${hash}\n")
      endif()
    endforeach()
  endforeach()
endforeach()
function(short_hash text out)
  string(SHA256 hash "${text}")
  string(SUBSTRING "${hash}" 0 16 hash)
  set(${out} "${hash}" PARENT_SCOPE)
endfunction()
set(cases "")
foreach(stage IN LISTS mid_stages)
  short_hash("${of_${stage}}" hash)
  string(APPEND cases "  if (stage == \"${stage}\") return \"${hash}\";\n")
endforeach()
short_hash("${all}" hash)
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT "#pragma once
#include <string_view>

namespace mid {
/// Names the sources of the core that the code of `stage` was made of in this build; all of them where no list says less.
constexpr std::string_view source_fingerprint(std::string_view stage) {
${cases}  return \"${hash}\";
}
}  // namespace mid
")
