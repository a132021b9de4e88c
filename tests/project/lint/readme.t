#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The README's table is current, and it has examples that a scenario can run.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

ok 'the table of patchlets is current' scripts/readme --check
ok 'there are examples' test -n "$(scripts/readme --examples 2>/dev/null)"
ok 'a scenario runs them' grep -q 'scripts/readme --examples' tests/project/readme-examples.sh
done_testing
