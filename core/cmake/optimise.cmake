# mid_optimise_core(TARGET FOLDER): how hard the files of the core are optimised, by folder. Inner loops are worth every level; most of the rest is
# read, written and put together once a run, and compiles in half the time without. Results are the same at every level (CMakeLists.txt,
# -ffp-contract=off). For the page small code loads sooner, so there the rest is compiled for size.
function(mid_optimise_core target core)
  if(MSVC OR NOT CMAKE_BUILD_TYPE STREQUAL Release)
    return()
  endif()
  file(GLOB loops CONFIGURE_DEPENDS "${core}/nn/*.cpp" "${core}/info/*.cpp" "${core}/measure/*.cpp" "${core}/model/linear/*.cpp"
       "${core}/model/network/*.cpp" "${core}/model/prior/*.cpp" "${core}/model/tree/*.cpp" "${core}/data/idx.cpp" "${core}/data/*pictures.cpp")
  # These record, plan, check, write and account, once a training; what runs is elsewhere.
  foreach(file IN ITEMS nn/strips nn/convolution nn/program model/prior/generator model/network/network model/network/layer_graph
                        model/tree/tree_text model/tree/tree_prune measure/figure measure/front info/rdp model/tree/tree_ensemble
                        model/linear/functional_mechanism)
    list(REMOVE_ITEM loops "${core}/${file}.cpp")
  endforeach()
  list(APPEND loops "${core}/base/philox.cpp" "${core}/base/hash.cpp" "${core}/base/normal_blocks.cpp")
  file(GLOB steps CONFIGURE_DEPENDS "${core}/attack/*.cpp" "${core}/attack/belief/*.cpp" "${core}/model/*.cpp")
  if(EMSCRIPTEN)
    set(of_loops -O3)
    set(of_steps -Os)
    set(of_rest -Oz)
  else()
    file(GLOB more CONFIGURE_DEPENDS "${core}/attack/search/*.cpp" "${core}/oracle/*.cpp" "${core}/release/*.cpp" "${core}/experiment/measure_*.cpp")
    list(APPEND steps ${more} "${core}/report/painter.cpp")
    set(of_loops -O3)
    set(of_steps -O2)
    set(of_rest -O1)
  endif()
  target_compile_options(${target} PRIVATE ${of_rest} $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  set_property(SOURCE ${loops} TARGET_DIRECTORY ${target} APPEND PROPERTY COMPILE_OPTIONS ${of_loops})
  set_property(SOURCE ${steps} TARGET_DIRECTORY ${target} APPEND PROPERTY COMPILE_OPTIONS ${of_steps})
  if(EMSCRIPTEN)   # one precompiled header serves -Oz and -Os, and no other level
    set_source_files_properties(${loops} TARGET_DIRECTORY ${target} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# mid_optimise_little(TARGET...): what waits for people, not for the processor.
function(mid_optimise_little)
  if(MSVC OR NOT CMAKE_BUILD_TYPE STREQUAL Release)
    return()
  endif()
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      # At this level g++ warns of what it no longer follows.
      target_compile_options(${target} PRIVATE -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    endif()
  endforeach()
endfunction()
