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
grep -q '^privacy' "$folder/found.txt" || { echo "the example printed no measure of privacy" >&2; exit 1; }
if grep -rlF "$MIDLAB_SOURCE" "$folder/elsewhere/lib" --include='*.cmake'; then
  echo "the installed package names the source tree" >&2
  exit 1
fi

# With the flags and relative paths of the build under test, so that ccache knows nearly all of it.
part=$MIDLAB_SOURCE/build/package
strict=$(sed -n 's/^MIDLAB_WERROR:BOOL=//p' "$MIDLAB_BUILD/CMakeCache.txt")
export CCACHE_BASEDIR=$MIDLAB_SOURCE CCACHE_NOHASHDIR=1
cmake -S "$example" -B "$part" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMIDLAB_TREE="$MIDLAB_SOURCE" \
  -DMIDLAB_WERROR="$strict" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >/dev/null
cmake --build "$part" --target example
"$part/example" >"$folder/part.txt"
diff "$folder/found.txt" "$folder/part.txt"
