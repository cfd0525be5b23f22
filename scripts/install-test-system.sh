#!/usr/bin/env bash
# Installs the system programs that some tests drive (Debian and Ubuntu): Chromium.
# Without it those tests are skipped with a notice; in CI they must run.
set -euo pipefail
if command -v chromium >/dev/null 2>&1; then
  exit 0
fi
run=""
[ "$(id -u)" -eq 0 ] || run=sudo
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
command -v chromium
