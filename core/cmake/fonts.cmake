# mid_fonts(TARGET) gives a target midlab's fonts: <fonts.hpp> with Inter (three weights) and the icons in use, cut down to
# the characters in use, as arrays. The cut fonts themselves lie beside it, in generated/fonts. The core holds none of
# them, so that somebody who builds only the library needs neither fontTools nor the fonts.
function(mid_fonts target)
  if(NOT TARGET mid_font_bytes)
    mid_unpack(inter lucide)
    mid_find_fonttools()
    set(output "${PROJECT_BINARY_DIR}/generated/fonts")
    set(script "${PROJECT_SOURCE_DIR}/core/cmake/fonts.py")
    set(extent all)
    if(EMSCRIPTEN)
      set(extent page)   # every byte is loaded by every visitor
    endif()
    # Upstream's archive and Debian's package keep the files in folders of their own.
    file(GLOB_RECURSE regular "${inter_SOURCE_DIR}/*/Inter-Regular.otf")
    list(GET regular 0 regular)
    get_filename_component(inter "${regular}" DIRECTORY)
    add_custom_command(
      OUTPUT "${output}/fonts.cpp" "${output}/fonts.hpp"
      COMMAND "${MIDLAB_PYTHON}" "${script}" "${inter}" "${lucide_SOURCE_DIR}/font" "${output}" ${extent}
      DEPENDS "${script}"
      COMMENT "Cutting fonts and icons down to what is used"
      VERBATIM)
    add_library(mid_font_bytes STATIC "${output}/fonts.cpp" "${output}/fonts.hpp")
    target_include_directories(mid_font_bytes PUBLIC "${output}")
  endif()
  target_link_libraries(${target} PRIVATE mid_font_bytes)
endfunction()

# A Python that has fontTools: the system's first, because a developer's own Python often lacks Debian's modules.
function(mid_find_fonttools)
  execute_process(COMMAND "${MIDLAB_PYTHON}" -c "import fontTools.subset" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed)
    message(FATAL_ERROR "The page's fonts are cut with fontTools, which ${MIDLAB_PYTHON} lacks: install python3-fonttools "
                        "(or `pip install fonttools`), or name another Python with -DMIDLAB_PYTHON=PATH.")
  endif()
endfunction()

find_program(MIDLAB_PYTHON NAMES /usr/bin/python3 python3 python DOC "Python 3 with fontTools (page) and NumPy (tests)")
