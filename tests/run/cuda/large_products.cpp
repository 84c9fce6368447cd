// Large products by a library: here one of plain loops, which reads what it is told.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/backends/reference.hpp"

namespace tg::test {
namespace {

// The emulated GPU with a library that makes every product, or none.
class WithLibrary : public emulator::Device {
 public:
  static constexpr std::int64_t large_product = 0;
  using Product = cuda::LargeProduct<emulator::AnyView>;

  explicit WithLibrary(bool may_multiply = true) : able(may_multiply) {}

  void prepare_products() { prepared = true; }
  bool multiply(const Product& product) {
    REQUIRE(prepared);
    if (!able) return false;
    ++products;
    switch (product.factors) {
      case cuda::Stored::f64:
        multiply<double>(product);
        break;
      case cuda::Stored::bf16:
        multiply<bfloat16>(product);
        break;
      case cuda::Stored::f16:
        multiply<float16>(product);
        break;
      case cuda::Stored::f32:
        multiply<float>(product);
        break;
    }
    return true;
  }
  int products = 0;

 private:
  // Columns of a matrix, as they lie.
  template <class T>
  static std::vector<T> read(const emulator::AnyView& from, int rows, int columns, int pitch) {
    using Bits = std::conditional_t<is_half_type<T>, std::uint16_t, T>;
    std::vector<Bits> bits(std::size_t((columns - 1) * pitch + rows));
    from.as<Bits>().to_host(bits.data(), std::int64_t(bits.size()));
    std::vector<T> numbers(bits.size());
    std::memcpy(static_cast<void*>(numbers.data()), bits.data(), bits.size() * sizeof(T));
    return numbers;
  }
  template <class T>
  static void multiply(const Product& product) {
    const auto& [rows, columns, depth, left, right, pitch] = product.shape;
    const std::vector<T> a = left.transposed ? read<T>(product.left, depth, rows, left.pitch)
                                             : read<T>(product.left, rows, depth, left.pitch);
    const std::vector<T> b = right.transposed ? read<T>(product.right, columns, depth, right.pitch)
                                              : read<T>(product.right, depth, columns, right.pitch);
    for (int column = 0; column < columns; ++column)
      for (int row = 0; row < rows; ++row) {
        double sum = 0;
        for (int k = 0; k < depth; ++k)
          sum +=
              double(cuda::arithmetic_t<T>(
                  a[std::size_t(left.transposed ? row * left.pitch + k : k * left.pitch + row)])) *
              double(cuda::arithmetic_t<T>(b[std::size_t(
                  right.transposed ? k * right.pitch + column : column * right.pitch + k)]));
        if (product.adds) sum += double(read_result(product, column * pitch + row));
        write(product, column * pitch + row, sum);
      }
  }
  static double read_result(const Product& product, int at) {
    const auto number = [&]<class Number>(Number) {
      return double(read<Number>(product.added, at + 1, 1, at + 1)[std::size_t(at)]);
    };
    if (product.results == cuda::Stored::f64) return number(double());
    return number(float());
  }
  static void write(const Product& product, int at, double sum) {
    const auto put = [&]<class S>(S number) {
      product.result.as<S>().part(at, 1).from_host(&number, 1);
    };
    if (product.results == cuda::Stored::f64) put(sum);
    if (product.results == cuda::Stored::f32) put(float(sum));
    if (product.results == cuda::Stored::bf16) put(bfloat16(float(sum)).bits);
    if (product.results == cuda::Stored::f16) put(float16(float(sum)).bits);
  }

  bool able, prepared = false;
};

struct Library : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, WithLibrary>;
};

using Net = Sequence<Input<20>, Linear<13>, Tanh, Linear<9>, Relu, Linear<3>>;
using Step = fitting::TrainingStep<Net, CrossEntropy>;

// Products of matrices that the samples share, in all orders.
struct Shared {
  static constexpr auto define(Scope& s) {
    const Var a = s.argument("a", {5, 7}), b = s.argument("b", {7, 4});
    const Var ab = matmul(a, b);
    return outputs(ab, tanh(ab) + 1, grad(sum(square(ab)), a), grad(sum(square(ab)), b));
  }
};

// A product that is added to another value of each sample: the library adds.
struct Residual {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6}), z = exp(s.input("z", {5}));
    const Var w = s.argument("w", {5, 6});
    return outputs(matmul(w, x) + z, sum(z, within));
  }
};

