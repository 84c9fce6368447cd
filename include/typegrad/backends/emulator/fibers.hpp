// Threads that take turns: each runs until it waits, all of them in one thread of the system.
// SPDX-License-Identifier: MIT
#pragma once
#include <ucontext.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "typegrad/backends/emulator/stacks.hpp"

namespace tg::emulator {

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
    swapcontext(&home, &next.context);
    home_change.arrive();
    running = -1;
    return next.ended;
  }

  // Of the fiber that runs: back to whoever resumed it.
  void yield() {
    Fiber& self = *fibers[std::size_t(running)];
    self.change.leave_for(home_stack, home_bytes);
    swapcontext(&self.context, &home);
    self.change.arrive(&home_stack, &home_bytes);
  }

 private:
  struct Fiber {
    ucontext_t context{};
    bool ended = false;
    Stack stack;
    StackChange change;
  };

  void prepare(int i) {
    Fiber& fiber = *fibers[std::size_t(i)];
    fiber.ended = false;
    fiber.change = {};
    StackChange::forget(fiber.stack);
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.memory.get();
    fiber.context.uc_stack.ss_size = Stack::bytes;
    fiber.context.uc_link = &home;
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    makecontext(&fiber.context, reinterpret_cast<void (*)()>(&Fibers::enter), 3,
                unsigned(self >> 32), unsigned(self), unsigned(i));
  }
  // makecontext hands on ints, and a pointer is two of them.
  static void enter(unsigned high, unsigned low, unsigned i) {
    Fibers& self = *reinterpret_cast<Fibers*>(std::uintptr_t(high) << 32 | low);
    Fiber& fiber = *self.fibers[i];
    fiber.change.arrive(&self.home_stack, &self.home_bytes);
    self.body(self.argument, int(i));
    fiber.ended = true;
    fiber.change.leave_for_ever(self.home_stack, self.home_bytes);
  }

  Body body = nullptr;
  void* argument = nullptr;
  int running = -1;
  ucontext_t home{};
  StackChange home_change;
  const void* home_stack = nullptr;  // the caller's, as the sanitizer knows it
  std::size_t home_bytes = 0;
  std::vector<std::unique_ptr<Fiber>> fibers;
};

}  // namespace tg::emulator
