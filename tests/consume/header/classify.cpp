// The smallest program with LeNet in it: reads an image of 28 x 28 bytes, prints the digit.
#include <cstdio>

// [predict]
#include "lenet.hpp"  // and the standard library: nothing else

int main() {
  std::array<float, 784> image;
  for (float& pixel : image) pixel = float(std::getchar()) / 255;
  const std::array<float, 10> scores = lenet::predict(image);
  int digit = 0;
  for (int i = 1; i < 10; ++i)
    if (scores[i] > scores[digit]) digit = i;
  std::printf("%d\n", digit);
}
// [/predict]
