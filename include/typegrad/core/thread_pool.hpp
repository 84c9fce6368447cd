// The library's one pool of threads: fixed shares of numbered tasks, asleep when idle.
// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cstdlib>
#include <exception>
#include <forward_list>
#include <mutex>
#include <thread>
#include <type_traits>

#include "typegrad/core/clock.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/core/denormals.hpp"
#include "typegrad/core/exception.hpp"
#include "typegrad/core/heap_array.hpp"

namespace tg {

inline constexpr int most_threads = 1024;

class ThreadPool {
 public:
  // The caller of run is one of the threads; one alone starts no other. Pre: 1 <= threads.
  [[gnu::cold]] explicit ThreadPool(int threads)
      : thread_count{threads}, failures(std::size_t(threads)), workers(std::size_t(threads - 1)) {
    const int cores = int(std::thread::hardware_concurrency());
    crowded = cores != 0 && threads > cores;
    try {
      for (int thread = 1; thread < threads; ++thread)
        workers[std::size_t(thread - 1)] = std::thread([this, thread] { work(thread); });
    } catch (...) {
      stop();
      throw;
    }
  }
  [[gnu::cold]] ~ThreadPool() { stop(); }
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return thread_count; }

  // Calls function(task) for the tasks 0 … tasks-1, task t on thread t % threads(), each thread's
  // in ascending order, and returns when all are done. Allocates nothing. Within a task of this
  // pool, and while another thread has the pool, the tasks run here, one after the other. All of
  // them treat denormal numbers as the calling thread does. Errors: what a task throws ends its
  // thread's share and is rethrown here, the lowest thread's first.
  template <class Function>
  void run(int tasks, Function&& function) {
    using Object = std::remove_reference_t<Function>;
    run(
        tasks, [](void* object, int task) { (*static_cast<Object*>(object))(task); },
        const_cast<void*>(static_cast<const void*>(&function)));
  }

 private:
  using Call = void (*)(void* object, int task);

  // The same for any function: one body, and each function's once, with threads and without.
  TYPEGRAD_SHARED_KERNEL void run(int tasks, Call the_call, void* the_object) {
    if (thread_count == 1 || tasks <= 1 || inside == this ||
        busy.exchange(true, std::memory_order_acquire)) {
      for (int task = 0; task < tasks; ++task) the_call(the_object, task);
      return;
    }
    call = the_call;
    object = the_object;
    task_count = tasks;
    denormals = DenormalMode::of_this_thread();
    pending.store(thread_count - 1, std::memory_order_relaxed);
    round.fetch_add(1, std::memory_order_release);
    round.notify_all();
    const ThreadPool* const outside = inside;
    inside = this;
    do_share(0);
    inside = outside;
    const auto left = [this] { return pending.load(std::memory_order_acquire); };
    if (!spin([&] { return left() == 0; }))
      for (int seen = left(); seen != 0; seen = left())
        pending.wait(seen, std::memory_order_acquire);
    std::exception_ptr failure;
    for (std::exception_ptr& of_thread : failures) {
      if (!failure) failure = of_thread;
      of_thread = nullptr;
    }
    busy.store(false, std::memory_order_release);
    if (failure) std::rethrow_exception(failure);
  }

  // A thread that will be needed within this time is not worth sending to sleep: waking it takes as
  // long.
  static constexpr double patience = 30e-6;  // seconds

  // Waits a little for ready(); true if it came.
  template <class Ready>
  bool spin(Ready ready) const {
    const double end = seconds_now() + patience;
    do {
      for (int i = 0; i < 16; ++i) {
        if (ready()) return true;
        if (crowded)
          std::this_thread::yield();  // the one waited for may need this core
        else
          relax();
      }
    } while (seconds_now() < end);
    return false;
  }

  static void relax() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }

  void do_share(int thread) {
    try {
      for (int task = thread; task < task_count; task += thread_count) call(object, task);
    } catch (...) {
      failures[std::size_t(thread)] = std::current_exception();
    }
  }

  void work(int thread) {
    inside = this;
    for (unsigned seen = 0;;
         ++seen) {  // rounds come one by one: none starts before this thread has left the last
      const auto next = [&] { return round.load(std::memory_order_acquire) != seen; };
      if (!spin(next))
        while (!next()) round.wait(seen, std::memory_order_acquire);
      if (stopping) return;
      denormals.set();
      do_share(thread);
      if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1) pending.notify_one();
    }
  }

  [[gnu::cold]] void stop() {
    stopping = true;
    round.fetch_add(1, std::memory_order_release);
    round.notify_all();
    for (std::thread& worker : workers)
      if (worker.joinable()) worker.join();
  }

  inline static thread_local const ThreadPool* inside =
      nullptr;  // the pool whose task this thread runs

  const int thread_count;
  bool crowded = false;   // more threads than cores
  bool stopping = false;  // read behind `round`, as the task below
  Call call = nullptr;
  void* object = nullptr;
  int task_count = 0;
  DenormalMode denormals = DenormalMode::of_this_thread();
  HeapArray<std::exception_ptr> failures;  // one per thread
  HeapArray<std::thread> workers;
  std::atomic<bool> busy{false};
  // Apart, or a worker that finishes would take the line from those that wait to begin.
  alignas(64) std::atomic<unsigned> round{0};
  alignas(64) std::atomic<int> pending{0};
};

namespace detail {

// TYPEGRAD_THREADS if it is set, else as many threads as this process may run at once.
// Errors: tg::Error where the variable is not a number from 1 to most_threads.
[[gnu::cold]] inline int default_threads() {
  const char* const text = std::getenv("TYPEGRAD_THREADS");
  if (text == nullptr || *text == '\0') {
    const int cores = int(std::thread::hardware_concurrency());
    return cores < 1 ? 1 : cores < most_threads ? cores : most_threads;
  }
  char* end = nullptr;
  const long threads = std::strtol(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || threads < 1 || threads > most_threads)
    fail("TYPEGRAD_THREADS", "found '%s', expected a number from 1 to %d", text, most_threads);
  return int(threads);
}

// Pools stay until the program ends, one for each number of threads ever asked for: who holds one
// keeps it.
struct Pools {
  std::mutex guard;
  std::forward_list<ThreadPool> all;
  int threads = 0;  // 0: not chosen yet

  int chosen() { return threads == 0 ? threads = default_threads() : threads; }
};
inline Pools& pools() {
  static Pools kept;
  return kept;
}

}  // namespace detail

// The pool of those who name none.
[[gnu::cold]] inline ThreadPool& default_pool() {
  detail::Pools& pools = detail::pools();
  const std::lock_guard lock{pools.guard};
  for (ThreadPool& pool : pools.all)
    if (pool.threads() == pools.chosen()) return pool;
  return pools.all.emplace_front(pools.chosen());
}

// Threads of the models, functions and trainers made from now on; results do not depend on it.
// Errors: tg::Error for less than 1 or more than 1024.
[[gnu::cold]] inline void set_threads(int threads) {
  if (threads < 1 || threads > most_threads)
    fail("set_threads", "found %d, expected a number from 1 to %d", threads, most_threads);
  detail::Pools& pools = detail::pools();
  const std::lock_guard lock{pools.guard};
  pools.threads = threads;
}

// What set_threads chose; before, TYPEGRAD_THREADS or the number of cores.
[[gnu::cold]] inline int threads() {
  detail::Pools& pools = detail::pools();
  const std::lock_guard lock{pools.guard};
  return pools.chosen();
}

}  // namespace tg
