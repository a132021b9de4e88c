// SPDX-License-Identifier: GPL-2.0-only
/*
 * 6.17, and stable trees of 6.12: system_unbound_wq is called system_dfl_wq;
 * 7.3 still has the old name, and warns about it in the log.
 */
/* exported: system_dfl_wq */
