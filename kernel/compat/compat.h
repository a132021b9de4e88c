/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernels from 5.10 on call differently, under the newest kernel's
 * name and shape. Include it after the kernel's own headers:
 * #include "compat/compat.h"
 *
 * A HAVE_ name is the verdict of the probe of that name in
 * kernel/compat/probes/, compiled against the kernel at hand; the verdicts
 * are force-included everywhere, but only this directory uses them.
 * Differences that only one kind of module meets are in a header of their
 * own, next to this one.
 */
#ifndef POM_COMPAT_H
#define POM_COMPAT_H

/* What proc_create_data() was given. */
#ifndef HAVE_PDE_DATA
#define pde_data(inode)	PDE_DATA(inode)
#endif

/* The workqueue of the kernel whose workers run on any CPU. */
#ifndef HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

#endif
