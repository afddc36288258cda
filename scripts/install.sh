#!/usr/bin/env bash
# Install Debian packages where a command of theirs is missing and it can be done:
#   scripts/install.sh PACKAGE COMMAND [PACKAGE COMMAND ...]
# Says what it does. Fails when something is missing afterwards.
set -euo pipefail

wanted=()
while [ $# -gt 0 ]; do
    command -v "$2" >/dev/null || wanted+=("$1")
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
