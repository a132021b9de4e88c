# SPDX-License-Identifier: GPL-2.0-only
# Fuzzers: tests/P/NAME.fuzz.c is a libFuzzer target over kernel/P/NAME.c or what it includes,
# build/fuzz/P/NAME; its seeds are tests/P/corpus/NAME/.
#
#   make fuzz [FUZZ_SECONDS=N]     each fuzzer replays its seeds and mutates them for N seconds [5]
#   make check-fuzz                the same, as a part of make check
#   make fuzz-programs             only builds them

CLANG ?= clang
FUZZ_NAMES := $(patsubst tests/%.fuzz.c,%,$(wildcard tests/*/*.fuzz.c))
FUZZ_PROGRAMS := $(FUZZ_NAMES:%=build/fuzz/%)

.PHONY: check-fuzz fuzz fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

# Not FUZZ_SECONDS ?= 5: tests/check.mk exports it, which to make is a value, an empty one.
fuzz check-fuzz: fuzz-programs
	prove $(PROVE_FLAGS) --exec 'tests/lib/fuzz/run $(or $(FUZZ_SECONDS),5)' $(FUZZ_PROGRAMS)

build/fuzz/%: tests/%.fuzz.c $(wildcard kernel/*/*.[ch] tools/*/*.[ch] tests/*/*.h) \
		tests/lib/fuzz/rules.mk
	@mkdir -p $(@D)
	$(CLANG) $(HOST_CFLAGS) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $< $(call parser_sources,kernel/$*.c)

# The same targets for AFL++, which brings its own driver: afl-fuzz -i tests/P/corpus/NAME -o
# build/afl/P/NAME.found -- build/afl/P/NAME
AFL_CC ?= afl-clang-fast
.PHONY: afl fuzz-minimize
afl: $(FUZZ_NAMES:%=build/afl/%)

build/afl/%: tests/%.fuzz.c $(wildcard kernel/*/*.[ch] tests/*/*.h) tests/lib/fuzz/rules.mk
	@mkdir -p $(@D)
	AFL_QUIET=1 $(AFL_CC) $(HOST_CFLAGS) -fsanitize=fuzzer -o $@ $< \
		$(call parser_sources,kernel/$*.c)

# What the fuzzers have found since, as far as it reaches lines or branches that the seeds do not,
# becomes seeds.
fuzz-minimize: fuzz-programs
	set -e; for name in $(FUZZ_NAMES); do \
		mkdir -p build/fuzz/$$name.corpus; \
		build/fuzz/$$name -merge=1 tests/$${name%/*}/corpus/$${name##*/} \
			build/fuzz/$$name.corpus; \
	done
