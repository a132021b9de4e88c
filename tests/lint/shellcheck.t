#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every shell script passes shellcheck.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
need shellcheck

while read -r script; do
	ok "$script" shellcheck --external-sources --source-path=SCRIPTDIR --format=gcc "$script"
done < <(scripts)
done_testing
