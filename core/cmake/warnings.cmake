# Turns the project's warnings on for one of its own targets; errors only with MIDLAB_WERROR, because a user's compiler
# may know warnings that ours does not.
function(mid_warnings target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${MIDLAB_WERROR}>:/WX>)
  else()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow $<$<BOOL:${MIDLAB_WERROR}>:-Werror>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      target_compile_options(${target} PRIVATE -Wno-restrict)   # GCC 12 sees overlaps in "text" + string that are none
    endif()
  endif()
endfunction()
