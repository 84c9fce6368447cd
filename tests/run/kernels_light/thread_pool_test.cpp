// The pool: each task once, on its thread, in order; errors, nesting, several callers, sleeping.
// SPDX-License-Identifier: MIT
#include "typegrad/core/thread_pool.hpp"

#include <chrono>
#include <ctime>
#include <stdexcept>

#include "catch.hpp"

namespace {
using tg::ThreadPool;

double processor_seconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

TEST_CASE("each task runs once, on the thread of its number, in ascending order", "[cpu]") {
  for (int threads : {1, 2, 3, 7}) {
    ThreadPool pool{threads};
    CHECK(pool.threads() == threads);
    for (int tasks : {0, 1, 2, 8, 100}) {
      std::vector<int> calls(std::size_t(tasks), 0);
      std::vector<std::thread::id> by(static_cast<std::size_t>(tasks));
      std::vector<int> last_of_thread(std::size_t(threads), -1);
      std::atomic<int> disorder{0};
      pool.run(tasks, [&](int task) {
        ++calls[std::size_t(task)];
        by[std::size_t(task)] = std::this_thread::get_id();
        int& last = last_of_thread[std::size_t(task % threads)];
        disorder += last >= task;
        last = task;
      });
      CHECK(disorder == 0);
      int wrong = 0;
      for (int task = 0; task < tasks; ++task) {
        wrong += calls[std::size_t(task)] != 1;
        if (task >= threads) wrong += by[std::size_t(task)] != by[std::size_t(task - threads)];
        if (task % threads == 0) wrong += by[std::size_t(task)] != std::this_thread::get_id();
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("what tasks write is there when run returns", "[cpu]") {
  ThreadPool pool{3};
  std::vector<long> values(64, 0);
  for (int round = 0; round < 2000; ++round)
    pool.run(int(values.size()), [&](int task) { values[std::size_t(task)] += task; });
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == 2000 * long(i));
}

TEST_CASE("an error in a task reaches the caller, and the pool goes on", "[cpu]") {
  ThreadPool pool{3};
  const auto fail_at = [&](int first, int second) {
    pool.run(6, [&](int task) {
      if (task == first || task == second) throw std::runtime_error("task " + std::to_string(task));
    });
  };
  CHECK_THROWS_WITH(fail_at(4, -1), "task 4");
  CHECK_THROWS_WITH(fail_at(0, 2), "task 0");
  CHECK_THROWS_WITH(fail_at(2, 3), "task 3");  // thread 0 before thread 2
  int sum = 0;
  pool.run(1, [&](int) { ++sum; });
  CHECK(sum == 1);
  CHECK_NOTHROW(fail_at(-1, -1));
}

TEST_CASE("a run within a task runs there", "[cpu]") {
  ThreadPool pool{2};
  std::atomic<int> inner{0}, elsewhere{0};
  pool.run(4, [&](int) {
    const auto here = std::this_thread::get_id();
    pool.run(5, [&](int) {
      ++inner;
      elsewhere += std::this_thread::get_id() != here;
    });
  });
  CHECK(inner == 20);
  CHECK(elsewhere == 0);
}

TEST_CASE("several threads may use one pool", "[cpu]") {
  ThreadPool pool{2};
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 500; ++round) pool.run(4, [&](int) { ++done; });
    });
  for (std::thread& caller : callers) caller.join();
  CHECK(done == 3 * 500 * 4);
}

TEST_CASE("an idle pool sleeps, and wakes", "[cpu]") {
  ThreadPool pool{3};
  std::atomic<int> done{0};
  pool.run(3, [&](int) { ++done; });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double before = processor_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(processor_seconds() - before < 0.05);  // two spinning threads would have used 0.4
  pool.run(3, [&](int) { ++done; });
  CHECK(done == 6);
}

TEST_CASE("the number of threads of new pools can be chosen", "[cpu]") {
  tg::set_threads(3);
  CHECK(tg::threads() == 3);
  ThreadPool& three = tg::default_pool();
  CHECK(three.threads() == 3);
  tg::set_threads(1);
  CHECK(tg::default_pool().threads() == 1);
  CHECK(three.threads() == 3);  // who has it keeps it
  tg::set_threads(3);
  CHECK(&tg::default_pool() == &three);
  CHECK_THROWS_AS(tg::set_threads(0), tg::Error);
  CHECK_THROWS_AS(tg::set_threads(100000), tg::Error);
  CHECK(tg::threads() == 3);
}

TEST_CASE("the environment chooses the number of threads at first", "[cpu]") {
  const char* const kept = std::getenv("TYPEGRAD_THREADS");
  const std::string before = kept == nullptr ? "" : kept;
  setenv("TYPEGRAD_THREADS", "5", 1);
  CHECK(tg::detail::default_threads() == 5);
  for (const char* wrong : {"0", "-1", "two", "3x", "99999"}) {
    setenv("TYPEGRAD_THREADS", wrong, 1);
    CHECK_THROWS_AS(tg::detail::default_threads(), tg::Error);
  }
  unsetenv("TYPEGRAD_THREADS");
  CHECK(tg::detail::default_threads() >= 1);
  if (kept != nullptr) setenv("TYPEGRAD_THREADS", before.c_str(), 1);
}
