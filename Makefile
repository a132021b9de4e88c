# SPDX-License-Identifier: GPL-2.0-only
# Patch-o-matic. `make help` lists targets and variables.

KERNEL_DIR ?= /lib/modules/$(shell uname -r)/build
PATCHLETS ?=
export KERNEL_DIR

all: modules extensions tools man

help:
	@cat doc/make-help

# Each directory has its own rules. doc/make-help lists the targets; tests/project/lint/help.t
# compares them.
include $(wildcard extensions/rules.mk tools/rules.mk doc/rules.mk scripts/runme/targets.mk tests/check.mk tests/*/rules.mk tests/*/*/rules.mk)

modules:
	+@scripts/build-modules '$(KERNEL_DIR)' $(PATCHLETS)

# Installs the patchlets into build/RELEASE/stage, for guests.
stage:
	@scripts/stage '$(KERNEL_DIR)' $(PATCHLETS)

clean:
	rm -rf build

.PHONY: all help modules extensions tools man stage clean
.DELETE_ON_ERROR:
