// Memory of a call, kept for the next one: fresh pages would cost a call on one sequence a sixth of its time.
// What was given back last is kept, up to a limit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace ntmlab {

// Asks for pages of 2 MiB: a fresh history of 100 MB otherwise costs 25,000 page faults, a fifth of the call.
inline void ask_for_large_pages([[maybe_unused]] float* p, [[maybe_unused]] std::size_t floats) {
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = (reinterpret_cast<std::uintptr_t>(p) + kPage - 1) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(p + floats) / kPage * kPage;
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // only advice
#endif
}

// A piece of uninitialised memory, aligned to cache lines. Throws std::bad_alloc.
class Memory {
 public:
  explicit Memory(std::ptrdiff_t floats) {
    const std::size_t bytes = (static_cast<std::size_t>(floats) * sizeof(float) + kLine - 1) / kLine * kLine;
    if (Kept kept(pool()); kept.lock) {
      for (std::size_t i = 0; i < kept.pool.free.size(); ++i)
        if (const Piece piece = kept.pool.free[i]; piece.bytes >= bytes && piece.bytes / 2 <= bytes) {
          kept.pool.take(i);
          piece_ = piece;
          return;
        }
    }
    piece_ = {static_cast<float*>(std::aligned_alloc(kLine, bytes)), bytes};
    if (piece_.data == nullptr) throw std::bad_alloc();
    if (bytes > kLarge) ask_for_large_pages(piece_.data, bytes / sizeof(float));
  }
  ~Memory() {
    if (Kept kept(pool()); kept.lock && piece_.bytes <= kMostKept) {
      while (kept.pool.bytes + piece_.bytes > kMostKept || kept.pool.free.size() == kMostPieces)
        std::free(kept.pool.take(0).data);
      kept.pool.free.push_back(piece_);
      kept.pool.bytes += piece_.bytes;
      return;
    }
    std::free(piece_.data);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  float* get() const { return piece_.data; }
  std::size_t floats() const { return piece_.bytes / sizeof(float); }  // at least those asked for

 private:
  static constexpr std::size_t kLine = 64, kLarge = std::size_t{4} << 20;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr std::size_t kMostKept = 0;  // so that a use after free is one
#else
  static constexpr std::size_t kMostKept = std::size_t{128} << 20;
#endif
  static constexpr std::size_t kMostPieces = 64;

  struct Piece {
    float* data;
    std::size_t bytes;
  };
  struct Pool {
    std::mutex mutex;
    std::vector<Piece> free;  // the one given back first is the first to go
    std::size_t bytes = 0;
    Pool() { free.reserve(kMostPieces); }
    Piece take(std::size_t i) {
      const Piece piece = free[i];
      free.erase(free.begin() + static_cast<std::ptrdiff_t>(i));
      bytes -= piece.bytes;
      return piece;
    }
  };
  // Never waits: who does not get the pool at once, or runs in a process forked while it was taken, does
  // without it.
  struct Kept {
    Pool& pool;
    std::unique_lock<std::mutex> lock;
    explicit Kept(Pool& p) : pool(p), lock(p.mutex, std::try_to_lock) {}
  };
  static Pool& pool() {
    static Pool* const pool = new Pool;  // lives until the process ends, as threads may outlive statics
    return *pool;
  }

  Piece piece_{};
};

}  // namespace ntmlab
