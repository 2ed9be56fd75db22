#!/usr/bin/env bash
# Installs what midlab needs on Debian, from package mirrors alone, and skips what is there.
#
#   core/cmake/setup.sh [story|build|check]
#
#   story   what the program `mid` is built with
#   build   also what the page and the window are built with: Node.js, Emscripten, SDL2 (default)
#   check   also what the tests need
#
# ./demo and ./check source this file and call set_up and build. System packages come from apt and need root or sudo. Everything
# else lands in ${XDG_CACHE_HOME:-~/.cache}/midlab and belongs to the user: archives/ (the table in dependencies.cmake),
# emscripten/ (compiler for the browser; `. emscripten/env.sh` puts it on the path), webgpu/ (the library that --device gpu opens),
# npm/ (what page tests are made with, and ONNX Runtime), cluster/ and mpi/ (Slurm, GNU parallel and OpenMPI, for the tests).

say() { printf '\033[1m%s\033[0m %s\n' "${MID_STEP:-set-up}:" "$*"; }
fail() { printf '%s %s\n' "${MID_STEP:-set-up}: stopped." "$*" >&2; exit 1; }

mid_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# command:package; a command from elsewhere (a newer CMake, NodeSource's node) is as good as the package's.
commands_story=(clang-19:clang-19 g++:g++ cmake:cmake ninja:ninja-build ccache:ccache python3:python3 bzip2:bzip2 xz:xz-utils)
packages_story=(ca-certificates python3-fonttools)
commands_build=(wasm-ld-19:lld-19 llvm-ar-19:llvm-19 node:nodejs npm:npm)
packages_build=(node-acorn libsdl2-dev)
# Xvfb: a screen for the window's tests.
# zsh to desktop-file-validate: what the package brings is looked at with them. mkdocs: the manual (26 packages, 17 s of one core).
# esbuild: a bundler for the npm package's test.
commands_check=(chromium:chromium Xvfb:xvfb clang-format-19:clang-format-19 zsh:zsh fish:fish groff:groff-base pkg-config:pkg-config
  desktop-file-validate:desktop-file-utils mkdocs:mkdocs esbuild:esbuild)
packages_check=(libclang-rt-19-dev libsqlite3-dev python3-numpy python3-dev pybind11-dev fonts-dejavu-core libgl1-mesa-dri libvulkan1 dpkg-dev
  mkdocs-material)

# ---- root and user ---------------------------------------------------------------------------------------------------

# True where build and cache should belong to the person who typed sudo: unless the tree is not theirs to write.
under_sudo() {
  [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ] &&
    runuser -u "$SUDO_USER" -- test -w "$mid_source"
}

continue_as_user() {
  local home
  home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
  exec runuser -u "$SUDO_USER" -- env -u SUDO_USER HOME="$home" USER="$SUDO_USER" LOGNAME="$SUDO_USER" "$@"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo ${in_background:+-n} "$@"    # nobody sees a question for the password there
  else return 1
  fi
}

# ---- system packages -------------------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Prints the packages that are missing for the given purpose (story, build or check), each of which includes those before it.
missing_packages() {
  local pair package wanted=("${commands_story[@]}") packages=("${packages_story[@]}")
  if [ "$1" != story ]; then
    wanted+=("${commands_build[@]}")
    packages+=("${packages_build[@]}")
  fi
  if [ "$1" = check ]; then
    wanted+=("${commands_check[@]}")
    packages+=("${packages_check[@]}")
  fi
  for pair in "${wanted[@]}"; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair#*:}"
  done
  for package in "${packages[@]}"; do
    installed "$package" || echo "$package"
  done
}

