#pragma once
#include <SDL_opengl.h>

namespace mid::desktop {

/// The few functions of OpenGL 3.2 that the window calls itself, asked of the driver at run time: so nothing but SDL2 is
/// needed to build.
struct Gl {
#define MIDLAB_GL_FUNCTIONS(X)                               \
  X(BindFramebuffer, PFNGLBINDFRAMEBUFFERPROC)               \
  X(BindTexture, decltype(&::glBindTexture))                 \
  X(CheckFramebufferStatus, PFNGLCHECKFRAMEBUFFERSTATUSPROC) \
  X(Clear, decltype(&::glClear))                             \
  X(ClearColor, decltype(&::glClearColor))                   \
  X(Disable, decltype(&::glDisable))                         \
  X(FramebufferTexture2D, PFNGLFRAMEBUFFERTEXTURE2DPROC)     \
  X(GenFramebuffers, PFNGLGENFRAMEBUFFERSPROC)               \
  X(GenTextures, decltype(&::glGenTextures))                 \
  X(PixelStorei, decltype(&::glPixelStorei))                 \
  X(ReadPixels, decltype(&::glReadPixels))                   \
  X(TexImage2D, decltype(&::glTexImage2D))                   \
  X(TexParameteri, decltype(&::glTexParameteri))             \
  X(TexSubImage2D, decltype(&::glTexSubImage2D))
#define MIDLAB_GL_MEMBER(name, type) type name = nullptr;
  MIDLAB_GL_FUNCTIONS(MIDLAB_GL_MEMBER)
#undef MIDLAB_GL_MEMBER

  /// Of the context that is current. Throws Failure naming a function that the driver lacks.
  void load();
};

}  // namespace mid::desktop
