# SPDX-License-Identifier: GPL-2.0-only
# Patch-o-matic: everything builds and tests from here. `make help` says what there is.
#
#   KERNEL_DIR   the kernel tree to build against; debian:6.12 fetches the headers of a stock kernel
#   PATCHLETS    which patchlets (default: all)

KERNEL_DIR ?= /lib/modules/$(shell uname -r)/build
PATCHLETS ?=
export KERNEL_DIR

all: modules extensions tools man

help:
	@echo 'make KERNEL_DIR=...             modules, extensions, tools and manual'
	@echo 'make modules|extensions|tools|man'
	@echo 'make install KERNEL_DIR=...     what runme installs, for all patchlets'
	@echo 'make pending-patches|most-of-pom|patch-o-matic KERNEL_DIR=...   runme, as it was called'
	@echo 'make check [KERNELS="6.1 7.3"]  every test, on stock kernels in a machine of their own'
	@echo 'make bench [MODULE=NAME]        what a packet costs, beside the kernel'"'"'s own'
	@echo 'make clean'

# The rest of this file is one include a room; a room's rules stand in the room.
include $(wildcard extensions/rules.mk tools/rules.mk doc/rules.mk scripts/runme/targets.mk tests/check.mk tests/*/rules.mk tests/*/*/rules.mk)

modules:
	+@scripts/build-modules '$(KERNEL_DIR)' $(PATCHLETS)

# What runme installs, in build/RELEASE/stage, for the machine that tests boot.
stage:
	@scripts/stage '$(KERNEL_DIR)' $(PATCHLETS)

clean:
	rm -rf build

.PHONY: all help modules extensions tools man stage clean
.DELETE_ON_ERROR:
