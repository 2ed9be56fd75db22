# The one table of everything that is not ours. Nothing of it is committed: an archive is unpacked into build/deps.
#
#   mid_dependency(NAME
#     UPSTREAM  address  sha256        what anyone with the whole internet downloads
#     MIRROR    from  file  sha256)    the same release as the package mirrors have it; core/cmake/setup.sh fetches these
#                                      lines into MIDLAB_ARCHIVES (source: a Debian 13 source package's original archive,
#                                      deb: a Debian 13 package, npm: a package of the npm registry)
#
# An archive in MIDLAB_ARCHIVES is taken first, then upstream. Each hash guards one archive; where Debian repacked it,
# there are two. A hash enters the table only when a second, independent source names it:
#   MIRROR source, deb   computed here from the archive; equal to the checksum in Debian 13's signed index
#   MIRROR npm           computed here from the archive, whose SHA-512 equals the registry's `dist.integrity`
#   UPSTREAM             eigen, catch2, nlohmann_json, qrcodegen: Debian's original archive is upstream's byte for byte, one hash;
#                        cli11: also in Homebrew's formula and xmake-repo; imgui: also in xmake-repo; stb: also in Bazel
#                        and CMake projects that pin this commit; inter: also in packagers that pin release 4.1.
#                        Those four were read, not downloaded: upstream could not be reached when this was written.
#
# The system's own, of whatever version it has, and only for those who build these parts: SDL2 (the window; native/desktop), SQLite (long
# sweeps; native/cli), pybind11, Python and NumPy (the module; native/python), MPI (mid-mpi; native/mpi). Slurm is started, never linked.
include(FetchContent)

if(DEFINED ENV{XDG_CACHE_HOME})
  set(mid_cache "$ENV{XDG_CACHE_HOME}/midlab")
elseif(DEFINED ENV{HOME})
  set(mid_cache "$ENV{HOME}/.cache/midlab")
else()
  set(mid_cache "$ENV{LOCALAPPDATA}/midlab")
endif()
set(MIDLAB_ARCHIVES "${mid_cache}/archives" CACHE PATH "Folder of source archives that need no download")
# Shared by all presets, so that release, web and fuzz unpack each archive once.
set(MIDLAB_DEPS "${PROJECT_SOURCE_DIR}/build/deps" CACHE PATH "Folder into which dependencies are unpacked")

# Declares a line of the table; nothing is fetched before mid_unpack asks for it.
function(mid_dependency name)
  set_property(GLOBAL PROPERTY mid_dependency_${name} "${ARGN}")
endfunction()

# ---- the table -------------------------------------------------------------------------------------------------------

# MPL-2.0
mid_dependency(eigen
  UPSTREAM https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626
  MIRROR   source:eigen3 eigen3_3.4.0.orig.tar.bz2 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626)

# MIT
mid_dependency(nlohmann_json
  UPSTREAM https://github.com/nlohmann/json/archive/refs/tags/v3.11.3.tar.gz 0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406
  MIRROR   source:nlohmann-json3 nlohmann-json3_3.11.3.orig.tar.gz 0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406)

# MIT or public domain; no releases: the commit that Debian 13 packages, repacked there
mid_dependency(stb
  UPSTREAM https://github.com/nothings/stb/archive/5c205738c191bcb0abc65c4febfa9bd25ff35234.tar.gz cfeab9f800961882d6d22ddf36e965523b33002f4f937de08321304c9ba72af3
  MIRROR   source:libstb libstb_0.0~git20241109.5c20573+ds.orig.tar.xz a3a5820445a7dd063516bb542a5cd54ced8efc9c5a30bfbaae1bab6dec2c1a74)

# BSD-3-Clause; repacked by Debian
mid_dependency(cli11
  UPSTREAM https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.1.tar.gz 73b7ec52261ce8fe980a29df6b4ceb66243bb0b779451dbd3d014cfec9fdbb58
  MIRROR   source:cli11 cli11_2.4.1+ds.orig.tar.xz 0b8fbf2398875f15f30a675c7f412123a2aaa38df2863e991de72004fd5f1292)

# BSL-1.0
mid_dependency(catch2
  UPSTREAM https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c
  MIRROR   source:catch2 catch2_3.7.1.orig.tar.gz c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)

# MIT; repacked by Debian
mid_dependency(imgui
  UPSTREAM https://github.com/ocornut/imgui/archive/refs/tags/v1.90.1.tar.gz 21dcc985bb2ae8fe48047c86135dbc438d6980a8f2e08babbda5be820592f282
  MIRROR   source:imgui imgui_1.90.1+ds.orig.tar.xz ecce377df0f90b292f15dcbd83d438bddc162b2388c881132bde18c787572a1c)

