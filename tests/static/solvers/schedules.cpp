// Learning rates over the steps.
// SPDX-License-Identifier: MIT
#include "typegrad/solvers/schedules.hpp"

#include "tests/static/near.hpp"

namespace tg::test {
namespace {

constexpr StepDecay stairs{.rate = 0.8, .every = 10, .factor = 0.5};
static_assert(near(stairs(0), 0.8));
static_assert(near(stairs(9), 0.8));
static_assert(near(stairs(10), 0.4));
static_assert(near(stairs(39), 0.1));

constexpr CosineDecay wave{.rate = 1, .steps = 100, .last = 0.2};
static_assert(near(wave(0), 1));
static_assert(near(wave(50), 0.6));
static_assert(near(wave(25), 0.2 + 0.4 * (1 + 0.70710678118654752)));
static_assert(near(wave(100), 0.2));
static_assert(near(wave(1000), 0.2));

constexpr WarmUp slow{10, wave};
static_assert(near(slow(0), 0.1));
static_assert(near(slow(4), 0.5));
static_assert(near(slow(9), 1));
static_assert(near(slow(10), 1));
static_assert(near(slow(60), 0.6));

constexpr WarmUp constant{4, 0.2};
static_assert(near(constant(0), 0.05));
static_assert(near(constant(100), 0.2));

}  // namespace
}  // namespace tg::test
