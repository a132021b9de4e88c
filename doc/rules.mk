# SPDX-License-Identifier: GPL-2.0-only
# Documents that are generated from the patchlets' files: the manual page and the tables of the
# README.
MAN_PAGES := $(OUT)/man/patch-o-matic-extensions.8 $(OUT)/man/patch-o-matic.8 \
	$(addprefix $(OUT)/man/,$(notdir $(wildcard doc/*.8 tools/*/*.8)))

.PHONY: man html readme picture dist
man: $(MAN_PAGES)

# The version that pages show, in place of that of their .TH line.
PAGE_VERSION := Patch\\-o\\-matic $(shell scripts/version)
TH = sed -i 's/^\.TH \([^ ]*\) \([^ ]*\) .*/.TH \1 \2 "" "$(PAGE_VERSION)" ""/'

$(OUT)/man/patch-o-matic-extensions.8: scripts/man scripts/version $(wildcard \
		patchlets/*/info patchlets/*/help patchlets/*/manual.man extensions/*.man)
	@mkdir -p $(@D)
	scripts/man >$@.new
	@$(TH) $@.new
	@mv $@.new $@

$(OUT)/man/patch-o-matic.8: scripts/man-index scripts/version $(wildcard patchlets/*/info \
		patchlets/*/help doc/*.8 tools/*/*.8)
	@mkdir -p $(@D)
	scripts/man-index >$@.new
	@$(TH) $@.new
	@mv $@.new $@

vpath %.8 doc $(wildcard tools/*)
$(OUT)/man/%.8: %.8 scripts/version
	@mkdir -p $(@D)
	cp $< $@.new
	@$(TH) $@.new
	@mv $@.new $@

html: man
	doc/html '$(OUT)/doc' $(MAN_PAGES:%='%')

dist:
	scripts/dist '$(OUT)/patch-o-matic-$(shell scripts/version).tar.gz'

readme:
	scripts/readme

# The picture in the README: a recording of a real run, which boots a guest (about 5 minutes).
picture:
	@mkdir -p build
	env -u KERNEL_DIR script -qec './runme --try extra' build/try.typescript </dev/null
	doc/picture <build/try.typescript >build/try.svg
	@mv build/try.svg doc/try.svg
