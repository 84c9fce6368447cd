// MNIST: the files in a folder, their spellings, and whether they fit each other.
// SPDX-License-Identifier: MIT
#include "typegrad/data/mnist.hpp"

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"

using namespace std::string_literals;
using tg::test::contains;

namespace {

std::string images(int count, int height, int width) {
  std::string bytes = "\0\0\x08\x03"s;
  for (int extent : {count, height, width}) bytes += "\0\0\0"s + char(extent);
  for (int i = 0; i < count * height * width; ++i) bytes += char(i);
  return bytes;
}

std::string labels(const std::string& values) {
  return "\0\0\x08\x01\0\0\0"s + char(values.size()) + values;
}

std::string fault(const tg::test::Scratch& scratch) {
  return tg::test::words_of<tg::Error>([&] { tg::data::mnist(scratch.path()); });
}

}  // namespace

TEST_CASE("mnist finds its files in either spelling and scales pixels to [0, 1]") {
  const tg::test::Scratch scratch;
  scratch.write("train-images-idx3-ubyte", images(2, 28, 28));
  scratch.write("train-labels.idx1-ubyte", labels("\x07\x00"s));
  scratch.write("t10k-images.idx3-ubyte", images(1, 28, 28));
  scratch.write("t10k-labels-idx1-ubyte", labels("\x09"));
  const auto set = tg::data::mnist(scratch.path());
  CHECK(set.train.count() == 2);
  CHECK(set.test.count() == 1);
  CHECK(set.train.shape() == tg::Shape{1, 28, 28});
  CHECK(set.train.classes() == 10);
  CHECK(set.train.images()[0][0] == 0);
  CHECK(set.train.images()[0][255] == 1);
  CHECK(set.train.images()[1][0] == Approx((784 % 256) / 255.0));
  CHECK(set.train.labels()[0][0] == 7);
  CHECK(set.train.labels()[1][0] == 0);
  CHECK(set.test.labels()[0][0] == 9);
}

TEST_CASE("files that do not fit each other are an error with the path") {
  const tg::test::Scratch scratch;
  CHECK_THAT(fault(scratch), contains("found no file train-images-idx3-ubyte") &&
                                 contains("expected one, raw or with .gz"));
  const auto image_path = scratch.write("train-images-idx3-ubyte", images(2, 28, 27));
  CHECK_THAT(fault(scratch), contains("no file train-labels-idx1-ubyte"));
  scratch.write("train-labels-idx1-ubyte", labels("\x01\x02"));
  CHECK_THAT(fault(scratch), contains(image_path + ": found type 8 and extents 2 x 28 x 27") &&
                                 contains("extents count x 28 x 28"));
  scratch.write("train-images-idx3-ubyte", labels("\x01\x02"));
  CHECK_THAT(fault(scratch), contains("found type 8 and extents 2, expected"));
  scratch.write("train-images-idx3-ubyte", images(2, 28, 28));
  scratch.write("train-labels-idx1-ubyte", labels("\x01\x02\x03"));
  CHECK_THAT(fault(scratch),
             contains("train-labels-idx1-ubyte: found 3 labels, expected 2, one for each image"));
  scratch.write("train-labels-idx1-ubyte", images(2, 28, 28));
  CHECK_THAT(fault(scratch),
             contains("found type 8 and extents 2 x 28 x 28") && contains("one extent"));
  scratch.write("train-labels-idx1-ubyte", labels("\x01\x0a"));
  CHECK_THAT(fault(scratch),
             contains("train-labels-idx1-ubyte: found label 10 at sample 1, expected 0 to 9"));
}

TEST_CASE("MNIST itself") {
  const auto folder = tg::data::find("mnist");
  if (!folder) {
    WARN("skipped: TYPEGRAD_DATA does not name a folder with mnist/ in it");
    return;
  }
  const auto set = tg::data::mnist(*folder);
  REQUIRE(set.train.count() == 60000);
  REQUIRE(set.test.count() == 10000);
  CHECK(set.train.labels()[0][0] == 5);
  CHECK(set.test.labels()[0][0] == 7);
  double sum = 0;
  for (float pixel : set.train.images()) sum += pixel;
  CHECK(sum / (60000 * 784) ==
        Approx(0.1306604763).epsilon(1e-6));  // the mean that everybody subtracts
}

TEST_CASE("find needs TYPEGRAD_DATA and the folder in it") {
  const char* before = std::getenv("TYPEGRAD_DATA");
  const std::string kept = before ? before : "";
  const tg::test::Scratch scratch;
  std::filesystem::create_directory(scratch.path("mine"));
  scratch.write("file", "");
  setenv("TYPEGRAD_DATA", scratch.path().c_str(), 1);
  CHECK(tg::data::find("mine").has_value());
  CHECK(!tg::data::find("file"));
  CHECK(!tg::data::find("other"));
  unsetenv("TYPEGRAD_DATA");
  CHECK(!tg::data::find("mine"));
  if (before) setenv("TYPEGRAD_DATA", kept.c_str(), 1);
}
