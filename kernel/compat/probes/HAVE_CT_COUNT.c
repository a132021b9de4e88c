// SPDX-License-Identifier: GPL-2.0-only
/* 5.15: a function returns how many connections a network namespace has. */
/* exported: nf_conntrack_count */
