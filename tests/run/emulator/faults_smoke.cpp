// The emulator finds what a kernel does wrong: each fault is planted, and has a right twin.
#include <typegrad/backends/emulator/device.hpp>

#include "kernels.hpp"
#include "tests/catch.hpp"

using tg::emulator::Buffer;
using tg::emulator::launch;
using namespace kernels;

namespace {

std::vector<float> numbers(int count) {
  std::vector<float> x(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) x[std::size_t(i)] = float(i % 17) - 8;
  return x;
}

// Only here: a device has no such thing.
struct LanesBackwards {
  static constexpr int threads = 64;
  template <class C>
  static void run(const C& c, typename C::template Global<float> y) {
    struct Given {
      int thread, unused[4];
    };
    const auto all = c.every_lane(Given{c.thread(), {}});
    y[c.thread()] = float(all[std::size_t(31 - c.lane())].thread);
  }
};

// What launch says; "" when nothing is wrong.
template <class Kernel, class... Arguments>
std::string fault(int blocks, const Arguments&... arguments) {
  try {
    launch<Kernel>(blocks, arguments...);
  } catch (const tg::Error& error) {
    return error.what();
  }
  return "";
}
bool says(const std::string& text, const std::string& words) {
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("an access past the end is found, and where") {
  Buffer<float> x(numbers(200), "x"), y(200, "y");
  launch<Twice<0>>(2, x.view(), y.view(), 200);
  for (int i = 0; i < 200; ++i) CHECK(y.host()[std::size_t(i)] == 2 * x.host()[std::size_t(i)]);
  const std::string text = fault<Twice<1>>(2, x.view(), y.view(), 200);
  says(text, "block 1, thread 8 uses element 200 of x, which has 200");
  says(text, "kernels.hpp:16");
}

TEST_CASE("a missing barrier is found") {
  Buffer<float> x(numbers(128), "x"), y(128, "y");
  launch<Reverse<true>>(2, x.view(), y.view());
  for (int i = 0; i < 128; ++i)
    CHECK(y.host()[std::size_t(i)] == x.host()[std::size_t(i / 64 * 64 + 63 - i % 64)]);
  // The first threads read what nobody has written yet, the last ones what others just wrote.
  says(fault<Reverse<false>>(2, x.view(), y.view()), "reads shared memory 0[63]");
}

TEST_CASE("sums by shuffles are right, and lanes or warps that do not come are found") {
  Buffer<float> x(numbers(192), "x"), sums(2, "sums");
  launch<BlockSum<Flaw::none>>(2, x.view(), sums.view());
  for (std::size_t block = 0; block < 2; ++block) {
    float expected = 0;
    for (std::size_t i = 0; i < 96; ++i) expected += x.host()[block * 96 + i];
    CHECK(sums.host()[block] == expected);
  }
  says(fault<BlockSum<Flaw::early_lane>>(2, x.view(), sums.view()),
       "waits at a warp barrier that thread 40 of block 0 does not come to: it has ended");
  says(fault<BlockSum<Flaw::one_warp_waits>>(2, x.view(), sums.view()),
       "waits at a barrier that thread 32 of block 0 does not come to: it has ended");
  says(fault<BlockSum<Flaw::waits_elsewhere>>(2, x.view(), sums.view()),
       "waits at a barrier that thread 32 of block 0 does not come to: it waits at a barrier at ");
}

TEST_CASE("a grid barrier needs a cooperative kernel") {
  Buffer<float> sums(5, "sums"), total(1, "total");
  launch<GridSum<true>>(5, sums.view(), total.view());
  CHECK(total.host()[0] == 15);
  says(fault<GridSum<false>>(5, sums.view(), total.view()), "a kernel that is not cooperative");
}

TEST_CASE("two at one number are found unless they add atomically") {
  Buffer<float> total(std::vector<float>{0}, "total");
  launch<Count<How::atomically>>(3, total.view());
  CHECK(total.host()[0] == 96);
  launch<Count<How::plainly>>(1, total.view());
  CHECK(total.host()[0] == 97);
  const std::string blocks = fault<Count<How::plainly>>(3, total.view());
  says(blocks, "block 1, thread 0 reads total[0], which block 0, thread 0 wrote");
  says(blocks, "no barrier is between them");
  says(fault<Count<How::from_two_threads>>(1, total.view()),
       "block 0, thread 1 writes total[0], which block 0, thread 0 wrote");
}

TEST_CASE("a write finds every read before it, however many there were since") {
  Buffer<float> x(std::vector<float>{0}, "x"), y(192, "y");
  launch<ReadByMany<WaitsFor::all>>(1, x.view(), y.view());
  CHECK(x.host()[0] == 1);
  says(fault<ReadByMany<WaitsFor::own_warp>>(1, x.view(), y.view()),
       "block 0, thread 95 writes x[0], which block 0, thread 63 read");
  says(fault<ReadByMany<WaitsFor::own_block>>(2, x.view(), y.view()),
       "block 1, thread 95 writes x[0], which block 0, thread 95 read");
}

TEST_CASE("a test plants faults: what a kernel does at one place goes wrong") {
  using tg::emulator::Fault;
  Buffer<float> x(numbers(192), "x"), y(192, "y"), total(std::vector<float>{0}, "total");
  const auto part = x.view().part(0, 128);
  // The words of the fault when it is planted where the kernel does such a thing first.
  const auto planted = [](Fault what, auto launch_it) {
    tg::emulator::Faults faults;
    launch_it();
    for (const tg::emulator::Site& site : faults.sites())
      if (site.fault == what) {
        faults.plant(site);
        try {
          launch_it();
        } catch (const tg::Error& error) {
          return std::string(error.what());
        }
        return std::string();
      }
    return std::string("nowhere");
  };
  const auto reverse = [&] { launch<Reverse<true>>(2, part, y.view()); };
  const auto sum = [&] { launch<BlockSum<Flaw::none>>(2, x.view(), y.view()); };
  const auto count = [&] { launch<Count<How::atomically>>(3, total.view()); };
  says(planted(Fault::one_further, reverse),
       "block 1, thread 63 uses element 128 of x, which has 128");
  says(planted(Fault::one_before, reverse), "block 0, thread 0 uses element -1 of x");
  says(planted(Fault::no_barrier, reverse), "reads shared memory 0[63]");
  says(planted(Fault::two_threads, reverse), "thread 1 writes shared memory 0[0]");
  says(planted(Fault::two_blocks, reverse), "block 1, thread 0 writes y[0]");
  says(planted(Fault::absent_lane, sum), "that thread 1 of block 0 does not come to");
  CHECK(planted(Fault::own_value, sum).empty());
  CHECK(y.host()[0] != -32);  // a wrong sum
  says(planted(Fault::not_atomic, count), "no barrier is between them");
  CHECK(planted(Fault::not_atomic, sum) == "nowhere");
  reverse();  // and all is well again
}

TEST_CASE("four at once begin at a multiple of 16 bytes") {
  Buffer<float> x(numbers(36), "x"), y(32, "y");
  launch<CopyInFours<4>>(1, x.view(), y.view());
  CHECK(y.host()[31] == x.host()[35]);
  says(fault<CopyInFours<2>>(1, x.view(), y.view()), "no multiple of 16 bytes");
}

TEST_CASE("two at once begin at a multiple of 8 bytes") {
  Buffer<float> x(numbers(20), "x"), y(8, "y");
  launch<SumOfPairs<2>>(1, x.view(), y.view());
  CHECK(y.host()[7] == x.host()[16] + x.host()[17]);
  says(fault<SumOfPairs<1>>(1, x.view(), y.view()), "no multiple of 8 bytes");
}

TEST_CASE("a launch gives as much large shared memory as the kernel said, and a part of it ends") {
  Buffer<float> y(16, "y");
  launch<Large<64>>(1, y.view());
  CHECK(y.host()[15] == 15);
  says(fault<Large<60>>(1, y.view()), "uses 64 bytes of large shared memory, the launch gives 60");
  says(fault<Large<64, 1>>(1, y.view()), "uses element 15 of shared memory");
}

TEST_CASE("every lane sees what all of its warp give") {
  Buffer<float> y(64, "y");
  launch<LanesBackwards>(1, y.view());
  for (int i = 0; i < 64; ++i) CHECK(y.host()[std::size_t(i)] == float(i / 32 * 32 + 31 - i % 32));
}

TEST_CASE("a block has so much shared memory, and no more") {
  Buffer<float> y(1, "y");
  launch<MuchMemory<12000>>(1, y.view());
  CHECK(y.host()[0] == 1);
  says(fault<MuchMemory<13000>>(1, y.view()), "52000 bytes of shared memory");
}

TEST_CASE("the host reads what was written, where there is something") {
  Buffer<float> x(4, "x");
  const float two[] = {1, 2};
  float back[3] = {};
  x.view().part(1, 2).from_host(two, 2);
  x.view().part(1, 2).to_host(back, 2);
  CHECK(back[0] == 1);
  CHECK(back[1] == 2);
  CHECK_THROWS_WITH(x.view().to_host(back, 3),
                    tg::test::contains("reads x[0], which nobody has written"));
  CHECK_THROWS_WITH(x.view().part(2, 2).from_host(back, 3),
                    tg::test::contains("uses x[4], which has 4"));
}
