# SPDX-License-Identifier: GPL-2.0-only
# Lints, and tests of the instructions in documents. Each tests/project/lint/NAME.t can be run
# alone, on some files only if LINT_ONLY is a pattern of their names: LINT_ONLY='kernel/recent/*'
# tests/project/lint/checkpatch.t

.PHONY: warnings check-lint check-doc
warnings:
	+@tests/project/lint/warnings '$(KERNEL_DIR)'

check-lint:
	@tests/check lint

# tests/project/doc/ follows the documents literally.
check-doc:
	@tests/check doc
