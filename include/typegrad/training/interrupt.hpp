// Ctrl-C asks training to end after its step; a second one ends the program.
// SPDX-License-Identifier: MIT
#pragma once
#include <signal.h>

#include <atomic>

namespace tg::fitting {

// While one exists, the first SIGINT is noted, and the handler from before is put back at once.
// Several at a time, in several threads, share one handler.
class Interrupt {
 public:
  Interrupt() {
    if (users.fetch_add(1) > 0) return;
    asked = 0;
    struct sigaction action {};
    action.sa_handler = &note;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, nullptr, &before);
    if (before.sa_handler == SIG_IGN) return;  // as nohup wants it
    installed = 1;
    sigaction(SIGINT, &action, nullptr);
  }
  Interrupt(const Interrupt&) = delete;
  ~Interrupt() {
    if (users.fetch_sub(1) == 1) restore();
  }

  bool requested() const { return asked != 0; }

 private:
  static void note(int) {
    asked = 1;
    restore();
  }
  static void restore() {
    if (installed == 0) return;
    installed = 0;
    sigaction(SIGINT, &before, nullptr);
  }

  static inline volatile sig_atomic_t asked = 0, installed = 0;
  static inline struct sigaction before {};
  static inline std::atomic<int> users{0};
};

}  // namespace tg::fitting
