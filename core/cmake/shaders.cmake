# mid_shaders(TARGET) gives a target the files of shaders/ as text (native/gpu/kernels.hpp, shader()).
function(mid_shaders target)
  set(folder "${PROJECT_SOURCE_DIR}/shaders")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.wgsl")   # sorted by name
  set(entries "")
  set(names "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND entries "  if (name == \"${name}\") return R\"wgsl(${text})wgsl\";\n")
    string(APPEND names "\"${name}\", ")
  endforeach()
  set(text "// Written by core/cmake/shaders.cmake from the files of shaders/.
#include <cassert>

#include \"gpu/kernels.hpp\"

namespace mid::gpu {

std::string_view shader(std::string_view name) {
${entries}  assert(false);
  return {};
}

std::vector<std::string_view> shader_names() { return {${names}}; }

}  // namespace mid::gpu
")
  set(output "${PROJECT_BINARY_DIR}/generated/shaders.cpp")
  file(GENERATE OUTPUT "${output}" CONTENT "${text}")   # leaves the file alone when nothing changed; @ and $ stay
  target_sources(${target} PRIVATE "${output}")
endfunction()
