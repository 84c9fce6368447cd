// A GPU's thread model on the CPU: blocks, threads, barriers, shared memory, shuffles, atomics.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "typegrad/backends/emulator/fibers.hpp"
#include "typegrad/backends/emulator/views.hpp"

namespace tg::emulator {

inline constexpr int warp_size = 32, most_threads = 1024;
// Of a block, as sm_90's: all, and without the array whose size a launch says.
inline constexpr std::size_t most_shared_bytes = std::size_t(227) << 10,
                             most_static_bytes = std::size_t(48) << 10;

// What a thread waits for.
enum class Wait : std::uint8_t { nothing, warp, block, grid };
inline const char* name_of(Wait wait) {
  constexpr const char* names[] = {"nothing", "warp barrier", "barrier", "grid barrier"};
  return names[int(wait)];
}

template <class T>
inline constexpr char array_tag = 0;

// Shared memory of blocks, by its type and number, and what is left of blocks that have ended: a
// note of each element is much to make anew.
struct SharedArray {
  std::unique_ptr<char[]> bytes;
  std::unique_ptr<Memory> memory;
};
using SharedKey = std::pair<const void*, int>;
inline thread_local std::map<SharedKey, std::vector<SharedArray>> spare_arrays;

// The blocks that are on the device together: one by one, or all of a cooperative kernel's.
class Residents {
  struct Thread {
    Moment moment;
    Wait wait = Wait::nothing;
    Place place{};  // of the barrier that it waits at
    bool ended = false;
    const void* given = nullptr;  // to the other lanes
  };
  struct Block {
    std::map<SharedKey, SharedArray> arrays;
    std::size_t shared_bytes = 0;
  };

 public:
  Residents(int the_first_block, int block_count, int threads_per_block, int all_blocks,
            std::uint32_t the_epoch, std::size_t the_large_bytes = 0)
      : first_block(the_first_block),
        width(threads_per_block),
        grid(all_blocks),
        large_bytes(the_large_bytes),
        blocks(std::size_t(block_count)),
        threads(std::size_t(block_count * threads_per_block)) {
    for (std::size_t i = 0; i < threads.size(); ++i)
      threads[i].moment = {
          .block = first_block + int(i) / width, .thread = int(i) % width, .grid_epoch = the_epoch};
  }

  Residents(const Residents&) = delete;
  Residents& operator=(const Residents&) = delete;
  ~Residents() {
    for (Block& block : blocks)
      for (auto& [key, array] : block.arrays) spare_arrays[key].push_back(std::move(array));
  }

  // body(*this, i) for each thread i. Throws Error when the kernel does what it must not.
  template <class Body>
  void run(Fibers& the_fibers, Body& body) {
    struct Task {
      Residents* self;
      Body* body;
    } task{this, &body};
    fibers = &the_fibers;
    fibers->start(
        int(threads.size()),
        [](void* what, int fiber) {
          Task& of = *static_cast<Task*>(what);
          try {
            (*of.body)(*of.self, fiber);
          } catch (const Error& error) {
            of.self->failure = error.what();
          }
        },
        &task);
    for (std::size_t left = threads.size(); left > 0;) {
      for (std::size_t i = 0; i < threads.size(); ++i) {
        Thread& thread = threads[i];
        if (thread.ended || thread.wait != Wait::nothing) continue;
        current = &thread.moment;
        thread.ended = fibers->resume(int(i));
        current = nullptr;
        if (!failure.empty()) throw Error(failure);
        left -= thread.ended;
      }
      if (left > 0) release();
    }
  }

  // The running thread `i` says these.
  void wait_for(int i, Wait what, const Place& place) {
    Thread& thread = threads[std::size_t(i)];
    thread.wait = what;
    thread.place = place;
    fibers->yield();
  }
  // The value that `source` of the same warp gives at the same place; its own when there is none.
  template <class T>
  T exchange(int i, const T& value, int source, const Place& place) {
    T result;
    exchange_all(i, value, place, [&](auto given) { result = given(source); });
    return result;
  }
  // What all lanes give; a lane's own for those that are not there.
  template <class T>
  std::array<T, warp_size> gather(int i, const T& value, const Place& place) {
    std::array<T, warp_size> all;
    exchange_all(i, value, place, [&](auto given) {
      for (int lane = 0; lane < warp_size; ++lane) all[std::size_t(lane)] = given(lane);
    });
    return all;
  }
  template <class T, int Count, int Number>
  View<T> shared(int i, const Place& place) {
    Block& block = blocks[std::size_t(i / width)];
    using Type = std::integral_constant<int, Count>;
    const SharedKey key{&array_tag<std::pair<T, Type>>, Number};
    SharedArray& array = block.arrays[key];
    if (!array.memory) {
      std::vector<SharedArray>& spare = spare_arrays[key];
      if (spare.empty()) {
        array.bytes.reset(new char[sizeof(T) * std::size_t(Count)]);
        array.memory = std::make_unique<Memory>(joined("shared memory ", std::to_string(Number)),
                                                std::size_t(Count), false);
      } else {
        array = std::move(spare.back());
        spare.pop_back();
        array.memory->forget();
      }
      block.shared_bytes += sizeof(T) * std::size_t(Count);
      const std::size_t most = large_bytes > 0 ? most_shared_bytes : most_static_bytes;
      if (block.shared_bytes > most)
        Memory::fail(now(place),
                     joined("asks for ", std::to_string(block.shared_bytes),
                            " bytes of shared memory, a block has ", std::to_string(most)));
    }
    return {reinterpret_cast<T*>(array.bytes.get()), array.memory.get(), 0, Count};
  }

