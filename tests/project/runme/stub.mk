# SPDX-License-Identifier: GPL-2.0-only
# Replaces the real Makefile in the trees of tests/project/runme/lib.sh: it "builds" files that name
# their sources. fail-NAME in the root of the tree makes the patchlet NAME uncompilable.

release = $(shell cat $(KERNEL_DIR)/include/config/kernel.release)
names = $(or $(PATCHLETS),$(shell scripts/info list))

out = build$(if $(CROSS_COMPILE),/$(notdir $(CROSS_COMPILE:-=)))

modules:
	@mkdir -p build/$(release)
	@for n in $(names); do \
		if [ -e fail-$$n ]; then \
			echo "kernel/$$n/xt_$$n.c:7: error: unknown type 'broken'" >&2; exit 1; \
		fi; \
		for m in $$(scripts/info modules $$n); do \
			cat patchlets/$$n/info >build/$(release)/$$m.ko; \
		done; \
	done
extensions:
	@mkdir -p $(out)/extensions
	@for x in $$(scripts/info extensions $(names)); do \
		echo "shared $$x" >$(out)/extensions/libxt_$$x.so; \
	done
tools:
man:
	@mkdir -p build/man
	@echo manual >build/man/stub-extensions.8

.PHONY: modules extensions tools man
