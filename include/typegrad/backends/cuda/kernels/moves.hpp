// Parts of values, put together and taken out: a thread for each number of the result.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// Values are (outer, extent along the axis, Inner). epilogue(c, element, sample, value) gets each
// result.
namespace tg::cuda {

// Every Step-th of Whole from Begin on, Part of them.
template <int Elements, int Whole, int Part, int Inner, int Begin, int Step>
struct Slice {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) { return tiles_of(Elements * stride, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, Elements, stride, [&](int element, int sample) {
      const int outer = element / (Part * Inner), at = element / Inner % Part;
      const int from = (outer * Whole + Begin + at * Step) * Inner + element % Inner;
      epilogue(c, element, sample, Computed<X>(x[from * stride + sample]));
    });
  }
};

// The way back: zeros where nothing was taken.
template <int Elements, int Whole, int Part, int Inner, int Begin, int Step>
struct Pad {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) { return tiles_of(Elements * stride, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, Elements, stride, [&](int element, int sample) {
      const int outer = element / (Whole * Inner), at = element / Inner % Whole - Begin;
      const bool taken = at % Step == 0 && at / Step >= 0 && at / Step < Part;
      const int from = (outer * Part + at / Step) * Inner + element % Inner;
      epilogue(c, element, sample, taken ? Computed<X>(x[from * stride + sample]) : Computed<X>(0));
    });
  }
};

// Two or three parts, of so many along the axis; whether each is a value that the samples share.
template <int Elements, int Inner, int First, bool FirstShared, int Second, bool SecondShared,
          int Third = 0, bool ThirdShared = false>
struct Concatenate {
  static constexpr int threads = 256, whole = First + Second + Third;
  static constexpr int tiles(int stride) { return tiles_of(Elements * stride, threads); }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride,
                                  const Epilogue& epilogue) {
    run(c, a, b, b, stride, epilogue);
  }
  template <class C, class A, class B, class D, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, const D& d, int stride,
                                  const Epilogue& epilogue) {
    for_each_number(c, Elements, stride, [&](int element, int sample) {
      const int outer = element / (whole * Inner), at = element / Inner % whole;
      const auto read = [&](const auto& x, bool shared, int part, int i) -> Computed<A> {
        const int from = (outer * part + i) * Inner + element % Inner;
        return shared ? x[from] : x[from * stride + sample];
      };
      epilogue(c, element, sample,
               at < First            ? read(a, FirstShared, First, at)
               : at < First + Second ? read(b, SecondShared, Second, at - First)
                                     : read(d, ThirdShared, Third, at - First - Second));
    });
  }
};

// Rows of a matrix that integers choose: Width numbers for each of them. Shared: the matrix is the
// samples', the integers each sample's own.
template <int Indices, int Width, bool IndicesShared, bool MatrixShared>
struct Gather {
  static constexpr int threads = 256, elements = Indices * Width;
  static constexpr int tiles(int stride) { return tiles_of(elements * stride, threads); }

  template <class C, class Rows, class Matrix, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Rows& index, const Matrix& matrix, int stride,
                                  const Epilogue& epilogue) {
    for_each_number(c, elements, stride, [&](int element, int sample) {
      const int i = element / Width;
      const Computed<Rows> row = index[IndicesShared ? i : i * stride + sample];
      const int from = int(row) * Width + element % Width;
      epilogue(c, element, sample,
               Computed<Matrix>(matrix[MatrixShared ? from : from * stride + sample]));
    });
  }
};

}  // namespace tg::cuda
