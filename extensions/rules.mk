# SPDX-License-Identifier: GPL-2.0-only
# The shared objects that iptables loads: build/extensions/libxt_NAME.so for every NAME of the
# Extensions: lines (of PATCHLETS and what they need, if set).

XT_CFLAGS := -std=gnu11 -O2 -g -fPIC -Wall -Wextra -Wmissing-prototypes -Wno-unused-parameter \
	-Wno-missing-field-initializers -ffile-prefix-map='$(CURDIR)'=. -Iinclude -Ikernel
# Each object has extensions/built-for.h, which tells a user what XTABLES_VERSION was.
XTABLES_VERSION := $(shell scripts/pkg-config --modversion xtables 2>/dev/null)
XT_NAMES := $(shell names=$$(scripts/info list $(PATCHLETS) 2>/dev/null) && \
	scripts/info extensions $$names)
XT_OBJECTS := $(XT_NAMES:%=$(USER_OUT)/extensions/libxt_%.so)

extensions: $(XT_OBJECTS)
	@scripts/info list $(PATCHLETS) >/dev/null

$(USER_OUT)/extensions/libxt_%.so: extensions/libxt_%.c $(USER_OUT)/flags
	@mkdir -p $(@D)
	@scripts/pkg-config --exists xtables || { echo "error: the development files of iptables are missing; fix: install libxtables-dev and pkg-config" >&2; exit 1; }
	$(USER_CC) $(XT_CFLAGS) $(CPPFLAGS) $(CFLAGS) $$(scripts/pkg-config --cflags xtables) \
		-DXTABLES_BUILT_FOR='"$(XTABLES_VERSION)"' -include extensions/built-for.h \
		-MMD -MP -shared -o $@ $< $(LDFLAGS) $$(scripts/pkg-config --libs xtables)

-include $(XT_OBJECTS:.so=.d)
