# SPDX-License-Identifier: GPL-2.0-only
# make check: every test; make check-PART: those of one part (tests/check --help says which there
# are). The parts lint, doc, unit and fuzz have rules of their own next to their tests.
#
#   KERNELS        the kernels to test on [5.10 6.1 6.12 7.3]
#   JOBS           test programs in parallel [CPUs + 1]
#   FUZZ_SECONDS   how long each fuzzer runs [5]
#   LEVEL          quick: everything once, on the newest kernel; normal: rule cases and
#                  demonstrations on each kernel, each scenario on one kernel through one backend;
#                  full: everything on each kernel through both backends [normal]
#   SHARD          K/N: which scenarios run where; 1/8 to 8/8 together are each scenario on each
#                  kernel through each backend [1/8]
#   TURN           K/N: which of the longer programs of tests/project run (tests/check) [1/1]
#   FRESH          1: run tests whose results are cached, too

CHECK_PARTS := machine vm runme build selftest packaging bench host

export KERNELS JOBS FUZZ_SECONDS LEVEL SHARD TURN FRESH

.PHONY: check check-deps $(CHECK_PARTS:%=check-%)
check:
	@tests/check

check-deps:
	@tests/check deps

$(CHECK_PARTS:%=check-%): check-%:
	@tests/check $*
