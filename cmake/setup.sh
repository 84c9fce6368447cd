# Finds what typegrad needs, and installs what is missing where it may. Sourced by the scripts that build:
#   . cmake/setup.sh examples    a C++20 compiler, CMake, Ninja or Make, Eigen, zlib
#   . cmake/setup.sh tests       and Catch2 and Python 3 (for checks of the source alone)
#   . cmake/setup.sh bench       and Google Benchmark
# or called by itself (`bash cmake/setup.sh tests`) to see what is missing. Exports CXX and, where Ninja
# is there, CMAKE_GENERATOR. With everything installed it touches no network. clang and nvcc are never
# needed: tests that want them are skipped with the reason.
setup_set=${1:-examples}
case $setup_set in
  examples | tests | bench) ;;
  *) echo "cmake/setup.sh: '$setup_set' is not one of: examples tests bench" >&2; exit 2 ;;
esac

# True when version $1 is at least $2.
setup_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# True when compiler $1 is one that typegrad supports: g++ 12, or a clang++ whose C++20 is as complete.
setup_compiler_fits() {
  local macros
  macros=$("$1" -dM -E -x c++ -std=c++20 /dev/null 2>/dev/null) || return 1
  case $macros in
    *'__apple_build_version__ '*) setup_at_least "$(setup_macro clang_major)" 16 ;;
    *'__clang__ 1'*) setup_at_least "$(setup_macro clang_major)" 19 ;;
    *) setup_at_least "$(setup_macro GNUC)" 12 ;;
  esac
}
setup_macro() { sed -n "s/^#define __$1__ //p" <<<"$macros"; }

# Prints the compiler to use: CXX as the user set it, else the first that fits.
setup_find_compiler() {
  local name
  for name in ${CXX:-g++ g++-12 g++-13 g++-14 g++-15 c++ clang++-19 clang++}; do
    if setup_compiler_fits "$name"; then echo "$name"; return 0; fi
  done
  return 1
}

# Prints the words for the libraries whose headers compiler $1 does not find: one run of the preprocessor answers for
# every library, as it prints the names of those that are missing.
setup_find_missing_libraries() {
  local prefix include_flags=()
  for prefix in $(tr ":;" "  " <<<"${CMAKE_PREFIX_PATH:-} ${Eigen3_ROOT:-}") /usr /usr/local /opt/homebrew /opt/local; do
    [ "$prefix" = /usr ] || include_flags+=("-I$prefix/include")
    include_flags+=("-I$prefix/include/eigen3")
  done
  "$1" -E -P -x c++ "${include_flags[@]}" - 2>/dev/null <<'QUESTIONS'
#if !__has_include(<Eigen/Core>)
eigen
#endif
#if !__has_include(<zlib.h>)
zlib
#endif
#if !__has_include(<catch2/catch.hpp>) && !__has_include(<catch2/catch_all.hpp>)
catch2
#endif
#if !__has_include(<benchmark/benchmark.h>)
benchmark
#endif
QUESTIONS
}

# Prints the words for what is missing, one a line. `compiler` is what setup_find_compiler printed.
setup_find_missing() {
  local compiler=$1 here
  [ -n "$compiler" ] || echo compiler
  setup_at_least "$(cmake --version 2>/dev/null | sed -n 's/^cmake version //p')" 3.25 || echo cmake
  command -v ninja >/dev/null || command -v make >/dev/null || echo ninja
  if [ "$setup_set" = tests ]; then command -v python3 >/dev/null || echo python; fi
  # Without a preprocessor for C++ nobody can tell which libraries are there: all are asked for at once.
  here=$(setup_find_missing_libraries "${compiler:-$(command -v cc || command -v cpp)}") ||
    here=$(printf '%s\n' eigen zlib catch2 benchmark)
  case $setup_set in
    examples) grep -Ex 'eigen|zlib' <<<"$here" ;;
    tests) grep -Ex 'eigen|zlib|catch2' <<<"$here" ;;
    bench) grep -Ex 'eigen|zlib|benchmark' <<<"$here" ;;
  esac || true
}

