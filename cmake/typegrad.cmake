# What a project that uses typegrad may call, and what typegrad's own CMake files share.
include_guard(GLOBAL)

# Compiles `target` for the machine that builds it: the CPU backend's vectors are as wide as this says.
function(typegrad_target_native target)
  # GCC and clang spell it differently on Arm.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-mcpu=native>)
  else()
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
  endif()
endfunction()

# find_package(`package`), or one clear message with the line to type.
macro(typegrad_require target words debian_package package)
  if(NOT TARGET ${target})
    find_package(${package} QUIET)
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR
      "typegrad needs ${words}, which CMake does not find. To install it, type:\n"
      "  sudo apt-get install ${debian_package}\n"
      "(on Debian and Ubuntu; on others `bash cmake/setup.sh` says what to type)")
  endif()
endmacro()
