#!/usr/bin/env bash
# Builds FaceRecon and runs all its tests: those in C#; where there is a C compiler, that of the native program; and, where
# PowerShell is or can be had, those of the module. The last line counts them all: N passed, N failed. Exits with 0 only if
# something ran and nothing failed.
set -u
exec < /dev/null
cd "$(dirname "$0")/.." || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off NO_COLOR=1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed$( ((skipped > 0)) && echo ", $skipped skipped")"
    ((failed == 0 && passed > 0))
    exit
}

# add PASSED FAILED SKIPPED EXITCODE NAME: a run that ends badly without a failed test to show for it, or in
# which nothing ran, is a failure of its own.
add() {
    local bad=$2
    if (($4 != 0 && $2 == 0)) || (($1 + $2 + $3 == 0)); then
        echo "$5 broke off (exit code $4)."
        bad=1
    fi
    passed=$((passed + $1)) failed=$((failed + bad)) skipped=$((skipped + $3))
}

if ! dotnet build FaceRecon.slnx -c Release -warnaserror --nologo -v quiet -clp:NoSummary; then
    echo "The build failed."
    failed=1
    finish
fi

# ---- C#
dotnet test tests/FaceRecon.Tests -c Release --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=dotnet.trx"
code=$?
# <Counters total="9" executed="8" passed="8" failed="0" ... />; what was skipped is in the total alone.
count() { sed -n "s/.*<Counters.* $1=\"\([0-9]*\)\".*/\1/p" "$results/dotnet.trx" 2> /dev/null | grep . || echo 0; }
add "$(count passed)" "$(($(count executed) - $(count passed)))" "$(($(count total) - $(count executed)))" "$code" "dotnet test"

# ---- The native program
bash tests/native.sh
code=$?
if ((code == 77)); then
    echo "The native facerecon was not made, and not tested."
    skipped=$((skipped + 1))
else
    add "$((code == 0))" "$((code != 0))" 0 "$code" "tests/native.sh"
fi

# ---- PowerShell
# Of 7.6 or later, with Pester 5: what is on PATH, or what NuGet has, in a folder that outlives this run.
usable() {
    command -v "$1" > /dev/null &&
        "$1" -NoProfile -NonInteractive -Command 'exit [int](-not ($PSVersionTable.PSVersion -ge [version]"7.6" -and (Get-Module Pester -ListAvailable | Where-Object Version -GE ([version]"5.0"))))'
}
shell=pwsh
if ! usable "$shell"; then
    tools=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/facerecon/powershell
    echo "No PowerShell 7.6 with Pester 5 here; installing them from NuGet into $tools."
    timeout 240 bash tests/install-powershell.sh "$tools" && export PSModulePath="$tools/modules" && shell=$tools/pwsh
fi
if usable "$shell"; then
    "$shell" -NoProfile -NonInteractive -File tests/Invoke-ModuleTest.ps1 -ResultPath "$results/pester"
    code=$?
    read -r p f s < <(cat "$results/pester" 2> /dev/null || echo 0 0 0)
    add "$p" "$f" "$s" "$code" "Pester"
else
    s=$(cat tests/*.Tests.ps1 | grep -cE '^\s*It ')
    echo "There is no PowerShell 7.6 with Pester 5 here, nor could they be installed: the $s tests of the module were not run."
    skipped=$((skipped + s))
fi
finish
