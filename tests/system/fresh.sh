#!/usr/bin/env bash
# The only honest test of the set-up: runs ./check on a Debian 12 that has nothing but its base system.
#
#   tests/system/fresh.sh [--sudo] [--ccache] [--keep] [--in FOLDER] [COMMAND...]     (as root; needs debootstrap, git)
#
#   --ccache      lend it this host's ccache: minutes instead of half an hour, but no measure of the time it takes
#   --sudo        run COMMAND through sudo as an ordinary user, and look that nothing it made belongs to root
#   --keep        leave the machine's folder there afterwards
#   --in FOLDER   where the machine is made (default: a temporary folder; 6 GB)
#   --package DEB install this Debian package and what it needs with apt, try it, remove it; no COMMAND
#   COMMAND       run in a clone of HEAD, twice (default: ./check); `./demo --no-serve` to see how soon a newcomer sees something
#
# Prints when the first story had its result, when the page was there and how long the whole took.
# The machine is a debootstrap chroot. It shares the host's network and, as far as the mirrors need it, the host's apt
# options, proxies and certificates; nothing else. No part of ./check.
set -euo pipefail
source_tree=$(cd "$(dirname "$0")/../.." && pwd)

say() { printf 'fresh: %s\n' "$*"; }
fail() { printf 'fresh: %s\n' "$*" >&2; exit 1; }

through_sudo=no lend_ccache=no keep=no machine= package=
while [ $# -gt 0 ]; do
  case $1 in
    --sudo) through_sudo=yes ;;
    --ccache) lend_ccache=yes ;;
    --keep) keep=yes ;;
    --package) package=$(realpath -e "${2:?"--package needs a .deb"}"); shift ;;
    --in) machine=${2:?"--in needs a folder"}; shift ;;
    -h | --help) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) fail "unknown option '$1'; allowed: --sudo, --ccache, --keep, --in FOLDER, --package DEB" ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || set -- ./check
[ "$(id -u)" = 0 ] || fail "A chroot can only be made by root: run this as root."
for needed in debootstrap git; do
  command -v "$needed" >/dev/null || fail "Install $needed first (apt-get install $needed)."
done
[ -n "$machine" ] || machine=$(mktemp -d /var/tmp/midlab-fresh.XXXXXX)
[ ! -e "$machine/etc" ] || fail "$machine already holds a system; name an empty folder."

leave() {
  local point
  for point in var/ccache dev/shm dev/pts dev sys proc; do
    ! mountpoint -q "$machine/$point" || umount "$machine/$point" ||
      fail "$machine/$point is in use; unmount it, then delete $machine."   # never delete through a mount
  done
  rm -f "$machine.times"
  [ "$keep" = yes ] || rm -rf --one-file-system "$machine"
}
trap leave EXIT

# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
[ -n "$mirror" ] || fail "apt knows no Debian mirror yet: run 'apt-get update' first."
say "making a bare Debian 12 in $machine"
mkdir -p "$machine"
debootstrap --variant=minbase bookworm "$machine" "$mirror" >"$machine.log" 2>&1 || fail "debootstrap failed; $machine.log says why."
rm -f "$machine.log"
echo "127.0.0.1 localhost $(hostname)" >"$machine/etc/hosts"   # sudo asks for the host's own name
mount -t proc proc "$machine/proc"
mount -t sysfs sysfs "$machine/sys"
mount --bind /dev "$machine/dev"
mount --bind /dev/pts "$machine/dev/pts"
mkdir -p /dev/shm
mount -t tmpfs tmpfs "$machine/dev/shm"

# What this host needs to reach its mirrors, its machine needs too.
apt-config dump Acquire | grep -vE '^Acquire(::(IndexTargets|Languages|GzipIndexes|CompressionTypes|Changelogs)| )' >"$machine/etc/apt/apt.conf.d/90mirrors" || true
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
for name in http_proxy https_proxy no_proxy npm_config_registry; do
  if [ -n "${!name:-}" ]; then environment+=("$name=${!name}"); fi
