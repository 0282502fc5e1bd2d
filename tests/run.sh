#!/usr/bin/env bash
# Builds FaceRecon and runs all its tests, those in C# and, where PowerShell is, those of the module.
# The last line counts both: N passed, N failed. Exits with 0 only if something ran and nothing failed.
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

# ---- PowerShell
if command -v pwsh > /dev/null; then
    pwsh -NoProfile -NonInteractive -File tests/Invoke-ModuleTest.ps1 -ResultPath "$results/pester"
    code=$?
    read -r p f s < <(cat "$results/pester" 2> /dev/null || echo 0 0 0)
    add "$p" "$f" "$s" "$code" "Pester"
else
    s=$(cat tests/*.Tests.ps1 | grep -cE '^\s*It ')
    echo "PowerShell is not installed here: the $s tests of the module were not run."
    skipped=$((skipped + s))
fi
finish