  // The array whose size the launch says.
  template <class T, int Count>
  View<T> large_shared(int i, const Place& place) {
    if (sizeof(T) * std::size_t(Count) > large_bytes)
      Memory::fail(now(place), joined("uses ", std::to_string(sizeof(T) * std::size_t(Count)),
                                      " bytes of large shared memory, the launch gives ",
                                      std::to_string(large_bytes)));
    return shared<T, Count, -1>(i, place);
  }

  // What thread i believes.
  int thread_of(int i) const {
    const int thread = i % width;
    return thread == 1 && goes_wrong(Fault::two_threads) ? 0 : thread;
  }
  int block_of(int i) const {
    const int block = first_block + i / width;
    return block == 1 && goes_wrong(Fault::two_blocks) ? 0 : block;
  }
  int threads_of_block() const { return width; }
  int blocks_of_grid() const { return grid; }

 private:
  // Calls take(given) while the values of all lanes of the warp are there, given(source) being one.
  template <class T, class Take>
  void exchange_all(int i, const T& value, const Place& place, const Take& take) {
    threads[std::size_t(i)].given = &value;
    wait_for(i, Wait::warp, place);
    const int base = i / warp_size * warp_size;
    take([&](int source) -> const T& {
      const bool there = source >= 0 && source < warp_size && base + source < int(threads.size()) &&
                         base % width + source < width;
      return *static_cast<const T*>(threads[std::size_t(there ? base + source : i)].given);
    });
    wait_for(i, Wait::warp, place);  // all have read before anybody goes on or gives again
  }
  // Nobody can go on by himself: opens each barrier at which all that it waits for have come.
  void release() {
    bool any = false;
    const int count = int(threads.size());
    for (int begin = 0; begin < count; begin += width) {
      for (int warp = 0; warp < width; warp += warp_size)
        any |= open(Wait::warp, begin + warp, begin + std::min(width, warp + warp_size));
      any |= open(Wait::block, begin, begin + width);
    }
    any |= open(Wait::grid, 0, count);
    if (!any) explain();
  }
  bool open(Wait what, int begin, int end) {
    const Place& place = threads[std::size_t(begin)].place;
    for (int i = begin; i < end; ++i) {
      const Thread& thread = threads[std::size_t(i)];
      if (thread.ended || thread.wait != what || !(thread.place == place)) return false;
    }
    if (what == Wait::grid && count_of_blocks() != grid) return false;
    for (int i = begin; i < end; ++i) {
      Thread& thread = threads[std::size_t(i)];
      thread.wait = Wait::nothing;
      thread.moment.warp_epoch += what == Wait::warp;
      thread.moment.block_epoch += what == Wait::block;
      thread.moment.grid_epoch += what == Wait::grid;
    }
    return true;
  }
  int count_of_blocks() const { return int(blocks.size()); }

  // Who waits for whom: of those who wait, one that waits for the fewest.
  [[noreturn]] void explain() const {
    const Thread* waits = nullptr;
    for (const Thread& thread : threads)
      if (!thread.ended && (!waits || thread.wait < waits->wait)) waits = &thread;
    if (waits->wait == Wait::grid && count_of_blocks() != grid)
      Memory::fail(at(*waits), "waits at a grid barrier, in a kernel that is not cooperative");
    for (const Thread& thread : threads) {
      if (!thread.ended && thread.wait == waits->wait && thread.place == waits->place) continue;
      if (waits->wait != Wait::grid && thread.moment.block != waits->moment.block) continue;
      if (waits->wait == Wait::warp && thread.moment.warp() != waits->moment.warp()) continue;
      Memory::fail(at(*waits), joined("waits at a ", name_of(waits->wait), " that thread ",
                                      std::to_string(thread.moment.thread), " of block ",
                                      std::to_string(thread.moment.block), " does not come to: it ",
                                      thread.ended ? std::string("has ended")
                                                   : joined("waits at a ", name_of(thread.wait),
                                                            " at ", thread.place.text())));
    }
    Memory::fail(at(*waits), "waits for ever");
  }
  static Moment at(const Thread& thread) {
    Moment moment = thread.moment;
    moment.place = thread.place;
    return moment;
  }

  int first_block, width, grid;
  std::size_t large_bytes;
  std::vector<Block> blocks;
  std::vector<Thread> threads;
  Fibers* fibers = nullptr;
  std::string failure;
};

// What a kernel's thread knows of itself: the context that every kernel is a template over. The
// other one is backends/cuda/device.cuh.
class Context {
 public:
  template <class T>
  using Global = View<T>;