# Prints the command that installs the given words with this system's package manager, or fails.
setup_install_command() {
  local manager word packages=() install
  for manager in apt-get dnf pacman brew none; do
    command -v $manager >/dev/null && break
  done
  [ $manager != none ] || return 1
  for word in "$@"; do
    case $manager:$word in
      # A distribution whose g++ is too old may still have a newer one beside it.
      apt-get:compiler) if command -v g++ >/dev/null; then packages+=(g++-12); else packages+=(g++); fi ;;
      apt-get:ninja | dnf:ninja) packages+=(ninja-build) ;;
      apt-get:eigen) packages+=(libeigen3-dev) ;;
      apt-get:zlib) packages+=(zlib1g-dev) ;;
      apt-get:benchmark) packages+=(libbenchmark-dev) ;;
      apt-get:python | dnf:python) packages+=(python3) ;;
      dnf:compiler) packages+=(gcc-c++) ;;
      dnf:eigen) packages+=(eigen3-devel) ;;
      dnf:zlib) packages+=(zlib-devel) ;;
      dnf:catch2) packages+=(catch-devel) ;;
      dnf:benchmark) packages+=(google-benchmark-devel) ;;
      pacman:compiler | brew:compiler) packages+=(gcc) ;;
      brew:benchmark) packages+=(google-benchmark) ;;
      *) packages+=("$word") ;;
    esac
  done
  case $manager in
    apt-get) install="apt-get install -y --no-install-recommends" ;;
    dnf) install="dnf install -y" ;;
    pacman) install="pacman -S --noconfirm --needed" ;;
    brew) install="brew install" ;;
  esac
  echo "$install ${packages[*]}"
}

# Runs the command in $1 as root where that needs no password; fails where it does.
# shellcheck disable=SC2086  # the commands are words
setup_install() {
  local as_root=env
  case $1 in
    brew*) ;;
    *)
      if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n env"
      fi ;;
  esac
  echo "typegrad: installing what is missing: $1" >&2
  as_root+=" DEBIAN_FRONTEND=noninteractive"
  case $1 in
    # A bare machine has no package lists yet.
    apt-get*) $as_root $1 || { $as_root apt-get update && $as_root $1; } ;;
    *) $as_root $1 ;;
  esac >&2
}

# shellcheck disable=SC2046,SC2086  # lists of words
setup() {
  local compiler missing command= sudo_word=
  compiler=$(setup_find_compiler) || compiler=
  if [ -n "${CXX:-}" ] && [ -z "$compiler" ]; then
    echo "typegrad: CXX=$CXX is not $(setup_words compiler)" >&2
    exit 1
  fi
  missing=$(setup_find_missing "$compiler")
  # Twice: where the g++ that comes is too old, a newer one may be beside it.
  for _ in 1 2; do
    [ -n "$missing" ] || break
    command=$(setup_install_command $missing) || break
    setup_install "$command" || break
    command=  # done: to type it would not help
    compiler=$(setup_find_compiler) || compiler=
    missing=$(setup_find_missing "$compiler")
  done
  if [ -n "$missing" ]; then
    echo "typegrad: missing: $(setup_words $missing)" >&2
    if [ -n "$command" ]; then
      case $command in brew*) ;; *) [ "$(id -u)" = 0 ] || sudo_word="sudo " ;; esac
      echo "typegrad: type: $sudo_word$command" >&2
    fi
    case $missing in *cmake*)
      echo "typegrad: where the system's CMake is older: python3 -m pip install --user 'cmake>=3.25'" >&2 ;;
    esac
    exit 1
  fi
  export CXX=$compiler
  if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then export CMAKE_GENERATOR=Ninja; fi
}

# The words with the versions that are asked for.
setup_words() {
  local word text=
  for word in "$@"; do
    case $word in
      compiler) word="a C++20 compiler (g++ 12 or clang++ 19, or newer)" ;;
      cmake) word="CMake 3.25" ;;
      ninja) word="Ninja or Make" ;;
      eigen) word="Eigen 3.4" ;;
      catch2) word="Catch2" ;;
      benchmark) word="Google Benchmark" ;;
      python) word="Python 3" ;;
    esac
    text+="${text:+, }$word"
  done
  echo "$text"
}

setup
