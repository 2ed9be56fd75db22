// Preloaded into a program (LD_PRELOAD), makes one of its system calls fail: for tests/system/test_faults.py.
//
//   MIDLAB_FAULT        CALL:N[+][:WHAT]   the Nth call (with +: and all after it) fails with the errno of this number; WHAT "exit":
//                       the program ends there as if the power were cut, of a write after half of its bytes; absent: nothing fails
//   MIDLAB_FAULT_PATH   counts calls on files whose path contains this
//   MIDLAB_FAULT_FROM   counts from where a file whose path contains this was opened
//   MIDLAB_FAULT_COUNT  at the end writes how many calls of each kind there were into this file
//
// CALL: read, write, create (a file opened for writing), open (one for reading), rename, sync, close, mkdir, remove, allocate.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

enum Call {
  read_call,
  write_call,
  create_call,
  open_call,
  rename_call,
  sync_call,
  close_call,
  mkdir_call,
  remove_call,
  allocate_call,
  calls
};
constexpr const char* kNames[calls] = {"read", "write", "create", "open", "rename", "sync", "close", "mkdir", "remove", "allocate"};
constexpr int kExit = 77;  // what the test takes for "the power was cut"

std::atomic<long> counts[calls];
std::atomic<bool> counting{false};
int wanted = -1, error_number = 0;
long nth = 0;
bool onwards = false, exits = false;
const char *path_part = "", *from_part = nullptr;

__attribute__((constructor)) void begin() {
  if (const char* p = getenv("MIDLAB_FAULT_PATH")) path_part = p;
  from_part = getenv("MIDLAB_FAULT_FROM");
  if (const char* fault = getenv("MIDLAB_FAULT")) {
    for (int c = 0; c < calls; ++c) {
      const size_t n = strlen(kNames[c]);
      if (strncmp(fault, kNames[c], n) != 0 || fault[n] != ':') continue;
      char* rest = nullptr;
      nth = strtol(fault + n + 1, &rest, 10), wanted = c;
      if (*rest == '+') onwards = true, ++rest;
      if (*rest == ':') exits = strcmp(rest + 1, "exit") == 0, error_number = atoi(rest + 1);
    }
  }
  counting = from_part == nullptr;
}

__attribute__((destructor)) void report() {
  counting = false;
  const char* file = getenv("MIDLAB_FAULT_COUNT");
  if (!file) return;
  char text[400];
  int n = 0;
  for (int c = 0; c < calls; ++c) n += snprintf(text + n, sizeof text - static_cast<size_t>(n), "%s %ld\n", kNames[c], counts[c].load());
  const long fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) return;
  (void)!syscall(SYS_write, fd, text, n);
  syscall(SYS_close, fd);
}

bool is_ours(const char* path) { return path && strstr(path, path_part); }
bool is_ours(int fd) {
  char link[40], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (n <= 0) return false;
  path[n] = 0;
  return is_ours(path);
}

/// Counts a call. True: it is to fail, errno is set; where the program is to end, `half` is done first.
template <class Half>
bool fails(Call call, Half half) {
  if (!counting) return false;
  const long n = ++counts[call];
  if (call != wanted || (onwards ? n < nth : n != nth)) return false;
  if (exits) {
    half();
    _exit(kExit);
  }
  errno = error_number;
  return true;
}
bool fails(Call call) {
  return fails(call, [] {});
}

/// Whose function is in the way of ours.
template <class F>
F next(F, const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

void look_at(const char* path) {
  if (!counting && from_part && path && strstr(path, from_part)) counting = true;
}

bool open_fails(const char* path, bool writes) { return is_ours(path) && fails(writes ? create_call : open_call); }

}  // namespace

extern "C" {

ssize_t read(int fd, void* to, size_t n) {
  if (counting && is_ours(fd) && fails(read_call)) return -1;
  return syscall(SYS_read, fd, to, n);
}
ssize_t pread64(int fd, void* to, size_t n, off64_t at) {
  if (counting && is_ours(fd) && fails(read_call)) return -1;
  return syscall(SYS_pread64, fd, to, n, at);
}
ssize_t write(int fd, const void* from, size_t n) {
  const auto half = [&] { (void)!syscall(SYS_write, fd, from, n / 2); };
  if (counting && is_ours(fd) && fails(write_call, half)) return -1;
  return syscall(SYS_write, fd, from, n);
}
ssize_t writev(int fd, const struct iovec* parts, int n) {
  const auto half = [&] { (void)!syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2); };
  if (counting && is_ours(fd) && fails(write_call, half)) return -1;
  return syscall(SYS_writev, fd, parts, n);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (open_fails(path, (flags & O_ACCMODE) != O_RDONLY)) return -1;
  look_at(path);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (open_fails(path, (flags & O_ACCMODE) != O_RDONLY)) return -1;
  look_at(path);
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}
FILE* fopen(const char* path, const char* mode) {
  if (open_fails(path, strpbrk(mode, "wa+") != nullptr)) return nullptr;
  look_at(path);
  return next(&fopen, "fopen")(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  if (open_fails(path, strpbrk(mode, "wa+") != nullptr)) return nullptr;
  look_at(path);
  return next(&fopen64, "fopen64")(path, mode);
}
int close(int fd) {
  if (counting && is_ours(fd) && fails(close_call)) {
    syscall(SYS_close, fd);
    return -1;
  }
  return static_cast<int>(syscall(SYS_close, fd));
}
int fclose(FILE* file) {
  if (counting && file && is_ours(fileno(file)) && fails(close_call)) {
    const int why = errno;
    next(&fclose, "fclose")(file);
    errno = why;
    return EOF;
  }
  return next(&fclose, "fclose")(file);
}

int rename(const char* from, const char* to) {
  if (is_ours(to) && fails(rename_call)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int link(const char* from, const char* to) {
  if (is_ours(to) && fails(rename_call)) return -1;
  return static_cast<int>(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int fsync(int fd) {
  if (counting && is_ours(fd) && fails(sync_call)) return -1;
  return static_cast<int>(syscall(SYS_fsync, fd));
}
int fdatasync(int fd) {
  if (counting && is_ours(fd) && fails(sync_call)) return -1;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
int mkdir(const char* path, mode_t mode) {
  if (is_ours(path) && fails(mkdir_call)) return -1;
  return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int unlink(const char* path) {
  if (is_ours(path) && fails(remove_call)) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int remove(const char* path) {
  if (is_ours(path) && fails(remove_call)) return -1;
  return next(&remove, "remove")(path);
}

void* malloc(size_t n) { return fails(allocate_call) ? nullptr : __libc_malloc(n); }
void* calloc(size_t n, size_t size) { return fails(allocate_call) ? nullptr : __libc_calloc(n, size); }
void* realloc(void* from, size_t n) { return fails(allocate_call) ? nullptr : __libc_realloc(from, n); }
void* aligned_alloc(size_t alignment, size_t n) { return fails(allocate_call) ? nullptr : __libc_memalign(alignment, n); }
int posix_memalign(void** to, size_t alignment, size_t n) {
  if (fails(allocate_call)) return ENOMEM;
  *to = __libc_memalign(alignment, n);
  return *to ? 0 : ENOMEM;
}

}  // extern "C"
