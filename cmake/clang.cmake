# A toolchain file that chooses clang: the newest clang++ that is known to compile typegrad.
find_program(typegrad_clang NAMES clang++-22 clang++-21 clang++-20 clang++-19 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER ${typegrad_clang})