# MIT; one header. Upstream's archive is not pinned: no second source of its hash was found.
mid_dependency(cpp_httplib
  MIRROR   source:cpp-httplib cpp-httplib_0.18.7.orig.tar.xz c88f6495da71e778c82c22995b547a92ceb41cc4016f9028df67106a24b9210d)

# BSD-2-Clause; headers only, read by core/mid/model/file/onnx.cpp alone. Upstream's archive is not pinned: no second source of its hash
# was found.
mid_dependency(protozero
  MIRROR   source:protozero protozero_1.8.1.orig.tar.gz 6c7a896f1dc08435e8cd4f3780ff688cd0bfce6890599b755f6f3cb36398dc25)

# SIL OFL 1.1, static OTF
mid_dependency(inter
  UPSTREAM https://github.com/rsms/inter/releases/download/v4.1/Inter-4.1.zip 9883fdd4a49d4fb66bd8177ba6625ef9a64aa45899767dde3d36aa425756b11e
  MIRROR   deb:fonts-inter fonts-inter_4.1+ds-1_all.deb a4dbb3dc2f8b012a881cd2be5b39e14b779a69dc9c1688eb15a8ea13f33fcb96)

# ISC
mid_dependency(lucide
  MIRROR   npm:lucide-static@1.62.0 lucide-static-1.62.0.tgz 386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44)

# MIT
mid_dependency(qrcodegen
  UPSTREAM https://github.com/nayuki/QR-Code-generator/archive/refs/tags/v1.8.0.tar.gz 2ec0a4d33d6f521c942eeaf473d42d5fe139abcfa57d2beffe10c5cf7d34ae60
  MIRROR   source:qr-code-generator qr-code-generator_1.8.0.orig.tar.gz 2ec0a4d33d6f521c942eeaf473d42d5fe139abcfa57d2beffe10c5cf7d34ae60)

# zlib licence. Never unpacked by CMake: for the browser SDL2 is Emscripten's own port (-sUSE_SDL=2), which setup.sh feeds
# with this archive and other installations download; natively it is the system's (native/desktop).
mid_dependency(sdl2
  MIRROR   source:libsdl2 libsdl2_2.32.4+dfsg.orig.tar.gz d364cded8bf41f3f503014d3fb6473f1a7077ff468da1638dae4a6bec6ef2277)

# Apache-2.0. Never unpacked by CMake: setup.sh unpacks it for the page tests. From 1.62 on it needs Node.js 20; Debian 12
# has 18.
mid_dependency(playwright_core
  MIRROR   npm:playwright-core@1.60.0 playwright-core-1.60.0.tgz 8b1df81ba75e90a41eb5c996350ea7ecc1c915ea643ec55138f91c949c5a25bf)

# MPL-2.0. Never unpacked by CMake: the page tests ask it what a screen reader's user would miss.
mid_dependency(axe_core
  MIRROR   npm:axe-core@4.14.1 axe-core-4.14.1.tgz e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745)

# Apache-2.0. Never unpacked by CMake: a test compiles the types of the npm package.
mid_dependency(typescript
  MIRROR   npm:typescript@5.9.3 typescript-5.9.3.tgz 10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3)

# MIT. Never unpacked by CMake: a test asks it what exported models answer. 15 MB, the smallest version that finds its WebAssembly
# under Node.js 18 and 20 (1.30 has 33 MB); setup.sh unpacks the two files that the test needs.
mid_dependency(onnxruntime_web
  MIRROR   npm:onnxruntime-web@1.13.1 onnxruntime-web-1.13.1.tgz f6f51d14325b3ab78a616fec4cfc886653e185767c83e66032521585ad0c8cbd)
mid_dependency(onnxruntime_common
  MIRROR   npm:onnxruntime-common@1.13.1 onnxruntime-common-1.13.1.tgz 78ef1e362ada39b89a65aa1137721d0a5747cca6e7d1b1dc42bb33e6f89e010d)

# BSD-3-Clause (Dawn; its wrapper is Apache-2.0). Never unpacked by CMake and never linked: setup.sh puts the library into
# CACHE/webgpu, where midlab opens it at run time if its hash is one of native/gpu/webgpu_library.cpp. docs/gpu.md.
mid_dependency(dawn
  MIRROR   npm:bun-webgpu-linux-x64@0.1.7 bun-webgpu-linux-x64-0.1.7.tgz 8badfecdad4e726ac12be4f29771f4cbd7ce7683b4418316a547c5bda94fb798)

# ---- unpacking -------------------------------------------------------------------------------------------------------

# Unpacks dependencies and sets NAME_SOURCE_DIR in the caller. It never runs a dependency's own build: flags and options
# there would leak into ours, and none of them needs more than an include path or a handful of sources.
function(mid_unpack)
  foreach(name IN LISTS ARGN)
    mid_unpack_one(${name})
    set(${name}_SOURCE_DIR "${${name}_SOURCE_DIR}" PARENT_SCOPE)
  endforeach()
endfunction()

