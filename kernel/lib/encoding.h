/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Encodings of an address or a port in a payload. Helpers read what a peer
 * announces, and write the translated value.
 *
 * Plain C: the modules and the unit test share this file.
 */
#ifndef POM_LIB_ENCODING_H
#define POM_LIB_ENCODING_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

enum pom_encoding {
	POM_PORT_DECIMAL,	/* "5000" */
	POM_PORT_BE16,		/* two bytes, network byte order */
	POM_IPV4_DECIMAL,	/* "3221225985": the address as one number */
	POM_IPV4_COMMAS,	/* "192,0,2,1" */
	POM_IPV4_TEXT,		/* "192.0.2.1" */
	POM_SOCKADDR_IN,	/* 16 bytes: family 2, port, IPv4 address, 0s */
	POM_IPV6_TEXT,		/* "2001:db8::1" */
};

/*
 * The most bytes that any encoding takes: an IPv6 address that ends as an IPv4
 * one does. The kernel writes IPv4-mapped and ISATAP addresses like that.
 */
#define POM_ENCODING_MAX	45

/**
 * struct pom_endpoint - an address and a port
 * @addr: network byte order; IPv4 in the first four bytes, the rest 0
 * @port: host byte order
 *
 * An encoding reads and writes one of the two, POM_SOCKADDR_IN both.
 */
struct pom_endpoint {
	uint8_t addr[16];
	uint16_t port;
};

/**
 * pom_decode() - read an address or a port
 * @encoding: how it is written
 * @data: where it begins
 * @len: bytes from there to the end of what may be read
 * @to: the result; a member that the encoding does not have is not written
 *
 * Strict: no sign, no blank, no leading zero, no number out of range. A number
 * ends with its last digit, a text address with its last character; the bytes
 * after it are not read.
 *
 * Any context.
 *
 * Return: bytes that were read, or 0 if the data is no such encoding.
 */
size_t pom_decode(enum pom_encoding encoding, const uint8_t *data, size_t len,
		  struct pom_endpoint *to);

/**
 * pom_encode() - write an address or a port
 * @encoding: how to write it
 * @from: what to write
 * @to: POM_ENCODING_MAX bytes of space; no NUL is written
 *
 * Any context.
 *
 * Return: bytes that were written.
 */
size_t pom_encode(enum pom_encoding encoding, const struct pom_endpoint *from,
		  uint8_t *to);

/**
 * struct pom_field - a place of a payload where an endpoint is written
 * @off: where it begins
 * @len: bytes that it has now
 * @encoding: how it is written
 * @to: what is written
 */
struct pom_field {
	size_t off;
	size_t len;
	enum pom_encoding encoding;
	struct pom_endpoint to;
};

/**
 * pom_splice() - the part of a payload from the first field to the last
 * @data: the payload
 * @len: bytes at @data
 * @field: the fields, in the order of the payload
 * @n: how many, 1 or more
 * @buf: space for the part with its new contents
 * @size: bytes of space
 *
 * Any context.
 *
 * Return: bytes in @buf, which replace those from the first field's beginning
 * to the last field's end. 0 where they do not fit, or where fields overlap or
 * are not within @data.
 */
size_t pom_splice(const uint8_t *data, size_t len,
		  const struct pom_field *field, size_t n, uint8_t *buf,
		  size_t size);

#endif /* POM_LIB_ENCODING_H */
