# What a project that uses typegrad may call, and what typegrad's own CMake files share.
include_guard(GLOBAL)

set(TYPEGRAD_MARCH native CACHE STRING
    "The machine that typegrad_target_native compiles for, as -march says it: x86-64-v3 is any with AVX2")
function(typegrad_native_flag result)
  # GCC and clang spell it differently on Arm.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(${result} -mcpu=${TYPEGRAD_MARCH} PARENT_SCOPE)
  else()
    set(${result} -march=${TYPEGRAD_MARCH} PARENT_SCOPE)
  endif()
endfunction()

# Compiles `target` for the machine that builds it, or for TYPEGRAD_MARCH: the CPU backend's vectors are as wide as
# this says.
function(typegrad_target_native target)
  typegrad_native_flag(flag)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${flag}>
    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${flag}>)
endfunction()

# Makes CUDA a language of the project, before its targets: finds nvcc, which compiles for the GPU that is there, else
# for all since sm_80.
macro(typegrad_enable_cuda)
  find_program(TYPEGRAD_NVCC NAMES nvcc HINTS ENV CUDA_PATH ENV CUDA_HOME /usr/local/cuda PATH_SUFFIXES bin
               DOC "The nvcc of typegrad")
  if(NOT TYPEGRAD_NVCC AND NOT CMAKE_CUDA_COMPILER)
    message(FATAL_ERROR "typegrad's CUDA backend needs nvcc 13, which CMake does not find: install the CUDA Toolkit")
  endif()
  if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
    set(CMAKE_CUDA_COMPILER ${TYPEGRAD_NVCC})
  endif()
  if(NOT CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
    execute_process(COMMAND nvidia-smi -L OUTPUT_VARIABLE typegrad_gpus ERROR_QUIET)
    if(typegrad_gpus MATCHES "GPU 0")
      set(CMAKE_CUDA_ARCHITECTURES native)
    else()
      set(CMAKE_CUDA_ARCHITECTURES 80)  # and, as PTX, for later ones
    endif()
  endif()
  enable_language(CUDA)
  find_package(CUDAToolkit QUIET GLOBAL)  # for its cuBLASLt, which typegrad::cuda links
endmacro()

# Compiles `target`'s sources with nvcc, for tg::Cuda. CUDA is one of the project's languages, by
# project(… LANGUAGES CXX CUDA) or typegrad_enable_cuda().
function(typegrad_target_cuda target)
  get_target_property(sources ${target} SOURCES)
  set_source_files_properties(${sources} PROPERTIES LANGUAGE CUDA)
  find_package(CUDAToolkit QUIET GLOBAL)  # for its cuBLASLt, which typegrad::cuda links
  target_link_libraries(${target} PRIVATE typegrad::cuda)
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
