# SPDX-License-Identifier: GPL-2.0-only
# build/recipes/SYSTEM/: RPM, Arch Linux and OpenWrt packages of the tarball of `make dist`.

recipes: dist
	packaging/recipes '$(OUT)/patch-o-matic-$(shell scripts/version).tar.gz' '$(OUT)/recipes'

.PHONY: recipes