install_packages() {
  local missing log
  command -v apt-get >/dev/null || fail "This set-up knows Debian only; on other systems install CMake 3.24, Ninja, a C++20 compiler and Emscripten 3.1.50 or newer, and use the CMake presets (README.md, Building)."
  mapfile -t missing < <(missing_packages "$1")
  [ ${#missing[@]} = 0 ] && return
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "Packages are missing and there is no sudo; run as root: apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  log=$(mktemp)
  {
    { [ "${lists_are_new:-}" = yes ] || as_root apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq update; } &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
      -o Dpkg::Use-Pty=0 -qq -y --no-install-recommends install "${missing[@]}"
  } </dev/null >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "apt-get could not install the packages (its last lines stand above); check the network and the apt sources, then run this again."
  }
  rm -f "$log"
  lists_are_new=yes
}

# ---- archives from the mirrors ---------------------------------------------------------------------------------------

# Prints "from file sha256" for every MIRROR line of the table.
mirror_lines() { sed -n 's/^ *MIRROR *\([^ ]*\) *\([^ ]*\) *\([0-9a-f]\{64\}\)).*/\1 \2 \3/p' "$mid_source/core/cmake/dependencies.cmake"; }

# apt with lists of its own that know Debian 13 and nothing else, on the mirror this machine already uses: the system's
# lists stay as they are, so nothing on the system can be upgraded by accident.
debian13() { apt-get "${debian13_options[@]}" -qq "$@"; }

open_debian13() {
  [ ${#debian13_options[@]} = 0 ] || return 0
  local mirror folder=$cache/apt
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  [ -n "$mirror" ] || fail "apt knows no Debian mirror yet; run 'apt-get update' as root, then run this again."
  rm -rf "$folder"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' deb "$mirror" deb-src "$mirror" >"$folder/sources.list"
  debian13_options=(-o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3)
  say "reading the package lists of Debian 13 (for sources and Emscripten)"
  debian13 update || fail "The package lists of Debian 13 could not be read; check the network, then run this again."
}

# A file that failed to arrive whole must not be found by the next run: fetched into a folder aside, checked, then moved.
fetch_archives() {
  local from file hash aside=$cache/incoming
  mkdir -p "$cache/archives"
  while read -r from file hash; do
    [ -e "$cache/archives/$file" ] && continue
    [ "$1" != story ] || case $from in npm:* | source:libsdl2) continue ;; esac    # npm itself is not there yet
    [ "$1" = check ] || case $from in npm:playwright-core@* | npm:axe-core@* | npm:typescript@* | npm:onnxruntime-*) continue ;; esac
    case $from in npm:bun-webgpu-*) runs_webgpu || continue ;; esac
    case $from in source:* | deb:*) open_debian13 ;; esac
    say "fetching $file"
    rm -rf "$aside"
    mkdir -p "$aside"
    (
      cd "$aside" || exit
      case $from in
        source:*) debian13 source --download-only --tar-only "${from#source:}" ;;
        deb:*) debian13 download "${from#deb:}" ;;
        npm:*) npm pack --silent "${from#npm:}" >/dev/null ;;
      esac
    ) </dev/null || fail "$file could not be fetched (${from%%:*} package ${from#*:}); check the network, then run this again."
    [ -e "$aside/$file" ] || fail "The mirror has another version of ${from#*:} than $file; put that file into $cache/archives, or update the table in core/cmake/dependencies.cmake."
    echo "$hash  $aside/$file" | sha256sum --check --status || fail "$file has not the SHA-256 of the table in core/cmake/dependencies.cmake; it was not used."
    mv "$aside/$file" "$cache/archives/"
  done < <(mirror_lines)
  rm -rf "$aside"
}

# ---- Emscripten ------------------------------------------------------------------------------------------------------

# True when the caller already has an emcc that is new enough; then nothing is installed beside it.
own_emscripten() {
  local version
  command -v emcc >/dev/null || return 1
  version=$(emcc -dumpversion 2>/dev/null) || return 1
  [ "$(printf '%s\n' 3.1.50 "${version%%-*}" | sort -V | head -n 1)" = 3.1.50 ]
}

