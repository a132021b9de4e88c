// SPDX-License-Identifier: GPL-2.0-only
/* 6.6: a sysctl table has a length; before, it ended with an empty entry. */
/* exported: register_net_sysctl_sz */
