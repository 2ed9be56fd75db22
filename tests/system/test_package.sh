#!/usr/bin/env bash
# The library as others get it: installed and found by find_package, and as a part of another build (FetchContent).
# Both build the example in package/, run it and must print the same numbers.
set -euo pipefail
example=$MIDLAB_SOURCE/tests/system/package
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
launcher=$(command -v ccache || true)

cmake --install "$MIDLAB_BUILD" --prefix "$folder/prefix" >/dev/null
# Moved after the installation: a package must not know where it was installed.
mv "$folder/prefix" "$folder/elsewhere"
cmake -S "$example" -B "$folder/found" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$folder/elsewhere" \
  -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >/dev/null
cmake --build "$folder/found"
"$folder/found/example" | tee "$folder/found.txt"
grep -q '^line_up ' "$folder/found.txt" || { echo "the example printed no measure of privacy" >&2; exit 1; }
if grep -rlF "$MIDLAB_SOURCE" "$folder/elsewhere/lib" --include='*.cmake'; then
  echo "the installed package names the source tree" >&2
  exit 1
fi

# The public headers and what they are made of, and no more.
[ -e "$folder/elsewhere/include/mid/mid.hpp" ] || { echo "mid/mid.hpp is not installed" >&2; exit 1; }
[ ! -e "$folder/elsewhere/include/mid/report/svg.hpp" ] || { echo "headers are installed that no public one needs" >&2; exit 1; }

# Who built `mid` alone can install it: a program that is missing is named and left out.
if [ -e "$MIDLAB_BUILD/native/desktop/cmake_install.cmake" ]; then
  sed "s|$MIDLAB_BUILD/bin/|$folder/not-built/|g" "$MIDLAB_BUILD/native/desktop/cmake_install.cmake" >"$folder/without.cmake"
  cmake -DCMAKE_INSTALL_PREFIX="$folder/without" -P "$folder/without.cmake" | tee "$folder/without.txt"
  grep -q 'mid-studio was not built' "$folder/without.txt" || { echo "the installation does not say that mid-studio is missing" >&2; exit 1; }
fi

# As a part of another build, configured as the build under test is. Where it compiles the library's files one by one with the same
# command, that library is the one under test, and the example is linked with it in place of compiling all of it a second time.
part=$MIDLAB_SOURCE/build/package
strict=$(sed -n 's/^MIDLAB_WERROR:BOOL=//p' "$MIDLAB_BUILD/CMakeCache.txt")
compiler=$(sed -n 's/^set(CMAKE_CXX_COMPILER "\(.*\)")/\1/p' "$MIDLAB_BUILD"/CMakeFiles/*/CMakeCXXCompiler.cmake)
precompile=$(sed -n 's/^MIDLAB_PRECOMPILE:[A-Z]*=//p' "$MIDLAB_BUILD/CMakeCache.txt")
cmake -S "$example" -B "$part" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMIDLAB_TREE="$MIDLAB_SOURCE" \
  -DCMAKE_CXX_COMPILER="$compiler" -DMIDLAB_PRECOMPILE="$precompile" -DMIDLAB_WERROR="$strict" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >/dev/null

# compilations BUILD MIDLAB TARGET: the commands for the library's files in a build, in which midlab's part lies in the folder MIDLAB.
# Without the launcher, the build's own paths, the names of what is written, and with one way to name a precompiled header.
compilations() {
  ninja -C "$1" -t commands "$3" | grep ' -c .*[.]cpp$' | grep -F 'mid_core.dir/' |
    sed -E "s#^.*[^ ]+[+][+][^ ]* (-D)#\1#; s#$2/#@/#g; s#$1/together#@/together#g; s# -MD .* -c # -c #
      s#-Xclang (-include-pch) -Xclang ([^ ]*) -Xclang -include -Xclang [^ ]*#\1 \2#" | sort
}
compilations "$MIDLAB_BUILD" "$MIDLAB_BUILD" core/libmidlab.a >"$folder/here.txt"
compilations "$part" "$part/_deps/midlab-build" example >"$folder/there.txt"
[ "$(wc -l <"$folder/here.txt")" -gt 50 ] || { echo "the commands that compile the library were not found" >&2; exit 1; }
if diff "$folder/here.txt" "$folder/there.txt" >"$folder/commands.diff"; then
  ninja -C "$part" CMakeFiles/example.dir/example.cpp.o
  link=$(ninja -C "$part" -t commands example | tail -n 1)
  (cd "$part" && bash -c "${link//_deps\/midlab-build\/core\/libmidlab.a/$MIDLAB_BUILD/core/libmidlab.a}")
else
  echo "as a part of another build the library is compiled otherwise, so it is compiled: $(head -n 4 "$folder/commands.diff")"
  cmake --build "$part" --target example
fi
"$part/example" >"$folder/part.txt"
diff "$folder/found.txt" "$folder/part.txt"
