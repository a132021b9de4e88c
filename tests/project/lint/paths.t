#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Nothing in the tree knows one particular machine or package mirror (those come from the
# environment and from apt), and nothing is marked as unfinished.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

machine='(^|[^[:alnum:].}/*])/(work/|home/|tmp/pom|root/[.])[[:alnum:]]'
archive='(deb|ftp|security|archive|snapshot|ports|httpredir)[.][a-z.]*(debian|ubuntu|kernel)[.](org|com|net)'
unfinished='\b(TODO|FIXME|XXX)\b'

mapfile -t all < <(files '*' | grep -vxE 'COPYING|tests/project/lint/paths\.t')
each_file '' "${all[@]}" < <(grep -nHIE "$machine|$archive|$unfinished" "${all[@]}" /dev/null)
done_testing
