# SPDX-License-Identifier: GPL-2.0-only
# Command-line programs: build/tools/NAME from what `scripts/info sources NAME` lists,
# tools/P/NAME.c first of all, for every NAME of the Tools: lines (of PATCHLETS, if set); they are
# linked with what `scripts/info libraries NAME` lists. Symbols are hidden, so that no function of a
# program replaces one that a library calls by the same name.

TOOL_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wmissing-prototypes -fvisibility=hidden \
	-ffile-prefix-map='$(CURDIR)'=. -DPOM_VERSION='"$(shell scripts/version)"' \
	-DXTLIBDIR='"$(shell scripts/pkg-config --variable=xtlibdir xtables 2>/dev/null)"' \
	-Iinclude -Ikernel
TOOL_NAMES := $(shell names=$$(scripts/info list $(PATCHLETS) 2>/dev/null) && \
	scripts/info tools $$names)
TOOL_BINARIES := $(TOOL_NAMES:%=$(USER_OUT)/tools/%)

tools: $(TOOL_BINARIES)
	@scripts/info list $(PATCHLETS) >/dev/null

$(USER_OUT)/tools/%: $(wildcard tools/*/*.[ch] kernel/*/*.[ch] include/linux/netfilter/*.h) \
		$(USER_OUT)/flags scripts/version
	@mkdir -p $(@D)
	@for library in $$(scripts/info libraries $*); do \
		scripts/pkg-config --exists $$library || { echo "error: the development files of $$library are missing; fix: install $$(echo $$library | tr _ -)-dev and pkg-config" >&2; exit 1; }; \
	done
	$(USER_CC) $(TOOL_CFLAGS) $(CPPFLAGS) $(CFLAGS) \
		$$(scripts/pkg-config --cflags $$(scripts/info libraries $*)) \
		-o $@ $$(scripts/info sources $*) $(LDFLAGS) \
		$$(scripts/pkg-config --libs $$(scripts/info libraries $*))