template <class Phase>
constexpr int adds() {
  if constexpr (cuda::ProductPhase<Phase>::exists)
    return cuda::ProductPhase<Phase>::adds;
  else
    return 0;
}

template <class D, DType dtype, Purpose purpose>
void check(bool able, int samples, int products, double units = 300) {
  using T = element_t<dtype>;
  using Program = runtime::ProgramOf<D, purpose, dtype, 0, Mode<>, Library>;
  Reference reference([](ir::Recording& recording) { recording = record<D>(purpose, f64); });
  reference.fill(samples);
  WithLibrary device(able);
  cuda::Executor<WithLibrary, T> executor(Program::program(), device);
  std::vector<std::shared_ptr<void>> memory;
  const auto keep = [&]<class Number>(int slot, std::vector<Number> numbers) {
    const auto buffer = std::make_shared<emulator::Buffer<Number>>(std::move(numbers), "a slot");
    memory.push_back(buffer);
    executor.bind(slot, buffer->view());
    return buffer->view();
  };
  for (int i = 0; i < reference.leaves(); ++i) {
    const Doubles& values = reference.values[std::size_t(i)];
    const bool integers = reference.leaf(i).op == Op::label;
    if (integers)
      keep(passes::leaf_slot(i), std::vector<std::int32_t>(values.begin(), values.end()));
    else
      keep(passes::leaf_slot(i), std::vector<T>(values.begin(), values.end()));
  }
  const auto expected = reference.evaluate(samples);
  std::map<int, emulator::View<T>> results;
  for (const auto& [key, numbers] : expected)
    results[key] = keep(key >= gradient_of ? passes::gradient_slot(key - gradient_of)
                                           : passes::output_slot(reference.leaves(), key),
                        std::vector<T>(numbers.size()));
  executor.run(samples, seed, call);
  CHECK(device.products == products);
  for (const auto& [key, numbers] : expected) {
    INFO(spell(key));
    std::vector<T> got(numbers.size());
    device.to_host(got.data(), results[key], got.size());
    CHECK(distance(got, numbers) < units);
  }
}

}  // namespace

TEST_CASE("a step's products go to the device's library") {
  check<Step, f32, Purpose::training>(true, 65, 8);
  check<Step, f64, Purpose::training>(true, 7, 8);
}
TEST_CASE("a sum with a product is the library's") {
  using L = runtime::ProgramOf<Residual, Purpose::inference, f32, 0, Mode<>, Library>::Plan::L;
  static_assert([]<int... Step>(std::integer_sequence<int, Step...>) {
    return (0 + ... + adds<typename decltype(cuda::phase_of<L, Step>())::type>());
  }(std::make_integer_sequence<int, L::plan.steps.size()>{}) == 1);
  check<Residual, f32, Purpose::inference>(true, 65, 1);
  check<Residual, f64, Purpose::inference>(true, 7, 1);
}
TEST_CASE("what the library cannot do our kernels do") {
  check<Step, f32, Purpose::training>(false, 65, 0);
}
TEST_CASE("products of shared matrices go there, too") {
  check<Shared, f32, Purpose::inference>(true, 1, 3);
  check<Shared, f64, Purpose::inference>(true, 1, 3);
}
TEST_CASE("a model in half whose products a library makes") {
  const auto answers = []<class Backend>(Backend) {
    Model<Net, Backend, bf16> model(3);
    std::vector<float> x(20 * 7);
    Random random(7);
    for (float& number : x) number = float(random.between(-1, 1));
    const auto y = model(x);
    return std::vector<float>(y.data(), y.data() + y.size());
  };
  const std::vector<float> cpu = answers(Cpu{}), gpu = answers(Library{});
  for (std::size_t i = 0; i < cpu.size(); ++i) CHECK(gpu[i] == Approx(cpu[i]).margin(0x1p-6));
}

}  // namespace tg::test
