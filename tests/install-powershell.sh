#!/usr/bin/env bash
# Puts PowerShell (as .NET tool) and Pester, both from NuGet, into a folder outside the repository, for tests/run.sh
# where there is no PowerShell. Does nothing where they are there. Usage: tests/install-powershell.sh FOLDER
set -eu
folder=$1 version=7.6.9
here=$(dirname "$0")
mkdir -p "$folder"
# Two runs at a time share the folder.
exec 9> "$folder/lock"
flock 9 2> /dev/null || true
if [ ! -d "$folder/modules/Pester" ]; then
    dotnet restore "$here/../build/Pester.proj" --packages "$folder/packages" --nologo -v quiet
    rm -rf "$folder/partial" && mkdir -p "$folder/modules"
    cp -r "$folder"/packages/pester/*/tools "$folder/partial"
    mv "$folder/partial" "$folder/modules/Pester"
fi
if [ ! -x "$folder/pwsh" ]; then
    dotnet tool install PowerShell --version "$version" --tool-path "$folder" > /dev/null
fi
"$folder/pwsh" -NoProfile -NonInteractive -Command 'exit 0'
