# SPDX-License-Identifier: GPL-2.0-only
# Patch-o-matic. `make help` lists targets and variables.

KERNEL_DIR ?= /lib/modules/$(shell uname -r)/build
PATCHLETS ?=
export KERNEL_DIR

# O=DIR replaces build/. Extensions and tools of another architecture have a directory of their own.
OUT := $(or $(if $(O),$(abspath $(O))),$(POM_OUT),build)
ifneq ($(OUT),build)
export POM_OUT := $(OUT)
endif
USER_OUT := $(OUT)$(if $(CROSS_COMPILE),/$(notdir $(CROSS_COMPILE:-=)))

# The compiler of extensions and tools. Modules are built by the compiler of their kernel.
ifeq ($(origin CC),default)
CC := $(if $(LLVM),clang,$(if $(CROSS_COMPILE),$(CROSS_COMPILE)gcc,cc))
endif
USER_CC = $(CC) $(if $(findstring clang,$(CC)),\
	$(if $(CROSS_COMPILE),--target=$(notdir $(CROSS_COMPILE:-=))))

all: modules extensions tools man

help:
	@cat doc/make-help

# Each directory has its own rules. doc/make-help lists the targets; tests/project/lint/help.t
# compares them.
include $(wildcard extensions/rules.mk tools/rules.mk doc/rules.mk packaging/rules.mk \
	scripts/runme/targets.mk \
	tests/check.mk tests/*/rules.mk tests/*/*/rules.mk)

modules:
	+@scripts/build-modules '$(KERNEL_DIR)' $(PATCHLETS)

# Installs the patchlets into build/RELEASE/stage, for guests.
stage:
	@scripts/stage '$(KERNEL_DIR)' $(PATCHLETS)

clean:
	rm -rf build

# Its text is how extensions and tools are compiled: a change rebuilds them.
$(USER_OUT)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(USER_CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) \
		$(XTABLES_VERSION))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
FORCE:

.PHONY: all help modules extensions tools man stage clean
.DELETE_ON_ERROR:
