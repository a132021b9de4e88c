// SPDX-License-Identifier: GPL-2.0-only
/* 5.15: set_active_memcg() can be called by modules, in an interrupt, too. */
/* exported: int_active_memcg */
