# SPDX-License-Identifier: GPL-2.0-only
# Included by the Makefile. The make targets of patch-o-matic (2001) ask a question for each
# patchlet; BATCH=1 asks nothing. `make install` and `make reverse` never ask, and use PATCHLETS=
# and DESTDIR=. `make -k` is --keep-going.

RUNME = $(if $(PREFIX),POM_PREFIX='$(PREFIX)') KERNEL_DIR='$(KERNEL_DIR)' ./runme \
	$(if $(DESTDIR),--destdir '$(DESTDIR)') $(if $(V),--verbose) \
	$(if $(findstring k,$(firstword -$(MAKEFLAGS))),--keep-going)

pending-patches:
	@$(RUNME) $(if $(BATCH),--batch) submitted pending

most-of-pom:
	@$(RUNME) $(if $(BATCH),--batch) submitted pending base

patch-o-matic:
	@$(RUNME) $(if $(BATCH),--batch) extra

install:
	@$(RUNME) --batch $(or $(PATCHLETS),extra)

# For modules that dkms or a package installs, and the other way round.
install-modules:
	@$(RUNME) --batch --modules $(or $(PATCHLETS),extra)

install-userspace:
	@$(RUNME) --batch --userspace $(or $(PATCHLETS),extra)

reverse:
	@$(RUNME) --batch --reverse $(or $(PATCHLETS),extra)

.PHONY: pending-patches most-of-pom patch-o-matic install reverse
.PHONY: install-modules install-userspace
