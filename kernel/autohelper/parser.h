/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of /proc/net/nf_autohelper and of `modprobe nf_autohelper
 * attach=`: which helper serves which port.
 *
 *	+udp:5060=sip	attach; refused if a different helper has the port
 *	udp:5060=sip	attach, or replace the port's helper
 *	-udp:5060	detach
 *
 * Plain C: the module, the unit tests and the fuzzer share this file.
 */
#ifndef POM_AUTOHELPER_PARSER_H
#define POM_AUTOHELPER_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* A helper's name with its NUL: NF_CT_HELPER_NAME_LEN of the kernel. */
#define AUTOHELPER_NAME_LEN	16

enum autohelper_verb {
	AUTOHELPER_ADD,
	AUTOHELPER_SET,
	AUTOHELPER_DEL,
};

struct autohelper_cmd {
	enum autohelper_verb verb;
	uint8_t l4proto;			/* 6 tcp, 17 udp */
	uint16_t port;				/* host byte order, never 0 */
	char helper[AUTOHELPER_NAME_LEN];	/* "" with AUTOHELPER_DEL */
};

/**
 * autohelper_parse() - read one command
 * @text: need not end with a NUL; may hold any byte
 * @len: of @text, without a newline
 * @cmd: written only if the command is valid
 *
 * Any context. Strict: no blank, no sign, no leading zero.
 *
 * Return: NULL, or an error message.
 */
const char *autohelper_parse(const char *text, size_t len,
			     struct autohelper_cmd *cmd);

#endif
