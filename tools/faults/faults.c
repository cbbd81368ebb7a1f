/* Watches what a process does to files in one folder, and at a chosen operation kills it, stops it
 * or fails, as a power switch, a scheduler or a full disk would.
 *
 * Loaded by LD_PRELOAD: whatever a program changes on the disk goes through these functions of the
 * C library. Python calls `faults_arm` in a child that it has forked; until then nothing is done.
 * Operations are counted from 1, and written to a log as "OP NAME PATH" before they are done.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { NOTHING, KILL, HALF, STOP, FAIL, FAIL_ON }; /* as tools/faults/library.py has them */
enum { MOST = 4096 };

static char folder[MOST];
static size_t folder_length;
static long count, at;
static int action, error_number, log_to = -1, failing;
static char *paths[MOST]; /* of open descriptors in the folder */

void faults_arm(const char *where, long operation, int what, int error, int log) {
  snprintf(folder, sizeof folder, "%s", where);
  folder_length = strlen(folder);
  count = failing = 0;
  at = operation, action = what, error_number = error, log_to = log;
}

long faults_count(void) { return count; }

static int inside(const char *path) {
  return folder_length && path && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == 0 || path[folder_length] == '/');
}

static const char *path_of(int descriptor) {
  return descriptor >= 0 && descriptor < MOST ? paths[descriptor] : NULL;
}

/* Counts an operation; whether it is to fail. `space`: whether a full disk could refuse it. */
static int refused(const char *name, const char *path, int space) {
  if (!inside(path)) return 0;
  count += 1;
  if (log_to >= 0) {
    char line[2 * MOST];
    int length = snprintf(line, sizeof line, "OP %s %s\n", name, path);
    syscall(SYS_write, log_to, line, length);
  }
  if (count == at) {
    if (action == KILL || (action == HALF && strcmp(name, "write"))) kill(getpid(), SIGKILL);
    if (action == STOP) kill(getpid(), SIGSTOP);
    if (action == FAIL || action == FAIL_ON) failing = 1;
  }
  if (failing && space) {
    failing = action == FAIL_ON;
    errno = error_number;
    return 1;
  }
  return 0;
}

#define NEXT(name, type, ...)                                  \
  static type (*next)(__VA_ARGS__);                            \
  if (!next) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(int descriptor, const char *path) {
  if (descriptor >= 0 && descriptor < MOST && inside(path)) {
    free(paths[descriptor]);
    paths[descriptor] = strdup(path);
  }
  return descriptor;
}

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

#define OPEN(name)                                                                     \
  int name(const char *path, int flags, ...) {                                         \
    NEXT(#name, int, const char *, int, ...);                                          \
    va_list rest;                                                                      \
    va_start(rest, flags);                                                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;            \
    va_end(rest);                                                                      \
    if (changes(flags) && refused("open", path, flags & O_CREAT)) return -1;           \
    return opened(next(path, flags, mode), path);                                      \
  }
OPEN(open)
OPEN(open64)

/* A path that may be told from an open folder. */
static const char *joined(int where, const char *path, char *both) {
  const char *above = path && path[0] != '/' ? path_of(where) : NULL;
  if (!above) return path;
  snprintf(both, MOST, "%s/%s", above, path);
  return both;
}

#define OPENAT(name)                                                                   \
  int name(int where, const char *path, int flags, ...) {                              \
    NEXT(#name, int, int, const char *, int, ...);                                     \
    va_list rest;                                                                      \
    va_start(rest, flags);                                                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;            \
    va_end(rest);                                                                      \
    char both[MOST];                                                                   \
    const char *whole = joined(where, path, both);                                     \
    if (changes(flags) && refused("open", whole, flags & O_CREAT)) return -1;          \
    return opened(next(where, path, flags, mode), whole);                              \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int descriptor) {
  NEXT("close", int, int);
  if (path_of(descriptor)) {
    free(paths[descriptor]);
    paths[descriptor] = NULL;
  }
  return next(descriptor);
}

/* A disk that fills up takes a part first; a killed writer too may have written a part. */
#define WRITE(name, parameters, arguments, half, ...)                                  \
  ssize_t name parameters {                                                            \
    NEXT(#name, ssize_t, __VA_ARGS__);                                                 \
    if (!inside(path_of(descriptor))) return next arguments;                           \
    int first = count + 1 == at && size > 1;                                           \
    if (first && action == FAIL_ON) {                                                  \
      refused("write", path_of(descriptor), 0);                                        \
      return next half;                                                                \
    }                                                                                  \
    if (refused("write", path_of(descriptor), 1)) return -1;                           \
    if (first && action == HALF) {                                                     \
      next half;                                                                       \
      kill(getpid(), SIGKILL);                                                         \
    }                                                                                  \
    return next arguments;                                                             \
  }
WRITE(write, (int descriptor, const void *bytes, size_t size), (descriptor, bytes, size),
      (descriptor, bytes, size / 2), int, const void *, size_t)
#define AT(name)                                                                       \
  WRITE(name, (int descriptor, const void *bytes, size_t size, off64_t place),         \
        (descriptor, bytes, size, place), (descriptor, bytes, size / 2, place), int,   \
        const void *, size_t, off64_t)
AT(pwrite)
AT(pwrite64)
#define COPY(name)                                                                     \
  WRITE(name, (int descriptor, int from, off64_t *place, size_t size),                 \
        (descriptor, from, place, size), (descriptor, from, place, size / 2), int,     \
        int, off64_t *, size_t)
COPY(sendfile)
COPY(sendfile64)

#define ON_DESCRIPTOR(name, said, space, parameters, arguments, ...)                   \
  int name parameters {                                                                \
    NEXT(#name, int, __VA_ARGS__);                                                     \
    return refused(said, path_of(descriptor), space) ? -1 : next arguments;            \
  }
ON_DESCRIPTOR(fsync, "sync", 1, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(fdatasync, "sync", 1, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(flock, "lock", 0, (int descriptor, int how), (descriptor, how), int, int)
ON_DESCRIPTOR(ftruncate, "cut", 0, (int descriptor, off_t size), (descriptor, size), int, off_t)
ON_DESCRIPTOR(ftruncate64, "cut", 0, (int descriptor, off64_t size), (descriptor, size), int, off64_t)

#define ON_PATH(name, said, space, parameters, arguments, ...)                         \
  int name parameters {                                                                \
    NEXT(#name, int, __VA_ARGS__);                                                     \
    return refused(said, path, space) ? -1 : next arguments;                           \
  }
ON_PATH(unlink, "remove", 0, (const char *path), (path), const char *)
ON_PATH(rmdir, "remove", 0, (const char *path), (path), const char *)
ON_PATH(mkdir, "mkdir", 1, (const char *path, mode_t mode), (path, mode), const char *, mode_t)

int unlinkat(int where, const char *path, int flags) {
  NEXT("unlinkat", int, int, const char *, int);
  char both[MOST];
  return refused("remove", joined(where, path, both), 0) ? -1 : next(where, path, flags);
}

int rename(const char *path, const char *target) {
  NEXT("rename", int, const char *, const char *);
  char both[2 * MOST];
  snprintf(both, sizeof both, "%s %s", path, target);
  return refused("name", both, 1) ? -1 : next(path, target);
}
