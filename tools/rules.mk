# SPDX-License-Identifier: GPL-2.0-only
# Command-line programs: build/tools/NAME from what `scripts/info sources NAME` lists,
# tools/P/NAME.c first of all, for every NAME of the Tools: lines (of PATCHLETS, if set); they talk
# netlink through libmnl.

TOOL_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wmissing-prototypes -Iinclude -Ikernel
TOOL_NAMES := $(shell names=$$(scripts/info list $(PATCHLETS) 2>/dev/null) && scripts/info tools $$names)
TOOL_BINARIES := $(TOOL_NAMES:%=build/tools/%)

tools: $(TOOL_BINARIES)
	@scripts/info list $(PATCHLETS) >/dev/null

build/tools/%: $(wildcard tools/*/*.[ch] kernel/*/*.[ch] include/linux/netfilter/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) $$(pkg-config --cflags libmnl) -o $@ $$(scripts/info sources $*) $(LDFLAGS) $$(pkg-config --libs libmnl)