# Debian 12's Emscripten is too old for C++20. Debian 13's runs on Debian 12 from a folder of its own: its scripts need
# only Python and clang-19, and its Binaryen programs are started through Debian 13's own libc, unpacked beside them.
install_emscripten() {
  local prefix=$cache/emscripten recipe=1 root deb
  root=$prefix/usr/share/emscripten
  if [ "$(cat "$prefix/recipe" 2>/dev/null)" != $recipe ] && ! own_emscripten; then
    open_debian13
    say "fetching Emscripten (240 MB)"
    rm -rf "$prefix"
    mkdir -p "$prefix/debs" "$prefix/binaryen/bin"
    (cd "$prefix/debs" && debian13 download emscripten binaryen libc6 libstdc++6 libgcc-s1) </dev/null ||
      fail "Emscripten could not be fetched; check the network, then run this again."
    say "unpacking Emscripten"
    # Left out: libraries for threads, link-time optimisation and relocatable code, and Emscripten's own tests (1.4 GB).
    for deb in "$prefix"/debs/*.deb; do
      dpkg-deb --fsys-tarfile "$deb" | tar x -C "$prefix" --exclude='*/emscripten/test' --exclude='*/wasm32-emscripten/lto*' \
        --exclude='*/wasm32-emscripten/pic' --exclude='*-mt*.a' --exclude='*-ww*.a' --exclude=./usr/share/doc ||
        fail "Emscripten could not be unpacked into $prefix; see whether the disk is full, then run this again."
    done
    rm -rf "$prefix/debs"
    write_emscripten_files "$prefix" "$root"
    say "building SDL2 for the browser"
    unpack_sdl2_port "$root"
    "$root/embuilder" build sdl2 >"$prefix/sdl2.log" 2>&1 || fail "SDL2 did not build for the browser; $prefix/sdl2.log says why."
    echo $recipe >"$prefix/recipe"
  fi
}

# Puts that Emscripten on the path.
use_emscripten() {
  # shellcheck disable=SC1091
  [ ! -e "$cache/emscripten/recipe" ] || own_emscripten || . "$cache/emscripten/env.sh"
}

write_emscripten_files() {
  local prefix=$1 root=$2 loader program
  loader=$(echo "$prefix"/usr/lib/*/ld-linux-*.so.*)
  for program in "$prefix"/usr/bin/wasm*; do
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$(dirname "$loader")" "$program" >"$prefix/binaryen/bin/${program##*/}"
  done
  chmod +x "$prefix"/binaryen/bin/*
  mkdir -p "$root/node_modules"
  ln -sfn /usr/share/nodejs/acorn "$root/node_modules/acorn"
  cat >"$root/.emscripten" <<CONFIG
LLVM_ROOT = '/usr/bin'
LLVM_ADD_VERSION = '19'
CLANG_ADD_VERSION = '19'
BINARYEN_ROOT = '$prefix/binaryen'
NODE_JS = '$(command -v node)'
CACHE = '$root/cache'
FROZEN_CACHE = False
CONFIG
  cat >"$prefix/env.sh" <<ENV
export EMSCRIPTEN="$root" PATH="$root:\$PATH"
ENV
}

# Puts Debian's SDL2 where Emscripten's port would unpack its download, with the mark that says it is up to date.
unpack_sdl2_port() {
  local root=$1 tag port
  tag=$(sed -n "s/^TAG = '\(.*\)'/\1/p" "$root/tools/ports/sdl2.py")
  port=$root/cache/ports/sdl2
  mkdir -p "$port/SDL-$tag"
  tar xf "$cache"/archives/libsdl2_*.orig.tar.gz -C "$port/SDL-$tag" --strip-components=1
  find "$port" -xtype l -delete    # Debian removed what these links point to; Emscripten's copy would stop at them
  echo "https://github.com/libsdl-org/SDL/archive/$tag.zip" >"$port/.emscripten_url"
}

# ---- the GPU's library -----------------------------------------------------------------------------------------------

# The library of the table is for this kind of machine; on others docs/gpu.md says what there is.
runs_webgpu() { [ "$(uname -sm)" = "Linux x86_64" ]; }

install_webgpu() {
  local name=libwebgpu_wrapper.so archive=$cache/archives/bun-webgpu-linux-x64-0.1.7.tgz
  runs_webgpu || return 0
  [ "$(cat "$cache/webgpu/archive" 2>/dev/null)" != "${archive##*/}" ] || return 0
  say "unpacking the library of the GPU"
  rm -rf "$cache/webgpu"
  mkdir -p "$cache/webgpu"
  tar xf "$archive" -C "$cache/webgpu" --strip-components=1 "package/$name" package/LICENSE
  echo "${archive##*/}" >"$cache/webgpu/archive"
}