# mid_has(NAME RESULT): whether mid_unpack(NAME) can succeed on this machine as far as can be said without trying. It cannot where
# only npm's registry has the archive and there is no npm, or only Debian 13's mirror and set-up has not fetched it.
function(mid_has name result)
  get_property(line GLOBAL PROPERTY mid_dependency_${name})
  cmake_parse_arguments(arg "" "" "UPSTREAM;MIRROR" ${line})
  list(GET arg_MIRROR 0 from)
  list(GET arg_MIRROR 1 file)
  find_program(MIDLAB_NPM NAMES npm npm.cmd)
  string(TOUPPER ${name} upper)
  set(${result} OFF PARENT_SCOPE)
  if(arg_UPSTREAM OR (MIDLAB_NPM AND from MATCHES "^npm:") OR EXISTS "${MIDLAB_ARCHIVES}/${file}" OR FETCHCONTENT_SOURCE_DIR_${upper})
    set(${result} ON PARENT_SCOPE)
  endif()
endfunction()

function(mid_unpack_one name)
  get_property(line GLOBAL PROPERTY mid_dependency_${name})
  cmake_parse_arguments(arg "" "" "UPSTREAM;MIRROR" ${line})
  list(POP_FRONT arg_MIRROR from file hash)
  set(url "${MIDLAB_ARCHIVES}/${file}")
  if(NOT EXISTS "${url}")
    if(arg_UPSTREAM)
      list(POP_FRONT arg_UPSTREAM url hash)
    else()
      if(NOT from MATCHES "^npm:")
        message(FATAL_ERROR "${file} is not in ${MIDLAB_ARCHIVES}: run core/cmake/setup.sh story, which fetches it.")
      endif()
      string(REGEX REPLACE "^npm:" "" package "${from}")
      mid_npm_pack("${package}" "${file}")
    endif()
  endif()

  # The user's own FETCHCONTENT_SOURCE_DIR_<NAME> wins, as everywhere with FetchContent.
  string(TOUPPER ${name} upper)
  string(SUBSTRING ${hash} 0 12 short)
  set(folder "${MIDLAB_DEPS}/${name}-${short}")
  set(stamp "${folder}.unpacked")
  if(NOT FETCHCONTENT_SOURCE_DIR_${upper})
    if(NOT EXISTS "${stamp}")
      message(STATUS "Unpacking ${name} from ${url}")
      file(REMOVE_RECURSE "${folder}" "${FETCHCONTENT_BASE_DIR}/${name}-subbuild")
      if(url MATCHES "[.]deb$")
        mid_unpack_deb("${url}" ${hash} "${folder}")
      endif()
    endif()
    if(EXISTS "${stamp}" OR url MATCHES "[.]deb$")
      set(FETCHCONTENT_SOURCE_DIR_${upper} "${folder}")   # FetchContent then skips its sub-build, half a second each
    endif()
  endif()
  FetchContent_Declare(${name} URL "${url}" URL_HASH SHA256=${hash} SOURCE_DIR "${folder}"
                       DOWNLOAD_EXTRACT_TIMESTAMP FALSE SOURCE_SUBDIR there-is-no-such-folder)
  FetchContent_MakeAvailable(${name})
  if(EXISTS "${folder}")
    file(TOUCH "${stamp}")
  endif()
  set(${name}_SOURCE_DIR "${${name}_SOURCE_DIR}" PARENT_SCOPE)
endfunction()

# A .deb is an archive in an archive, which FetchContent does not open.
function(mid_unpack_deb archive hash folder)
  file(SHA256 "${archive}" found)
  if(NOT found STREQUAL hash)
    message(FATAL_ERROR "${archive} has SHA-256 ${found}, expected ${hash}: delete it and run core/cmake/setup.sh again.")
  endif()
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${folder}")
  file(ARCHIVE_EXTRACT INPUT "${folder}/data.tar.xz" DESTINATION "${folder}")
endfunction()

# npm's client fetches what only its registry has, so no address of a registry stands here.
function(mid_npm_pack package file)
  find_program(MIDLAB_NPM NAMES npm npm.cmd)
  if(NOT MIDLAB_NPM)
    message(FATAL_ERROR "${package} is a package of npm: install npm (it is part of Node.js), then configure again.")
  endif()
  file(MAKE_DIRECTORY "${MIDLAB_ARCHIVES}")
  message(STATUS "Fetching ${package} with npm")
  execute_process(COMMAND "${MIDLAB_NPM}" pack --silent "${package}" --pack-destination "${MIDLAB_ARCHIVES}"
                  RESULT_VARIABLE failed OUTPUT_QUIET)
  if(failed OR NOT EXISTS "${MIDLAB_ARCHIVES}/${file}")
    message(FATAL_ERROR "npm could not fetch ${package}: check the network, or put ${file} into ${MIDLAB_ARCHIVES}.")
  endif()
endfunction()