  Context(Residents& the_residents, int the_index) : residents(&the_residents), index(the_index) {}

  int thread() const { return residents->thread_of(index); }
  int threads() const { return residents->threads_of_block(); }
  int block() const { return residents->block_of(index); }
  int blocks() const { return residents->blocks_of_grid(); }
  int lane() const { return thread() % warp_size; }
  int warp() const { return thread() / warp_size; }
  int warps() const { return threads() / warp_size; }

  using Source = std::source_location;
  void barrier(const Source& at = Source::current()) const { wait(Wait::block, Place::of(at)); }
  void warp_barrier(const Source& at = Source::current()) const { wait(Wait::warp, Place::of(at)); }
  // All lanes of a warp have asked for what they read before this, and have computed nothing with
  // it yet: so that they wait for memory once. (A compiler would save registers instead.)
  void wait_once(const Source& at = Source::current()) const {
    residents->wait_for(index, Wait::warp, Place::of(at));
  }
  // All blocks: in cooperative kernels alone.
  void grid_barrier(const Source& at = Source::current()) const { wait(Wait::grid, Place::of(at)); }

  // The value of lane `lane() ^ mask`, of lane `lane() + by`, of lane `of`. All lanes of a warp
  // come.
  template <class T>
  T shuffle_xor(T value, int mask, const Source& at = Source::current()) const {
    return exchange(value, lane() ^ mask, at);
  }
  template <class T>
  T shuffle_down(T value, int by, const Source& at = Source::current()) const {
    return exchange(value, lane() + by, at);
  }
  template <class T>
  T shuffle(T value, int of, const Source& at = Source::current()) const {
    return exchange(value, of, at);
  }

  // What all lanes of the warp give: here alone, for the twins of instructions that see it all.
  template <class T>
  std::array<T, warp_size> every_lane(const T& value, const Source& at = Source::current()) const {
    return residents->gather(index, value, Place::of(at));
  }

  // Count elements that the block's threads share; another Number is another array.
  template <class T, int Count, int Number = 0>
  View<T> shared(const Source& at = Source::current()) const {
    return residents->shared<T, Count, Number>(index, Place::of(at));
  }
  // The one array that may be larger than 48 KiB. Such a kernel says Kernel::large_shared, the
  // bytes that a launch asks for.
  template <class T, int Count>
  View<T> large_shared(const Source& at = Source::current()) const {
    return residents->large_shared<T, Count>(index, Place::of(at));
  }
  template <class T>
  static T add_atomically(const Element<T>& element, T value) {
    return element.add_atomically(value);
  }

 private:
  template <class T>
  T exchange(T value, int source, const Source& at) const {
    const Place place = Place::of(at);
    if (goes_wrong(Fault::own_value, place)) source = lane();
    if (lane() == 1 && goes_wrong(Fault::absent_lane, place)) return value;
    return residents->exchange(index, value, source, place);
  }
  void wait(Wait what, const Place& place) const {
    if (!goes_wrong(Fault::no_barrier, place)) residents->wait_for(index, what, place);
  }

  Residents* residents;
  int index;
};

// The memory of a device, as the host sees it: elements in order, named in what goes wrong.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t elements, std::string name = "global memory")
      : numbers(elements), memory(std::move(name), elements, false) {}
  Buffer(const std::vector<T>& values, std::string name = "global memory")
      : numbers(values), memory(std::move(name), values.size(), true) {}

  // What kernels are given.
  View<T> view() { return {numbers.data(), &memory, 0, std::int64_t(numbers.size())}; }
  const std::vector<T>& host() const { return numbers; }

 private:
  std::vector<T> numbers;
  Memory memory;
};

// Of the thread of the system that launches: stacks are used again, and each launch is after the
// one before.
inline thread_local Fibers launch_fibers;
inline thread_local std::uint32_t launch_epoch = 0;

// Runs Kernel::run(context, arguments…) for `blocks` blocks of Kernel::threads threads. Throws
// Error for an access past the end of its memory or to what nobody has written, for two threads at
// one element without a barrier between, and for barriers that not all threads come to.
template <class Kernel, class... Arguments>
void launch(int blocks, const Arguments&... arguments) {
  static_assert(Kernel::threads > 0 && Kernel::threads <= most_threads);
  const auto body = [&](Residents& residents, int i) {
    const Context context(residents, i);
    Kernel::run(context, arguments...);
  };
  constexpr bool together = requires { Kernel::cooperative; };
  const int step = together ? blocks : 1;
  std::size_t large_bytes = 0;
  if constexpr (requires { Kernel::large_shared; }) large_bytes = std::size_t(Kernel::large_shared);
  if (faults != nullptr) faults->begin(std::source_location::current().function_name());
  launch_epoch += 1u << 16;  // barriers of the grid count on from here
  for (int first = 0; first < blocks; first += step) {
    Residents residents(first, step, Kernel::threads, blocks, launch_epoch, large_bytes);
    residents.run(launch_fibers, body);
  }
}

}  // namespace tg::emulator
