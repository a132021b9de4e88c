/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interfaces of the newest kernel for older ones, from 5.10 on. Include it
 * after the kernel's own headers: #include "compat/compat.h"
 *
 * A HAVE_ name is the result of the probe of that name in
 * kernel/compat/probes/, which is compiled for the kernel of the build. All
 * files have the results by a forced include, but only this directory uses
 * them. An interface that only one kind of module needs has a header of its
 * own in this directory.
 */
#ifndef POM_COMPAT_H
#define POM_COMPAT_H

/* The data argument of proc_create_data(). */
#ifndef HAVE_PDE_DATA
#define pde_data(inode)	PDE_DATA(inode)
#endif

/* The workqueue of the kernel whose workers run on any CPU. */
#ifndef HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

#endif
