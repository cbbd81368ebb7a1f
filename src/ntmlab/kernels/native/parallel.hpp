// Runs a range of independent items on a few threads. Threads are started per call and joined before it
// returns: nothing survives a call, so fork, spawn and nested use are safe. Starting one costs about 20 us.
#pragma once
#include <exception>
#include <thread>
#include <vector>

namespace ntmlab {

// Calls body(begin, end, thread) on contiguous, nearly equal parts of [0, count). The division depends on
// count and threads only. The first exception of any thread is rethrown here.
template <typename Body>
void parallel_for(int count, int threads, const Body& body) {
  if (threads > count) threads = count;
  if (threads <= 1) {
    if (count > 0) body(0, count, 0);
    return;
  }
  const auto begin_of = [&](int t) { return static_cast<int>(static_cast<long long>(count) * t / threads); };
  std::vector<std::exception_ptr> errors(threads);
  const auto run = [&](int t) {
    try {
      body(begin_of(t), begin_of(t + 1), t);
    } catch (...) {
      errors[t] = std::current_exception();
    }
  };
  std::vector<std::thread> pool;
  pool.reserve(threads - 1);
  int started = 1;
  try {
    for (; started < threads; ++started) pool.emplace_back(run, started);
  } catch (...) {  // no more threads to be had: do the rest here
    for (int t = started; t < threads; ++t) run(t);
  }
  run(0);
  for (auto& thread : pool) thread.join();
  for (auto& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace ntmlab
