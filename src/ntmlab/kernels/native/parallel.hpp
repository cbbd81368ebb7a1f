// Runs a range of independent items on a few threads.
//
// PyTorch's operations run on the threads of an OpenMP library, and those stay on their cores for some
// milliseconds after each operation, waiting busily for the next. Threads of our own would have to share
// the cores with them: on two cores that cost a scan a quarter of its speed. So the parts of a call run on
// those very threads wherever the process has them; the library's entry is looked up at run time, since
// nothing here links against PyTorch. Otherwise threads are started per call and joined before it returns.
#pragma once
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#if __has_include(<dlfcn.h>) && __has_include(<pthread.h>)
#include <dlfcn.h>
#include <pthread.h>
#endif

namespace ntmlab {

// Calls work(data) on every thread of a team of at most `threads`, which include the caller's, and waits.
using Team = void (*)(void (*work)(void*), void* data, unsigned threads, unsigned flags);

// The team of the OpenMP library that is loaded, or nullptr. In a forked process its threads are gone and
// it would wait for them for ever, so there it is not used.
inline Team openmp_team() {
#if defined(RTLD_DEFAULT)
  static std::atomic<bool> forked{false};
  static const bool watched = pthread_atfork(nullptr, nullptr, [] { forked = true; }) == 0;
  if (!watched || forked) return nullptr;
  static std::atomic<Team> team{nullptr};  // looked up again until there is one: it may be loaded later
  if (team == nullptr) team = reinterpret_cast<Team>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  return team;
#else
  return nullptr;
#endif
}

// Calls work() on up to `threads` threads at once, the caller's among them; it is to return at once where
// nothing is left to do, as fewer threads may come. Throws nothing.
template <typename Work>
void on_threads(int threads, const Work& work) {
  if (const Team team = openmp_team()) {
    const auto call = [](void* data) { (*static_cast<const Work*>(data))(); };
    team(call, const_cast<Work*>(&work), static_cast<unsigned>(threads), 0);
    return;
  }
  std::vector<std::thread> others;
  try {
    others.reserve(threads - 1);
    while (static_cast<int>(others.size()) < threads - 1) others.emplace_back(work);
  } catch (...) {  // no more threads to be had: those there are do it all
  }
  work();
  for (auto& thread : others) thread.join();
}

// Calls body(begin, end, part) on `threads` contiguous, nearly equal parts of [0, count). The division
// depends on count and threads only. The first exception of any part is rethrown here.
template <typename Body>
void parallel_for(int count, int threads, const Body& body) {
  if (threads > count) threads = count;
  if (threads <= 1) {
    if (count > 0) body(0, count, 0);
    return;
  }
  const auto begin_of = [&](int part) { return static_cast<int>(static_cast<long long>(count) * part / threads); };
  std::vector<std::exception_ptr> errors(threads);
  std::atomic<int> next{0};
  on_threads(threads, [&] {
    for (int part; (part = next++) < threads;) try {
        body(begin_of(part), begin_of(part + 1), part);
      } catch (...) {
        errors[part] = std::current_exception();
      }
  });
  for (auto& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace ntmlab
