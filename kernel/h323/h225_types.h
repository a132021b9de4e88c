/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of H.225.0, for lib/per.h. */
#ifndef POM_H323_H225_TYPES_H
#define POM_H323_H225_TYPES_H

#include "lib/per.h"

extern const struct per_field h225_ras_message;
extern const struct per_field h225_user_information;

#endif
