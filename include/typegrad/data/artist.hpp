// Draws one digit as a hand would, with a pen, on a sheet that is bent and turned.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "typegrad/core/random.hpp"
#include "typegrad/data/pen.hpp"
#include "typegrad/data/strokes.hpp"

namespace tg::data {

// Draws one digit after another into images of one size. Allocates in its constructor alone.
class Artist {
 public:
  // Pre: height and width are positive.
  Artist(int height, int width)
      : rows(height), columns(width), scale(std::min(height, width) / 28.0), pen(height, width) {}

  // Every random number comes from `random`. Post: pixels (rows, columns) are multiples of 1/255 in
  // [0, 1], so that roundings that differ between machines do not show.
  void draw(int digit, Random& random, float* pixels) {
    const Skeleton& way = skeleton(digit, int(random.below(strokes::hands)));
    for (int i = 0; i < way.count; ++i)
      knots[i] = {way.knots[i].x / 100.0 + tremble * normal(random),
                  way.knots[i].y / 100.0 + tremble * normal(random)};
    lay_paper(random);
    const double softness = scale * between(random, 0.9, 1.9);
    const double radius = scale * between(random, 0.7, 1.8);
    const double unevenness = between(random, 0, 0.3), phase = between(random, 0, two_pi);
    const auto tip = [&](double position) {
      return radius * (1 + unevenness * std::sin(phase + 0.9 * position));
    };

    pen.clear();
    for (int i = 0; i + 1 < way.count; ++i) {
      if (way.knots[i + 1].turn == Turn::lift) continue;
      const Point leave = tangent(way, i, i), arrive = tangent(way, i + 1, i);
      Point last = on_paper(knots[i]);
      double last_tip = tip(i);
      for (int step = 1; step <= steps; ++step) {
        const double t = double(step) / steps;
        const Point next = on_paper(hermite(knots[i], leave, knots[i + 1], arrive, t));
        const double next_tip = tip(i + t);
        pen.line(last, next, last_tip, next_tip, softness);
        last = next;
        last_tip = next_tip;
      }
    }
    develop(random, softness, pixels);
  }

 private:
  static constexpr double two_pi = 6.283185307179586;
  static constexpr double tremble = 0.025;  // of a knot, in boxes
  static constexpr int steps = 6;           // lines for each curve between two knots

  struct Wave {
    double x, y, phase, along_x, along_y;
  };

  // Mean 0, variance 1, within ±3: the sum of three uniform numbers, the same on every machine.
  [[gnu::noinline]] static double normal(Random& random) {
    return 2 * (between(random, 0, 1) + between(random, 0, 1) + between(random, 0, 1) - 1.5);
  }
  // Out of line, as everything that is not drawing: the generator is long and called from
  // everywhere.
  [[gnu::noinline]] static double between(Random& random, double low, double high) {
    return random.between(low, high);
  }

  // The sheet: an affine map of the unit box onto the image after an elastic distortion of two
  // waves.
  [[gnu::noinline]] void lay_paper(Random& random) {
    for (Wave& wave : waves) {
      wave = {between(random, -1.5, 1.5), between(random, -1.5, 1.5), between(random, 0, two_pi),
              0.025 * normal(random), 0.025 * normal(random)};
    }
    const double tall = 20 * scale * between(random, 0.8, 1.1);
    const double wide = tall * between(random, 0.6, 0.95);
    const double turn = 0.11 * normal(random), slant = 0.08 + 0.16 * normal(random);
    const double cosine = std::cos(turn), sine = std::sin(turn);
    // turn * (1 -slant; 0 1) * (wide 0; 0 tall): y points down, so a positive slant leans to the
    // right.
    xx = cosine * wide, xy = (-cosine * slant - sine) * tall;
    yx = sine * wide, yy = (cosine - sine * slant) * tall;
    middle = {(columns - 1) / 2.0 + 1.0 * scale * normal(random),
              (rows - 1) / 2.0 + 1.0 * scale * normal(random)};
  }

  [[gnu::noinline]] Point on_paper(Point p) const {
    Point bent = p;
    for (const Wave& wave : waves) {
      const double height = std::sin(wave.phase + two_pi * (wave.x * p.x + wave.y * p.y));
      bent.x += wave.along_x * height;
      bent.y += wave.along_y * height;
    }
    const double x = bent.x - 0.5, y = bent.y - 0.5;
    return {middle.x + xx * x + xy * y, middle.y + yx * x + yy * y};
  }

  // The direction of the stroke at `knot` as the curve from knot `from` to the next one sees it (a
  // Catmull-Rom spline, straight out of corners and ends).
  [[gnu::noinline]] Point tangent(const Skeleton& way, int knot, int from) const {
    const bool first = knot == 0 || way.knots[knot].turn == Turn::lift;
    const bool last = knot + 1 == way.count || way.knots[knot + 1].turn == Turn::lift;
    const bool ends = first || last || way.knots[knot].turn == Turn::corner;
    const Point a = knots[ends ? from : knot - 1], b = knots[ends ? from + 1 : knot + 1];
    const double share = ends ? 1.0 : 0.5;
    return {share * (b.x - a.x), share * (b.y - a.y)};
  }

  static Point hermite(Point a, Point leave, Point b, Point arrive, double t) {
    const double u = 1 - t;
    const double wa = u * u * (1 + 2 * t), wl = u * u * t, wb = t * t * (3 - 2 * t),
                 wr = -t * t * u;
    return {wa * a.x + wl * leave.x + wb * b.x + wr * arrive.x,
            wa * a.y + wl * leave.y + wb * b.y + wr * arrive.y};
  }

  // Ink to grey levels: not all pens are black, and the scanner adds a little noise.
  [[gnu::noinline]] void develop(Random& random, double softness, float* pixels) const {
    const double black = between(random, 0.7, 1.0), noise = between(random, 0, 0.16) / 255;
    const std::size_t count = std::size_t(rows) * std::size_t(columns);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      bits = i % 2 == 0 ? random() : bits >> 16;
      const int grain = int(bits & 255) - int(bits >> 8 & 255);  // -255 … 255, small more often
      const double level = black * pen.ink(i, softness) + noise * grain;
      pixels[i] = float(int(std::clamp(level, 0.0, 1.0) * 255 + 0.5)) / 255.0f;
    }
  }

  int rows, columns;
  double scale;  // 1 for 28 x 28
  Pen pen;
  Point knots[Skeleton::most_knots] = {};
  Wave waves[2] = {};
  double xx = 1, xy = 0, yx = 0, yy = 1;
  Point middle{0, 0};
};

}  // namespace tg::data