done
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp "$NODE_EXTRA_CA_CERTS" "$machine/etc/mirror-certificates.crt"
  environment+=(NODE_EXTRA_CA_CERTS=/etc/mirror-certificates.crt)
fi

if [ "$lend_ccache" = yes ]; then
  mkdir -p "$machine/var/ccache"
  mount --bind "$(ccache --get-config cache_dir)" "$machine/var/ccache"
  environment+=(CCACHE_DIR=/var/ccache)
fi

inside() { chroot "$machine" env -i "${environment[@]}" "$@"; }

# try_package: it brings all that it needs beside Debian's base, works, and leaves nothing behind.
try_package() {
  local name=/tmp/package.deb id
  cp "$package" "$machine$name"
  id=$(dpkg-deb --field "$package" Package)
  inside apt-get -qq update >/dev/null
  inside env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$name" >"$machine.times" 2>&1 ||
    { cat "$machine.times" >&2; fail "apt cannot install $package."; }
  say "installed: $(inside dpkg-query -W "$id")"
  inside HOME=/tmp mid info
  inside HOME=/tmp mid run preset:confidence --out /tmp/run >/dev/null || fail "the installed program does not run a story."
  [ -s "$machine/tmp/run/result.json" ] || fail "the installed program left no result."
  inside HOME=/tmp mid-studio --help >/dev/null || fail "the installed window does not start."
  inside apt-get -qq -y purge "$id" >/dev/null
  ! inside dpkg -s "$id" >/dev/null 2>&1 || fail "$id is still there after it was removed."
  local left
  left=$(find "$machine/usr" "$machine/etc" -iname '*midlab*' -o -name 'mid-studio*' -o -path '*/bin/mid')
  [ -z "$left" ] || fail "removed, the package leaves $left"
  say "passed: installed, used and removed"
}
if [ -n "$package" ]; then
  try_package
  exit 0
fi

owner=root home=/root prefix=()
if [ "$through_sudo" = yes ]; then
  owner=guest home=/home/guest
  inside apt-get -qq update >/dev/null
  inside env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install sudo >/dev/null 2>&1
  inside useradd --create-home --shell /bin/bash guest
  echo 'guest ALL=(ALL) NOPASSWD: ALL' >"$machine/etc/sudoers.d/guest"
  echo 'Defaults env_keep += "http_proxy https_proxy no_proxy npm_config_registry NODE_EXTRA_CA_CERTS CCACHE_DIR"' >"$machine/etc/sudoers.d/mirrors"
  prefix=(runuser -u guest -- sudo)
fi
git clone -q --no-hardlinks "$source_tree" "$machine$home/midlab"
inside chown -R "$owner:" "$home/midlab"

# seen NAME SECONDS: a time of this run, also for the summary at the end; only the first of a name counts.
times=$machine.times
: >"$times"
seen() {
  ! grep -qF "$1:" "$times" || return 0
  echo "$1: $2 s" >>"$times"
  say "$1 after $2 s"
}

# watch NAME START: passes its input on and notes what a newcomer waits for.
watch() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
      "What the attacker gets"*) seen "$1, first story's result" $((SECONDS - $2)) ;;
      *"the page: build/web/site"*) seen "$1, page" $((SECONDS - $2)) ;;
      *"testing "*) seen "$1, everything built" $((SECONDS - $2)) ;;
    esac
  done
}

run() {
  local start=$SECONDS
  say "$1: ${prefix[*]} ${command[*]}"
  # shellcheck disable=SC2016
  inside HOME="$home" "${prefix[@]}" bash -c 'cd "$0" && exec "$@"' "$home/midlab" "${command[@]}" </dev/null 2>&1 | watch "$1" "$start" ||
    fail "$1 failed after $((SECONDS - start)) s."
  seen "$1, ${command[*]}" $((SECONDS - start))
}
command=("$@")
run "first run"
run "second run"
if [ "$through_sudo" = yes ]; then
  strangers=$(find "$machine$home" -user root | head -n 5)
  [ -z "$strangers" ] || fail "These belong to root and not to the user: $strangers"
fi
say "passed; the times:"
cat "$times"
