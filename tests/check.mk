# SPDX-License-Identifier: GPL-2.0-only
# make check: every test; make check-PART: those of one part (tests/check --help says which there are). The parts lint, doc, unit
# and fuzz have rules of their own beside their tests.
#
#   KERNELS        the kernels to test on [5.10 6.1 6.12 7.3]
#   JOBS           test programs side by side [one more than there are processors]
#   FUZZ_SECONDS   how long each fuzzer runs [5]
#   MATRIX         full: every scenario on every kernel through both backends; turns: through one of them, in turn; pairs: on
#                  every other kernel only; others: on those that pairs leaves out [pairs]

CHECK_PARTS := machine vm runme build selftest packaging bench host

export KERNELS JOBS FUZZ_SECONDS MATRIX

.PHONY: check $(CHECK_PARTS:%=check-%)
check:
	@tests/check

$(CHECK_PARTS:%=check-%): check-%:
	@tests/check $*
