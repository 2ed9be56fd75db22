# mid_fonts(TARGET) gives a target midlab's text font: <fonts.hpp> with Inter (three weights), cut down to the characters in use, as
# arrays. mid_icons(TARGET) adds the icons in use, which fonts.hpp then includes. The cut fonts themselves lie in generated/fonts and
# generated/icons. The core holds none of them, so that somebody who builds only the library needs neither the fonts nor fontTools.
function(mid_fonts target)
  if(NOT TARGET mid_font_bytes)
    mid_unpack(inter)
    set(extent all)
    if(EMSCRIPTEN)
      set(extent page)   # every byte is loaded by every visitor
    endif()
    # Upstream's archive and Debian's package keep the files in folders of their own.
    file(GLOB_RECURSE regular "${inter_SOURCE_DIR}/*/Inter-Regular.otf")
    list(GET regular 0 regular)
    get_filename_component(inter "${regular}" DIRECTORY)
    mid_cut_fonts(mid_font_bytes fonts ${extent} "${inter}")
  endif()
  target_link_libraries(${target} PRIVATE mid_font_bytes)
endfunction()

function(mid_icons target)
  if(NOT TARGET mid_icon_bytes)
    mid_unpack(lucide)
    mid_cut_fonts(mid_icon_bytes icons icons "${lucide_SOURCE_DIR}/font")
  endif()
  mid_fonts(${target})
  target_link_libraries(${target} PRIVATE mid_icon_bytes)
endfunction()

# mid_cut_fonts(LIBRARY NAME WHAT SOURCE): a library of what `fonts.py WHAT SOURCE` writes, NAME.cpp and NAME.hpp.
function(mid_cut_fonts library name what source)
  mid_find_fonttools()
  set(output "${PROJECT_BINARY_DIR}/generated/${name}")
  set(script "${PROJECT_SOURCE_DIR}/core/cmake/fonts.py")
  add_custom_command(
    OUTPUT "${output}/${name}.cpp" "${output}/${name}.hpp"
    COMMAND "${MIDLAB_PYTHON}" "${script}" ${what} "${source}" "${output}"
    DEPENDS "${script}"
    COMMENT "Cutting ${name} down to what is used"
    VERBATIM)
  add_library(${library} STATIC "${output}/${name}.cpp" "${output}/${name}.hpp")
  target_include_directories(${library} PUBLIC "${output}")
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
