option(MIDLAB_PRECOMPILE "Read the headers of others once (precompiled), with clang: g++ hardly gains" ON)

# mid_precompile(OWNER TARGET... [HEADERS <header>...]) precompiles headers of others for OWNER, these and those that most files read, and lends
# them to the other targets. Never headers of ours: a change of one would build everything anew.
function(mid_precompile owner)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS")
  if(NOT MIDLAB_PRECOMPILE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  set(headers <algorithm> <functional> <map> <optional> <string> <vector> <Eigen/Dense> <nlohmann/json.hpp> ${arg_HEADERS})
  target_precompile_headers(${owner} PRIVATE ${headers})
  foreach(target IN LISTS owner arg_UNPARSED_ARGUMENTS)
    if(TARGET ${target})
      # What the standard library says of its own deprecated functions is lost in a precompiled header, and the warning comes back.
      target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp" -Wno-deprecated-declarations)
      if(NOT target STREQUAL owner)
        target_precompile_headers(${target} REUSE_FROM ${owner})
      endif()
    endif()
  endforeach()
  # By this text ccache tells precompiled headers apart (CCACHE_PCH_EXTSUM), so that a second clone finds what the first compiled.
  get_target_property(folder ${owner} BINARY_DIR)
  get_property(eigen GLOBAL PROPERTY mid_dependency_eigen)
  get_property(json GLOBAL PROPERTY mid_dependency_nlohmann_json)
  get_property(catch2 GLOBAL PROPERTY mid_dependency_catch2)
  file(CONFIGURE OUTPUT "${folder}/CMakeFiles/${owner}.dir/cmake_pch.hxx.pch.sum" @ONLY CONTENT
       "${headers} ${eigen} ${json} ${catch2} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_DEBUG}\n")
endfunction()
