/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else when sparse 0.6.4 (Debian 12) reads a
 * module against 7.3, of whose headers it does not know two things: a type
 * without its qualifiers, and that the length of a string is a constant,
 * which the MODULE_ macros assert. An error there would end its work on the
 * file.
 */
#define __typeof_unqual__ __typeof__
#define _Static_assert(...)
