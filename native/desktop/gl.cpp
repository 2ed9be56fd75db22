#include "gl.hpp"

#include <SDL.h>

#include "mid/base/error.hpp"

namespace mid::desktop {
namespace {

template <class Function>
void find(Function& function, const char* name) {
  function = reinterpret_cast<Function>(SDL_GL_GetProcAddress(name));
  if (!function) throw Failure(std::string("the graphics driver lacks ") + name + "; OpenGL 3.2 is needed");
}

}  // namespace

void Gl::load() {
#define MIDLAB_GL_FIND(name, type) find(name, "gl" #name);
  MIDLAB_GL_FUNCTIONS(MIDLAB_GL_FIND)
#undef MIDLAB_GL_FIND
}

}  // namespace mid::desktop
