/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of H.245, for lib/per.h, and for messages of H.225.0. */
#ifndef POM_H323_H245_TYPES_H
#define POM_H323_H245_TYPES_H

#include "lib/per.h"

extern const struct per_field h245_message;
extern const struct per_field h245_open_logical_channel;
extern const struct per_type h245_data_protocol_capability;
extern const struct per_type h245_t38_fax_profile;

#endif
