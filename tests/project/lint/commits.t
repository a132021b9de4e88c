#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Commit messages since the commit in commits.base: see tests/project/lint/commits.
# inputs: @history
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

base=$(<tests/project/lint/commits.base)
if [[ ! -e .git ]]; then
	skip 'commit messages' 'this tree has no .git'
elif ! git merge-base --is-ancestor "$base" HEAD 2>/dev/null; then
	skip 'commit messages' "the history does not reach back to $base"
else
	empty 'commit messages' tests/project/lint/commits "$base"
fi
done_testing
