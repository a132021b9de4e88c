# SPDX-License-Identifier: GPL-2.0-only
# Unit tests: tests/P/NAME.unit.c is a cmocka program, build/unit/P/NAME, linked with the parser
# kernel/P/NAME.c where there is one, and compiled for the host with the address and
# undefined-behaviour sanitizers.

# Of a parser kernel/P/NAME.c: it and what it includes of kernel/lib and kernel/P.
parser_sources = $(sort $(wildcard $(1) $(shell [ ! -e $(1) ] || \
	sed -n 's,^#include "\([A-Za-z0-9_-]*/[a-z0-9_]*\)\.h"$$,kernel/\1.c,p' $(1))))

UNIT_NAMES := $(patsubst tests/%.unit.c,%,$(wildcard tests/*/*.unit.c))
UNIT_PROGRAMS := $(UNIT_NAMES:%=build/unit/%)
HOST_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Wno-missing-field-initializers -Werror \
	-Ikernel -Iinclude -Itests/lib -fno-omit-frame-pointer
UNIT_CFLAGS := $(HOST_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: check-unit unit
unit: $(UNIT_PROGRAMS)

# The programs find their captures from the root of the tree.
check-unit: unit
	CMOCKA_MESSAGE_OUTPUT=TAP prove $(PROVE_FLAGS) --exec '' $(UNIT_PROGRAMS)

build/unit/%: tests/%.unit.c $(wildcard kernel/*/*.[ch] tests/*/*.h) tests/lib/unit/rules.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(call parser_sources,kernel/$*.c) -lcmocka
