# Read by cpack: two builds of one commit give the same bytes. The time in a package is that of the commit, unless SOURCE_DATE_EPOCH
# says another (reproducible-builds.org); of a tree without git the release's.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND git -C "${CMAKE_CURRENT_LIST_DIR}" log -1 --format=%ct OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE failed)
  if(failed OR NOT epoch)
    set(epoch 1764460800)
  endif()
  set(ENV{SOURCE_DATE_EPOCH} "${epoch}")
endif()
