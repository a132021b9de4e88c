# SPDX-License-Identifier: GPL-2.0-only
# make bench [MODULE=NAME]: ours beside the kernel's own, see tests/bench/run.

.PHONY: bench
bench:
	@tests/bench/run --publish $(MODULE)
