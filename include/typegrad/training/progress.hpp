// What fit shows while it runs: a line that moves on a terminal, a line per epoch elsewhere.
// SPDX-License-Identifier: MIT
#pragma once
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "typegrad/core/clock.hpp"
#include "typegrad/training/fit_options.hpp"

namespace tg::fitting {

// Text of bounded length; what does not fit is left out.
class Line {
 public:
  [[gnu::cold, gnu::format(printf, 2, 3)]] Line& put(const char* format, ...) {
    std::va_list numbers;
    va_start(numbers, format);
    const int written =
        std::vsnprintf(text + length, sizeof text - std::size_t(length), format, numbers);
    va_end(numbers);
    length = std::min(length + std::max(written, 0), int(sizeof text) - 1);
    return *this;
  }
  // 46,123
  [[gnu::cold]] Line& put_grouped(double number) {
    if (!(number < 1e9)) return put("%.1e", number);
    const long long whole = (long long)(number + 0.5);
    if (whole < 1000) return put("%lld", whole);
    if (whole < 1000000) return put("%lld,%03lld", whole / 1000, whole % 1000);
    return put("%lld,%03lld,%03lld", whole / 1000000, whole / 1000 % 1000, whole % 1000);
  }
  [[gnu::cold]] Line& put_time(double seconds) {
    if (!(seconds < 1e8)) return put("years");
    if (seconds < 10) return put("%.1f s", seconds);
    if (seconds < 60) return put("%.0f s", seconds);
    const int whole = int(seconds + 0.5);
    if (whole < 3600) return put("%d:%02d min", whole / 60, whole % 60);
    return put("%d:%02d h", whole / 3600, whole / 60 % 60);
  }
  [[gnu::cold]] Line& put_loss(const char* before, const Measured& measured) {
    return put("  %sloss %.4f", before, measured.loss);
  }
  [[gnu::cold]] Line& put_accuracy(const Measured& measured) {
    return put("  accuracy %.2f %%", 100 * measured.accuracy);
  }
  // A bar of `width` characters, `share` of it filled.
  [[gnu::cold]] Line& put_bar(double share, int width) {
    const int inside = width - 2, filled = std::clamp(int(share * inside), 0, inside);
    put("[");
    for (int i = 0; i < inside; ++i) put("%c", i < filled ? '=' : i == filled ? '>' : ' ');
    return put("]");
  }

  const char* c_str() const { return text; }
  int size() const { return length; }
  void cut(int width) {
    length = std::clamp(width, 0, length);
    text[length] = 0;
  }

 private:
  char text[512] = "";
  int length = 0;
};

class ProgressLine {
 public:
  [[gnu::cold]] ProgressLine(Progress wanted, std::FILE* to, bool with_accuracy)
      : how(wanted != Progress::automatic ? wanted
            : isatty(fileno(to))          ? Progress::terminal
                                          : Progress::plain),
        file(to),
        accuracy(with_accuracy) {}
  ~ProgressLine() { erase(); }
  ProgressLine(const ProgressLine&) = delete;

  // Whether step() would show anything now.
  bool is_due() const {
    return how == Progress::terminal && (!shown || seconds_now() - last >= 0.1);
  }
  // Within an epoch: `share` of the whole run is done. At most ten times a second.
  [[gnu::cold]] void step(int epoch, int epochs, double share_of_epoch, double share,
                          const Measured& so_far, double rate) {
    if (!is_due()) return;
    last = seconds_now();
    Line line, tail;
    line.put("epoch %d/%d ", epoch, epochs);
    const int width = columns(), room = width - 1 - line.size();
    // What fits is shown, the first first; the bar takes the rest.
    int fits = 0;
    const auto field = [&] {
      if (tail.size() <= room) fits = tail.size();
    };
    tail.put(" %3d %%", int(100 * share_of_epoch)), field();
    tail.put_loss("", so_far), field();
    if (accuracy) tail.put_accuracy(so_far), field();
    if (share > 0)
      tail.put("  ").put_time((seconds_now() - begun) * (1 - share) / share).put(" left"), field();
    tail.put("  ").put_grouped(rate).put(width < 100 ? "/s" : " samples/s"), field();
    tail.cut(fits);
    if (room - fits >= 6) line.put_bar(share_of_epoch, std::min(room - fits, 30));
    line.put("%s", tail.c_str());
    show(line, '\r');
    shown = true;
  }

  [[gnu::cold]] void epoch(const EpochReport& report, bool validated) {
    if (how == Progress::none) return;
    Line line;
    line.put("epoch %d/%d", report.epoch, report.epochs).put_loss("", report.train);
    if (accuracy) line.put_accuracy(report.train);
    if (validated) line.put_loss("validation ", report.validation);
    if (validated && accuracy) line.put_accuracy(report.validation);
    line.put("  ")
        .put_grouped(report.samples_per_second)
        .put(" samples/s  ")
        .put_time(report.seconds);
    erase();
    show(line, '\n');
  }
  [[gnu::cold]] void say(const char* words) {
    if (how == Progress::none) return;
    erase();
    std::fprintf(file, "%s\n", words);
    std::fflush(file);
  }

 private:
  int columns() const {
    winsize size{};
    return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  }
  void erase() {
    if (!shown) return;
    std::fputs("\r\033[K", file);
    std::fflush(file);
    shown = false;
  }
  void show(const Line& line, char end) {
    std::fprintf(file, end == '\r' ? "\r%s\033[K" : "%s\n", line.c_str());
    std::fflush(file);
  }

  Progress how;
  std::FILE* file;
  bool accuracy, shown = false;
  double begun = seconds_now(), last = 0;
};

}  // namespace tg::fitting
