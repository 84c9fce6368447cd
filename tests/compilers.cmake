# The compilers of the tests: the one that builds, clang, nvcc. Each is a list of words to which a file is added.

# Where headers lie, beside the compiler's own folders: what the imported targets would say.
set(include_flags -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR}/tests)
macro(typegrad_add_include_flags target)
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  foreach(folder IN LISTS folders)
    if(folder AND NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
      list(APPEND include_flags -isystem ${folder})
    endif()
  endforeach()
endmacro()
typegrad_add_include_flags(Eigen3::Eigen)
typegrad_add_include_flags(ZLIB::ZLIB)
if(TYPEGRAD_TESTS_THAT_RUN)
  typegrad_require(Catch2::Catch2 "Catch2" catch2 Catch2)
  typegrad_add_include_flags(Catch2::Catch2)
endif()
typegrad_native_flag(native_flags)

find_program(BASH bash REQUIRED)

# The compiler that builds everything else.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(main g++)
  set(main_check ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -fno-diagnostics-show-caret)
else()
  set(main clang)
  set(main_check ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -fno-caret-diagnostics)
endif()
list(APPEND main_check ${native_flags} -Wall -Wextra ${include_flags})

# It verifies the graph after each pass, which is a tenth of what the others, which read the same graphs, would take.
set(verified -DTYPEGRAD_VERIFY_PASSES=0)

# clang beside it: its path, or why not. Where clang builds everything, it has nothing more to do.
find_program(TYPEGRAD_CLANG NAMES clang++-22 clang++-21 clang++-20 clang++-19 clang++
             DOC "The clang++ of typegrad's tests")
set(clang_missing "")
if(main STREQUAL "clang")
  set(TYPEGRAD_CLANG "")
elseif(NOT TYPEGRAD_CLANG)
  set(clang_missing "no clang++ 19 found")
else()
  execute_process(COMMAND ${TYPEGRAD_CLANG} -dumpversion OUTPUT_VARIABLE version
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(version VERSION_LESS 19)
    set(clang_missing "clang++ 19 needed, ${version} found")
  endif()
endif()
set(clang_flags -std=c++20 -O0 -pthread ${native_flags} -Wall -Wextra -Werror ${verified} ${include_flags})
set(clang_build ${TYPEGRAD_CLANG} ${clang_flags})
set(clang_check ${clang_build} -fsyntax-only -fno-caret-diagnostics)

find_program(TYPEGRAD_NVCC NAMES nvcc HINTS ENV CUDA_PATH ENV CUDA_HOME /usr/local/cuda PATH_SUFFIXES bin
             DOC "The nvcc of typegrad's tests")
set(nvcc_missing "")
if(NOT TYPEGRAD_NVCC)
  set(nvcc_missing "no nvcc 13 found")
else()
  execute_process(COMMAND ${TYPEGRAD_NVCC} --version OUTPUT_VARIABLE version ERROR_QUIET)
  if(NOT version MATCHES "release ([0-9.]+)")
    set(nvcc_missing "nvcc 13 needed, one that does not run found")
  elseif(CMAKE_MATCH_1 VERSION_LESS 13)
    set(nvcc_missing "nvcc 13 needed, ${CMAKE_MATCH_1} found")
  endif()
endif()
if(TYPEGRAD_REQUIRE_NVCC AND nvcc_missing)
  message(FATAL_ERROR "typegrad's tests for CUDA: ${nvcc_missing}")
endif()
set(nvcc_flags -std=c++20 -x cu --expt-relaxed-constexpr ${verified} ${include_flags})
# One pass over the file suffices for what the compiler says; -c has the host's compiler read its share as well, and makes
# machine code for three generations of GPUs, from one PTX: no line of typegrad asks for which of them it is compiled.
# Nobody runs it, so the assembler need not optimise it, which would take a quarter of the time, and the host makes none.
set(nvcc_check ${TYPEGRAD_NVCC} ${nvcc_flags} -arch=sm_90 -ptx -o /dev/null)
set(nvcc_build ${TYPEGRAD_NVCC} ${nvcc_flags} -arch=compute_80 -code=sm_80,sm_90,sm_100
    -Xptxas -O0 -Werror all-warnings -Xcompiler -Wall,-Wextra,-fsyntax-only -c -o /dev/null)

# The other compilers' checks that exist here: `clang`, unless it builds everything, and `nvcc`.
set(other_compilers nvcc)
if(NOT main STREQUAL "clang")
  list(PREPEND other_compilers clang)
endif()

# One test of `family` for `what` that runs `command`; or, once a family, one that is skipped and says why.
# The name may hold no space of its own: ctest -R takes it as an expression.
function(typegrad_test family compiler what)
  set(name ${family}/${compiler}/${what})
  if(${compiler}_missing)
    set(name "${family}/${compiler} (${${compiler}_missing})")
    if(NOT TEST ${name})
      add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E false)
      set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 1 LABELS "${family};${compiler}")
    endif()
  else()
    add_test(NAME ${name} COMMAND ${ARGN})
    set_tests_properties(${name} PROPERTIES LABELS "${family};${compiler}" TIMEOUT 600)
    if("${ARGN}" MATCHES "precompiled[.](hpp|pch)")
      set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED precompiled_${compiler})
    endif()
  endif()
