// Threads that take turns: each runs until it waits, all of them in one thread of the system.
// SPDX-License-Identifier: MIT
#pragma once
#include <ucontext.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "typegrad/backends/emulator/stacks.hpp"

namespace tg::emulator {

// Where somebody goes on who has left: at its beginning, a context, the first time.
class Turn {
 public:
  // The next one to go there begins with enter(words…) on the stack, and never comes back from it.
  template <class... Word>
  void begin_at(void (*enter)(Word...), const Stack& stack, Word... words) {
    begun = false;
    getcontext(&context);
    context.uc_stack.ss_sp = stack.memory.get();
    context.uc_stack.ss_size = Stack::bytes;
    context.uc_link = nullptr;
    makecontext(&context, reinterpret_cast<void (*)()>(enter), int(sizeof...(Word)), words...);
  }

// swapcontext asks the system for its signals each time, which would be two thirds of an emulated
// kernel's time. g++'s own jumps do not; clang's lose the frame that they come back to, and the
// address sanitizer follows contexts.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
  // Who calls this goes on behind it when somebody goes to `here`.
  [[gnu::noinline]] static void go(Turn& here, Turn& there) {
    here.begun = true;
    if (__builtin_setjmp(here.place) == 0) there.take();
  }

 private:
  [[gnu::noinline]] void take() {
    if (!begun) setcontext(&context);
    __builtin_longjmp(place, 1);
  }

  void* place[5]{};
#else
  static void go(Turn& here, Turn& there) { swapcontext(&here.context, &there.context); }

 private:
#endif
  ucontext_t context{};
  bool begun = false;
};

// Runs the same body some number of times, each on a stack of its own. What waits says so by
// `yield` and goes on when it is resumed.
class Fibers {
 public:
  using Body = void (*)(void* what, int fiber);

  Fibers() = default;
  Fibers(const Fibers&) = delete;
  Fibers& operator=(const Fibers&) = delete;

  // Post: `count` fibers that wait for their first turn. Those of the last call, if any have not
  // ended, are forgotten with all that was on their stacks.
  void start(int count, Body the_body, void* the_argument) {
    body = the_body;
    argument = the_argument;
    while (int(fibers.size()) < count) fibers.push_back(std::make_unique<Fiber>());
    for (int i = 0; i < count; ++i) prepare(i);
  }

  // The fiber goes on until it waits again or ends. True when it has ended.
  bool resume(int fiber) {
    Fiber& next = *fibers[std::size_t(fiber)];
    running = fiber;
    home_change.leave_for(next.stack.memory.get(), Stack::bytes);
    Turn::go(home, next.turn);
    home_change.arrive();
    running = -1;
    return next.ended;
  }

  // Of the fiber that runs: back to whoever resumed it.
  void yield() {
    Fiber& self = *fibers[std::size_t(running)];
    self.change.leave_for(home_stack, home_bytes);
    Turn::go(self.turn, home);
    self.change.arrive(&home_stack, &home_bytes);
  }

 private:
  struct Fiber {
    Turn turn;
    bool ended = false;
    Stack stack;
    StackChange change;
  };

  void prepare(int i) {
    Fiber& fiber = *fibers[std::size_t(i)];
    fiber.ended = false;
    fiber.change = {};
    StackChange::forget(fiber.stack);
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    fiber.turn.begin_at(&Fibers::enter, fiber.stack, unsigned(self >> 32), unsigned(self),
                        unsigned(i));
  }
  // makecontext hands on ints, and a pointer is two of them.
  static void enter(unsigned high, unsigned low, unsigned i) {
    Fibers& self = *reinterpret_cast<Fibers*>(std::uintptr_t(high) << 32 | low);
    Fiber& fiber = *self.fibers[i];
    fiber.change.arrive(&self.home_stack, &self.home_bytes);
    self.body(self.argument, int(i));
    fiber.ended = true;
    fiber.change.leave_for_ever(self.home_stack, self.home_bytes);
    Turn::go(fiber.turn, self.home);
  }

  Body body = nullptr;
  void* argument = nullptr;
  int running = -1;
  Turn home;
  StackChange home_change;
  const void* home_stack = nullptr;  // the caller's, as the sanitizer knows it
  std::size_t home_bytes = 0;
  std::vector<std::unique_ptr<Fiber>> fibers;
};

}  // namespace tg::emulator
