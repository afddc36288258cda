#!/usr/bin/env bash
# Install Debian packages where a command or library of theirs is missing and it can be done:
#   scripts/install.sh PACKAGE COMMAND-OR-LIBRARY [PACKAGE COMMAND-OR-LIBRARY ...]
# Says what it does. Fails when something is missing afterwards.
set -euo pipefail

present() {
    command -v "$1" >/dev/null || { [[ $1 == *.so.* ]] && ldconfig -p 2>/dev/null | grep -qF "$1"; }
}

wanted=()
while [ $# -gt 0 ]; do
    present "$2" || wanted+=("$1")
    shift 2
done
[ ${#wanted[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${wanted[*]}. Install it with the package manager of this machine, as its administrator." >&2
    exit 1
fi

echo "Installing ${wanted[*]} from Debian's packages."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