endfunction()

# Moves the first `count` of the list `files` to the list `some`.
macro(typegrad_take some files count)
  list(SUBLIST ${files} 0 ${count} ${some})
  list(REMOVE_ITEM ${files} ${${some}})
endmacro()

# Tests of `family` that have the compiler, by the command `check`, read `files`: ten in each test, or what follows, which
# bears the name `what` and a number. Those that `alone` matches bear their own: they define what others do, too, outside
# of namespaces.
function(typegrad_read family compiler what check files alone)
  set(together 10)
  if(ARGC GREATER 6)
    set(together ${ARGV6})
  endif()
  set(by_themselves "")
  if(alone)
    set(by_themselves ${files})
    list(FILTER by_themselves INCLUDE REGEX "${alone}")
    list(REMOVE_ITEM files ${by_themselves})
  endif()
  foreach(file IN LISTS by_themselves)
    get_filename_component(name ${file} NAME)
    typegrad_test(${family} ${compiler} ${what}/${name} ${check} ${file})
  endforeach()
  set(number 0)
  while(files)
    math(EXPR number "${number} + 1")
    typegrad_take(some files ${together})
    typegrad_test(${family} ${compiler} ${what}_${number} ${BASH} ${PROJECT_SOURCE_DIR}/tests/read.sh
      ${PROJECT_BINARY_DIR}/tests/${family}/${compiler}/${what}_${number} ${check} -- ${some})
  endwhile()
endfunction()

# Checks by g++ and clang, and clang's programs, read tests/precompiled.hpp as the compiler has left it: a second or two
# less for each file.
# Making it is the first test of whoever is asked for one of theirs.
set(precompiled ${PROJECT_BINARY_DIR}/tests/precompiled)
function(typegrad_precompile compiler)
  add_test(NAME precompiled/${compiler} COMMAND ${ARGN})
  set_tests_properties(precompiled/${compiler} PROPERTIES
    FIXTURES_SETUP precompiled_${compiler} LABELS "static;${compiler}" TIMEOUT 600)
endfunction()
foreach(compiler IN ITEMS main clang nvcc)
  set(${compiler}_plain_check ${${compiler}_check})
endforeach()
if(TYPEGRAD_TESTS_THAT_COMPILE)
  file(MAKE_DIRECTORY ${precompiled}/${main} ${precompiled}/clang)
  if(main STREQUAL "g++")
    # g++ looks for name.gch beside the name that it is given.
    set(as_header ${main_check})
    list(REMOVE_ITEM as_header -fsyntax-only)
    file(WRITE ${precompiled}/g++/precompiled.hpp "#include \"tests/precompiled.hpp\"\n")
    typegrad_precompile(g++ ${as_header} -x c++-header ${precompiled}/g++/precompiled.hpp
      -o ${precompiled}/g++/precompiled.hpp.gch)
    list(APPEND main_check -include ${precompiled}/g++/precompiled.hpp)
  endif()
  if(TYPEGRAD_CLANG AND NOT clang_missing)
    set(catch)
    if(TYPEGRAD_TESTS_THAT_RUN)
      set(catch -DTYPEGRAD_PRECOMPILE_CATCH)
    endif()
    typegrad_precompile(clang ${clang_build} ${catch} -fpch-instantiate-templates -x c++-header
      ${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp -o ${precompiled}/clang/precompiled.pch)
    list(APPEND clang_build -include-pch ${precompiled}/clang/precompiled.pch)
    list(APPEND clang_check -include-pch ${precompiled}/clang/precompiled.pch)
  endif()
endif()

# The sources of `target` from `files`: TYPEGRAD_TESTS_TOGETHER of them are one translation unit, which costs up to a
# third less to build from the beginning, and more when one of them is changed. Each has a namespace of its own
# (together.sh); those that define what other files know stay as they are, and say SKIP_UNITY_BUILD_INCLUSION.
set(TYPEGRAD_TESTS_TOGETHER 1 CACHE STRING "How many files of tests are compiled as one")
function(typegrad_together sources target)
  set(together "")
  set(units "")
  foreach(file IN LISTS ARGN)
    get_filename_component(file ${file} ABSOLUTE)
    get_source_file_property(is_alone ${file} SKIP_UNITY_BUILD_INCLUSION)
    if(is_alone OR TYPEGRAD_TESTS_TOGETHER LESS 2)
      list(APPEND units ${file})
    else()
      list(APPEND together ${file})
    endif()
  endforeach()
  set(number 0)
  while(together)
    math(EXPR number "${number} + 1")
    typegrad_take(some together ${TYPEGRAD_TESTS_TOGETHER})
    set(unit ${CMAKE_CURRENT_BINARY_DIR}/${target}_${number}.cpp)
    add_custom_command(OUTPUT ${unit} VERBATIM
      COMMAND ${BASH} ${PROJECT_SOURCE_DIR}/tests/together.sh ${some} > ${unit}
      DEPENDS ${PROJECT_SOURCE_DIR}/tests/together.sh ${some})
    list(APPEND units ${unit})
  endwhile()
  set(${sources} ${units} PARENT_SCOPE)
endfunction()
