// The one file that holds the implementations of stb's single-header libraries for pictures and type.
#include <cstdlib>
#include <new>

namespace {

/// Neither of them looks whether it got what it asks for.
void* memory(void* old, std::size_t size) {
  void* got = std::realloc(old, size);
  if (!got && size > 0) throw std::bad_alloc();
  return got;
}

}  // namespace

#define STBIW_MALLOC(size) memory(nullptr, size)
#define STBIW_REALLOC(old, size) memory(old, size)
#define STBIW_FREE(old) std::free(old)
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>
#define STBTT_malloc(size, user) ((void)(user), memory(nullptr, size))
#define STBTT_free(old, user) ((void)(user), std::free(old))
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb_truetype.h>
