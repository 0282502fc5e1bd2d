#!/usr/bin/env bash
# Compiles facerecon ahead, and compares what it makes of a capture, byte for byte, with what the program that .NET runs makes of it.
# Run after a build. Exits with 0 if all is the same, 1 if not, 77 if there is nothing to compile with.
set -u
cd "$(dirname "$0")/.." || exit 1
if ! command -v clang > /dev/null && ! command -v gcc > /dev/null; then
    echo "There is no C compiler here, clang or gcc."
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! dotnet publish src/FaceRecon.Cli -c Release -o "$folder/program" --nologo > "$folder/publish" 2>&1; then
    cat "$folder/publish"
    # NuGet's errors, where no source has the compiler or none is reached; all others are ours.
    grep -q 'error NU1[13]0' "$folder/publish" && exit 77
    exit 1
fi
native() { "$folder/program/facerecon" "$@"; }
assembly=$PWD/src/FaceRecon.Cli/bin/Release/net10.0/FaceRecon.Cli.dll
managed() { dotnet "$assembly" "$@"; }

make() {
    mkdir "$folder/$1" && cd "$folder/$1" || return
    "$1" reconstruct ../capture --output face --format ply,glb,obj,stl --texture --texture-size 512 --quiet &&
        "$1" compare face ../capture --output difference > comparison.txt &&
        "$1" show face --output page.html --no-open > page.txt &&
        "$1" keypoints ../capture --output keypoints --overlay --first 3 --quiet
}
# Without the date, what ran it and how long that took: the stages, the page that tells of them, its size.
alike() {
    sed -i -E '/"(created|framework|report.html)":/d; /"seconds": \{/,/\}/d' "$folder/$1/face/report.json"
    rm "$folder/$1/face/report.html"
    sed -i "s#$folder/$1/##" "$folder/$1/"*.txt
}
native sample "$folder/capture" --frames 16 --width 320 --height 240 > /dev/null &&
    (make native) && (make managed) && alike native && alike managed &&
    diff -rq "$folder/native" "$folder/managed" &&
    echo "The native facerecon made the same $(find "$folder/native" -type f | wc -l) files."
