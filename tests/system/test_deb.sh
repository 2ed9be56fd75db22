#!/usr/bin/env bash
# The Debian package: two of one build are the same bytes; installed below a folder of its own it works with what it brought, its
# manual pages, completions and menu entry are sound, pkg-config finds the library; removed it leaves nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
complain() { printf '%s\n' "$*" >&2; exit 1; }
for tool in dpkg-deb dpkg-shlibdeps groff zsh fish pkg-config desktop-file-validate; do
  command -v "$tool" >/dev/null || complain "$tool is missing; ./check installs it"
done

# ---- the same bytes --------------------------------------------------------------------------------------------------
for one in first second; do
  (cd "$folder" && cpack --config "$MIDLAB_BUILD/CPackConfig.cmake" -G DEB -B "$folder/$one") \
    >"$folder/$one.log" 2>&1 || { tail -n 20 "$folder/$one.log" >&2; complain "cpack failed"; }
done
package=$(echo "$folder"/first/*.deb)
cmp "$package" "$folder/second/$(basename "$package")"
echo "$(basename "$package"): $(stat -c %s "$package") bytes, twice the same"

# What lintian calls an error: other packing than gzip and xz, unpacked manual pages, no changelog.
[[ $(ar t "$package") != *.zst* ]] || complain "the package is packed as older dpkg cannot read it: $(ar t "$package" | tr '\n' ' ')"
for file in ./usr/share/man/man1/mid.1.gz ./usr/share/doc/midlab/changelog.gz; do
  dpkg-deb --fsys-tarfile "$package" | tar -t "$file" >/dev/null || complain "the package has no $file"
done
dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/share/doc/midlab/changelog.gz | zcat | dpkg-parsechangelog -l- >/dev/null || complain "the changelog is not in Debian's form"

# ---- installed -------------------------------------------------------------------------------------------------------
dpkg-deb --field "$package" Package Version Architecture Depends Maintainer | tee "$folder/fields"
grep -q '^Depends: .*libc6' "$folder/fields" || complain "the package does not say what it needs"
root=$folder/root
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers} "$root/var/log"
touch "$root/var/lib/dpkg/status"
# The folder has no other packages, so what is needed comes from the system that runs this.
on_root() { dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --log="$folder/dpkg.log" "$@" 2>"$folder/dpkg.err" || { cat "$folder/dpkg.err" >&2; complain "dpkg $1 failed"; }; }
on_root --install "$package"
mid=$root/usr/bin/mid
env -u MIDLAB_DATA HOME="$folder" "$mid" info | tee "$folder/info"
grep -q "^data  *$root/usr/share/midlab/data$" "$folder/info" || complain "the installed program does not use the data that came with it"
env -u MIDLAB_DATA HOME="$folder" "$mid" run preset:confidence --no-cache --out "$folder/run" >/dev/null
[ -s "$folder/run/result.json" ] || complain "the installed program did not run a story"
cmp <("$mid" schema) "$root/usr/share/midlab/spec.schema.json"
[ -x "$root/usr/bin/mid-studio" ] || complain "the window is not in the package"
[ -s "$root/usr/share/doc/midlab/copyright" ] || complain "the licence is not in the package"
desktop-file-validate "$root/usr/share/applications/mid-studio.desktop"

# ---- manual pages and completions ------------------------------------------------------------------------------------
for page in mid mid-studio; do
  zcat "$root/usr/share/man/man1/$page.1.gz" >"$folder/$page.1"
  groff -man -Tutf8 -ww -z "$folder/$page.1" 2>"$folder/groff"
  [ ! -s "$folder/groff" ] || { cat "$folder/groff" >&2; complain "$page.1 has faults"; }
  zsh -n "$root/usr/share/zsh/vendor-completions/_$page"
  fish --no-config -n "$root/usr/share/fish/vendor_completions.d/$page.fish"
  bash -n "$root/usr/share/bash-completion/completions/$page"
done
for word in "data list" "mid sweep" "VALUE" "Exit codes"; do
  groff -man -Tascii -P-cbou "$folder/mid.1" | grep -qi -- "$word" || complain "mid.1 does not mention $word"
done

# shellcheck disable=SC1091
. "$root/usr/share/bash-completion/completions/mid"
compopt() { :; }   # works inside a completion only
# completes LINE WORDS EXPECTED: what bash would offer behind LINE, which it splits into WORDS.
completes() {
  COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
  read -ra COMP_WORDS <<<"$2"
  [[ $2 != *" " ]] || COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _mid
  [[ " ${COMPREPLY[*]} " == *" $3 "* ]] || complain "behind “$1” bash offers “${COMPREPLY[*]}”, and not “$3”"
}
completes "mid sw" "mid sw" sweep
completes "mid data ex" "mid data ex" export
completes "mid run --dev" "mid run --dev" --device
completes "mid run --device " "mid run --device " cpu
completes "mid run preset:conf" "mid run preset : conf" confidence
completes "mid run x --set defense.b" "mid run x --set defense.b" defense.beta=
completes "mid run x --set release.kind=lab" "mid run x --set release.kind = lab" label_only
offered=$(fish --no-config -c "source $root/usr/share/fish/vendor_completions.d/mid.fish; complete -C 'mid sw'")
[[ $offered == sweep* ]] || complain "fish offers “$offered” behind “mid sw”"
for line in "mid run x --set defense.b:defense.beta=" "mid run x --set release.kind=lab:release.kind=label_only" "mid sweep x --vary defense.kind=dro:defense.kind=dropout"; do
  offered=$(fish --no-config -c "source $root/usr/share/fish/vendor_completions.d/mid.fish; complete -C '${line%:*}'")
  [[ $'\n'$offered == *$'\n'"${line#*:}"* ]] || complain "fish offers “$offered” behind “${line%:*}”"
done

# ---- the library -----------------------------------------------------------------------------------------------------
compiler=$(sed -n 's/^set(CMAKE_CXX_COMPILER "\(.*\)")/\1/p' "$MIDLAB_BUILD"/CMakeFiles/*/CMakeCXXCompiler.cmake)
read -ra flags < <(PKG_CONFIG_PATH=$(dirname "$(find "$root/usr/lib" -name midlab.pc)") pkg-config --cflags --libs --define-prefix midlab)
$(command -v ccache || true) "$compiler" -O1 -c "$MIDLAB_SOURCE/tests/system/package/example.cpp" -o "$folder/example.o" "${flags[@]}"
"$compiler" "$folder/example.o" -o "$folder/example" "${flags[@]}"
MIDLAB_DATA="$root/usr/share/midlab/data" "$folder/example" | grep '^line_up '

# ---- removed ---------------------------------------------------------------------------------------------------------
on_root --purge midlab
left=$(find "$root/usr" -type f 2>/dev/null || true)
[ -z "$left" ] || complain "removed, the package leaves $left"
echo "installed, used and removed"
