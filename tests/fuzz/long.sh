#!/usr/bin/env bash
# Looks for inputs that break a reader, for longer than ./check does, and says how many each target ran.
#
#   tests/fuzz/long.sh [MINUTES | RUNSx] [NAME...]     minutes for each target (default 5), or so many inputs ("100000x")
#
# Needs the preset fuzz built with clang (cmake --preset fuzz && cmake --build --preset fuzz). What is found lies in
# build/fuzz/long/NAME-*; inputs that went new ways in build/fuzz/long/NAME/, from where the next call goes on. To keep those:
#   build/fuzz/bin/fuzz_NAME -merge=1 tests/fuzz/seeds/NAME build/fuzz/long/NAME
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=build/fuzz/bin out=$PWD/build/fuzz/long seeds=$PWD/tests/fuzz/seeds   # whole paths: some targets work in a folder of their own

fail() { printf 'long.sh: %s\n' "$*" >&2; exit 2; }

limit=-max_total_time=300
if [ $# -gt 0 ]; then
  case $1 in
    *x) [[ $1 =~ ^[0-9]+x$ ]] || fail "takes minutes or a number of inputs like 100000x, found '$1'"; limit=-runs=${1%x}; shift ;;
    [0-9]*) [[ $1 =~ ^[0-9]+$ ]] || fail "takes whole minutes, found '$1'"; limit=-max_total_time=$(($1 * 60)); shift ;;
  esac
fi
names=("$@")
if [ ${#names[@]} = 0 ]; then
  for source in tests/fuzz/*.cpp; do
    name=$(basename "$source" .cpp)
    [ "$name" = driver ] || names+=("$name")
  done
fi
for name in "${names[@]}"; do
  [ -x "$bin/fuzz_$name" ] || fail "$bin/fuzz_$name is not there; build it: cmake --preset fuzz && cmake --build --preset fuzz"
  "$bin/fuzz_$name" -help=1 2>&1 | grep max_total_time >/dev/null ||  # to the end: whom -q leaves behind dies of it
    fail "$bin/fuzz_$name is built without libFuzzer; install clang-19 and libclang-rt-19-dev, delete build/fuzz and build again"
done

# one NAME: runs a target and prints its line.
one() {
  local name=$1 log=$out/$1.log code=0 what="nothing found" input
  mkdir -p "$out/$name"
  "$bin/fuzz_$name" "$limit" -timeout=60 -print_final_stats=1 "-artifact_prefix=$out/$name-" "$out/$name" "$seeds/$name" \
    >"$log" 2>&1 || code=$?
  input=$(grep -aoE "$out/$name-[a-z]+-[0-9a-f]+" "$log" | tail -n 1) || input=
  [ $code = 0 ] || what="$([ -n "$input" ] && echo "FOUND $input" || echo "FAILED with exit code $code"), $log says what"
  printf '%-12s %10s inputs %8s a second  %s\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" "$what"
  return $code
}
export -f one
export bin out seeds limit
mkdir -p "$out"
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}' || exit 1
