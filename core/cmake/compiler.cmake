# Which compiler builds midlab where nobody names one (CXX, CMAKE_CXX_COMPILER): clang 19, where it is installed. It gains from a
# precompiled header what g++ 12 does not, and the page is built with it anyway. The figures of both are the same to
# the last bit, but for ked_mi's, which differ by 1e-8 (tests/system/figures_same.py). Included before project().
# For the presets fuzz (MIDLAB_SANITIZE address, MIDLAB_FUZZ) and tsan (MIDLAB_SANITIZE thread) it must have its runtimes, too: libFuzzer is
# clang's, and its thread sanitizer runs with every address layout. Elsewhere the default compiler takes its place, and the fuzz
# targets run their seeds only.
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR AND NOT CMAKE_TOOLCHAIN_FILE AND NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(MIDLAB_CLANG clang++-19)
  set(mid_takes_clang "${MIDLAB_CLANG}")
  if(MIDLAB_CLANG AND MIDLAB_SANITIZE)
    execute_process(COMMAND "${MIDLAB_CLANG}" -print-resource-dir OUTPUT_VARIABLE mid_clang_runtimes OUTPUT_STRIP_TRAILING_WHITESPACE)
    file(GLOB_RECURSE mid_takes_clang "${mid_clang_runtimes}/lib/*clang_rt.fuzzer*")
    if(NOT mid_takes_clang)
      message(STATUS "clang++-19 has no libFuzzer (package libclang-rt-19-dev): the default compiler is taken")
    endif()
  endif()
  if(mid_takes_clang)
    set(CMAKE_CXX_COMPILER "${MIDLAB_CLANG}")
  endif()
endif()

# Lets libFuzzer see which branches an input takes, in the folders that read what comes from outside. Not in those that compute:
# there it would cost the unit tests time and tell nothing. The flags are those of -fsanitize=fuzzer-no-link, which itself cannot
# be mixed with files without it under one precompiled header.
function(mid_fuzz_coverage)
  if(NOT MIDLAB_FUZZ OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  set(coverage -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)
  set(core "${PROJECT_SOURCE_DIR}/core/mid")
  file(GLOB readers CONFIGURE_DEPENDS "${core}/base/*.cpp" "${core}/data/*.cpp" "${core}/data/source/csv.cpp" "${core}/experiment/*.cpp"
       "${core}/sweep/*.cpp" "${core}/teach/*.cpp" "${core}/session/*.cpp" "${core}/report/sweep_table.cpp" "${core}/report/result.cpp"
       "${core}/report/sheets.cpp" "${core}/model/file/*.cpp" "${core}/model/model.cpp" "${core}/model/tree/tree_text.cpp"
       "${core}/model/tree/tree_grow.cpp" "${core}/model/tree/tree_growth.cpp")
  list(REMOVE_ITEM readers "${core}/base/philox.cpp" "${core}/base/normal_blocks.cpp" "${core}/base/hash.cpp")
  set_property(SOURCE ${readers} TARGET_DIRECTORY mid_core APPEND PROPERTY COMPILE_OPTIONS ${coverage})
  if(TARGET mid_ui)
    set(ui "${PROJECT_SOURCE_DIR}/web/ui")
    set_source_files_properties("${ui}/link.cpp" "${ui}/page_model.cpp" TARGET_DIRECTORY mid_ui PROPERTIES COMPILE_OPTIONS ${coverage})
  endif()
endfunction()
