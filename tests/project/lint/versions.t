#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Only kernel/compat/ knows that kernels differ; everything else asks for features, never for
# versions.
# inputs: kernel/* include/* extensions/*
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

mapfile -t all < <(files 'kernel/*.[ch]' 'include/*.h' 'extensions/*.[ch]' |
	grep -v '^kernel/compat/')
each_file '' "${all[@]}" < <(grep -nHE \
	'LINUX_VERSION_(CODE|MAJOR)|KERNEL_VERSION\(|linux/version\.h|RHEL_|UTS_RELEASE' \
	"${all[@]}" /dev/null)
done_testing
