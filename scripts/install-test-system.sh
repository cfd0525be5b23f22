#!/usr/bin/env bash
# Installs the system programs that some tests drive (Debian and Ubuntu): Chromium, PostgreSQL and
# LibreOffice Calc. Without them those tests are skipped with a notice; in CI they must run.
# The tests start a PostgreSQL server of their own; one that the package starts is left alone.
set -euo pipefail
export LC_ALL=C

has() { command -v "$1" >/dev/null 2>&1; }
has_server() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

packages=()
has chromium || packages+=(chromium fonts-dejavu-core)
has_server || packages+=(postgresql)
has localc || packages+=(libreoffice-calc)
if [ ${#packages[@]} -gt 0 ]; then
  run=(env DEBIAN_FRONTEND=noninteractive)
  [ "$(id -u)" -eq 0 ] || run=(sudo "${run[@]}")
  "${run[@]}" apt-get update -qq
  "${run[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
has chromium
has_server
has localc
