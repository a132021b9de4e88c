# SPDX-License-Identifier: GPL-2.0-only
# Command-line programs: build/tools/NAME from tools/NAME.c, tools/NAME-*.c, and the parser kernel/proto/NAME.c where there is one, for every NAME of the Tools: lines (of PATCHLETS, if set); they talk netlink through libmnl.

TOOL_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wmissing-prototypes -Iinclude -Ikernel
TOOL_NAMES := $(shell scripts/info tools $(PATCHLETS))
TOOL_BINARIES := $(TOOL_NAMES:%=build/tools/%)

tools: $(TOOL_BINARIES)

.SECONDEXPANSION:
build/tools/%: tools/%.c $$(wildcard tools/$$*-*.[ch] include/linux/netfilter/xt_$$*.h) $(wildcard kernel/proto/*.[ch])
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) $$(pkg-config --cflags libmnl) -o $@ $(wildcard tools/$*.c tools/$*-*.c kernel/proto/$*.c) $(LDFLAGS) $$(pkg-config --libs libmnl)