# ---- packages of tests -----------------------------------------------------------------------------------------------

# What tests require(), unpacked from the archives, whole or these files alone: install_npm NAME [FILE...]
install_npm() {
  local file folder=$cache/npm/node_modules/$1
  file=$(mirror_lines | sed -n "s/^npm:$1@[^ ]* \([^ ]*\) .*/\1/p")
  [ "$(cat "$folder.archive" 2>/dev/null)" = "$file" ] && return
  shift
  say "unpacking $file"
  rm -rf "$folder" "$folder.part"
  mkdir -p "$folder.part"
  tar xf "$cache/archives/$file" -C "$folder.part" --strip-components=1 "${@/#/package/}"
  mv "$folder.part" "$folder"
  echo "$file" >"$folder.archive"
}

# ---- a cluster to test on ----------------------------------------------------------------------------------------------

# unpack_packages FOLDER WHAT PACKAGE...: unpacked and not installed, with the libraries that they need and the system lacks.
unpack_packages() {
  local folder=$cache/$1 what=$2 aside=$cache/incoming deb log
  shift 2
  [ "$(cat "$folder/recipe" 2>/dev/null)" != 1 ] || return 0
  say "fetching $what"
  rm -rf "$folder" "$aside"
  mkdir -p "$folder" "$aside/partial"
  log=$(mktemp)
  apt-get -o Debug::NoLocking=1 -o Dir::Cache::archives="$aside" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 -qq -y \
    --no-install-recommends --reinstall --download-only install "$@" </dev/null >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "$what could not be fetched; run 'apt-get update' as root and check the network, then run this again."
  }
  rm -f "$log"
  for deb in "$aside"/*.deb; do
    dpkg-deb -x "$deb" "$folder" || fail "$what could not be unpacked into $folder; see whether the disk is full, then run this again."
  done
  rm -rf "$aside"
  echo 1 >"$folder/recipe"
}

# Nobody who tests midlab wants daemons that start with the machine (3.4 MB), or an MPI that other programs find (12 MB).
install_cluster() {
  unpack_packages cluster "Slurm and GNU parallel" slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge libmunge2 parallel
  unpack_packages mpi OpenMPI openmpi-bin openmpi-common libopenmpi3 libopenmpi-dev libevent-core-2.1-7 libevent-pthreads-2.1-7 \
    libhwloc15 libhwloc-plugins libpmix2 libfabric1 libibverbs1 libnl-3-200 libnl-route-3-200 libpsm-infinipath1 libpsm2-2 librdmacm1 libucx0
}

# ---- all of it -------------------------------------------------------------------------------------------------------

# set_up story|build|check CALLER [ARGUMENT...]: afterwards everything is installed and emcc is on the path. Under sudo it
# installs the system's packages and starts the caller anew as the user, who then finds nothing left for root to do.
set_up() {
  local purpose=$1
  shift
  install_packages "$purpose"
  if under_sudo; then
    [ "$purpose" != story ] || packages_meanwhile
    continue_as_user "$@"
  fi
  [ "$(printf '%s\n' 3.24 "$(cmake --version | sed -n 's/^cmake version //p')" | sort -V | head -n 1)" = 3.24 ] ||
    fail "CMake $(cmake --version | sed -n 's/^cmake version //p') is too old; install 3.24 or newer."
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/midlab
  mkdir -p "$cache" 2>/dev/null || true
  [ -w "$cache" ] || fail "The cache folder $cache cannot be written; make it yours (chown) or set XDG_CACHE_HOME."
  fill_cache "$purpose"
  use_emscripten
}

# Whoever fills the cache holds its lock: two scripts would take each other's half-fetched files away.
fill_cache() {
  local purpose=$1 lock
  exec {lock}>"$cache/.lock"
  flock "$lock"
  debian13_options=()
  fetch_archives "$purpose"
  [ "$purpose" = story ] || {
    install_emscripten
    install_webgpu
  }
  [ "$purpose" != check ] || {
    install_npm playwright-core
    install_npm axe-core
    install_npm typescript
    install_npm onnxruntime-common
    install_npm onnxruntime-web package.json dist/ort-web.node.js dist/ort-wasm-simd.wasm
    install_cluster
  }
  rm -rf "$cache/apt"
  exec {lock}>&-
}

# ---- what can be fetched while something else is built ---------------------------------------------------------------

# Both leave a descriptor whose end says that the work is done. Nothing is read from it: whoever waited calls `set_up build`, which does
# what is left, and says what went wrong.
packages_meanwhile() {
  [ -n "$(missing_packages build)" ] || return 0
  say "the packages for the page are installed meanwhile"
  in_background=yes
  # shellcheck disable=SC2034    # held keeps the descriptor's other end open
  exec {MID_PACKAGES}< <(
    exec {held}>&1 >/dev/null 2>&1
    install_packages build
  )
  in_background=
  export MID_PACKAGES    # the number, for the user's shell, which inherits the descriptor
}

# After set_up story: the rest of the packages, then the archives and Emscripten, at the lowest priority.
fetch_meanwhile() {
  [ -n "${MID_PACKAGES:-}" ] || packages_meanwhile
  # shellcheck disable=SC2034
  exec {mid_fetching}< <(
    exec {held}>&1 >/dev/null 2>&1
    renice -n 19 -p "$BASHPID"
    wait_for "${MID_PACKAGES:-}"
    [ -n "$(missing_packages build)" ] || fill_cache build
  )
}

# wait_for DESCRIPTOR: until everybody who could write to it has ended; at once where there is none.
wait_for() {
  [ -z "$1" ] || [ ! -e "/proc/$BASHPID/fd/$1" ] || cat <&"$1" >/dev/null
}

# Waits for fetch_meanwhile.
fetched() {
  wait_for "${mid_fetching:-}"
}

# ---- building --------------------------------------------------------------------------------------------------------

# Two builds in one folder would link each other's half-made objects: the second waits until the first script has ended.
one_at_a_time() {
  [ -z "${build_lock:-}" ] || return 0
  exec {build_lock}>"$mid_source/build/.lock"
  flock --nonblock "$build_lock" || {
    say "waiting for another ./demo or ./check in this folder to end"
    flock "$build_lock"
  }
}

# How long a machine with two cores like the one on which midlab is written takes, in seconds, when nothing is built yet: preset:target.
declare -A build_seconds=([release:mid]=320 [release:mid-studio]=120 [release:all]=670 [fuzz:all]=980 [web:all]=370)
declare -A last_step_seconds=([web:all]=40)   # a link that one core does alone

# duration SECONDS: in words, for a machine with this many cores.
duration() {
  local seconds=$(($1 * 2 / $(nproc)))
  if [ "$seconds" -lt 90 ]; then echo "about $(((seconds + 9) / 10 * 10)) s"; else echo "about $(((seconds + 30) / 60)) min"; fi
}

# build PRESET TARGET [-DNAME=VALUE...]: configures one preset of CMakePresets.json and builds one target of it (all: every one).
build() {
  local preset=$1 target=$2 log=$mid_source/build/$1.configure.log seconds
  shift 2
  mkdir -p "$mid_source/build" 2>/dev/null || true
  [ -w "$mid_source/build" ] ||
    fail "The folder build/ cannot be written; it may be root's from an earlier run: delete it or make it yours (chown -R)."
  one_at_a_time
  say "configuring $preset"
  (cd "$mid_source" && cmake --preset "$preset" "$@") >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "CMake could not configure the preset '$preset' (its last lines stand above); if the tree was moved, delete build/ and run this again."
  }
  seconds=${build_seconds[$preset:$target]:-60}
  say "building $preset${target:+ ($target)}: $(duration "$seconds") when nothing is built yet"
  (cd "$mid_source" && NINJA_STATUS="[%f/%t] " cmake --build --preset "$preset" --target "$target" -j "$(nproc)" 2>&1) |
    python3 "$mid_source/core/cmake/progress.py" $((seconds * 2 / $(nproc))) "${last_step_seconds[$preset:$target]:-0}" ||
    fail "The preset '$preset' does not build; the first error above says where."
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  case ${1:-build} in
    story | build | check) set_up "${1:-build}" "$0" "$@" ;;
    *) fail "usage: core/cmake/setup.sh [story|build|check]" ;;
  esac
  say "everything is there"
fi
