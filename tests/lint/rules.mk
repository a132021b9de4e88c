# SPDX-License-Identifier: GPL-2.0-only
# What is checked without running the product: one TAP file each, any of which can be run by itself
# (tests/lint/spdx.t). Those that need built modules use this one kernel.
LINT_KERNEL ?= 6.1

# tests/doc/ follows what the documents tell people to do.
.PHONY: check-lint check-doc
check-lint: $(MAN_PAGES)
	LINT_KERNEL=$(LINT_KERNEL) MAKEFLAGS= prove $(PROVE_FLAGS) tests/lint

check-doc:
	LINT_KERNEL=$(LINT_KERNEL) MAKEFLAGS= prove $(PROVE_FLAGS) tests/doc
