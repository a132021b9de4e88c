// SPDX-License-Identifier: GPL-2.0-only
/* Addresses and ports in payload, see encoding.h. */
#include "lib/encoding.h"

#ifdef __KERNEL__
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#endif

/* Address family 2 is AF_INET everywhere that wrote a sockaddr to the wire. */
#define SOCKADDR_IN_LEN	16
#define SOCKADDR_IN	2

static size_t take_number(const uint8_t *data, size_t len, uint32_t max,
			  uint32_t *number)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len && data[i] >= '0' && data[i] <= '9'; i++) {
		if (i && !value)
			return 0;
		value = value * 10 + data[i] - '0';
		if (value > max)
			return 0;
	}
	*number = (uint32_t)value;
	return i;
}

static size_t put_number(uint8_t *to, uint32_t number)
{
	uint8_t digits[10];
	size_t n = 0, i;

	do {
		digits[n++] = (uint8_t)('0' + number % 10);
		number /= 10;
	} while (number);
	for (i = 0; i < n; i++)
		to[i] = digits[n - 1 - i];
	return n;
}

static void put_ipv4(struct pom_endpoint *to, uint32_t addr)
{
	memset(to->addr, 0, sizeof(to->addr));
	to->addr[0] = (uint8_t)(addr >> 24);
	to->addr[1] = (uint8_t)(addr >> 16);
	to->addr[2] = (uint8_t)(addr >> 8);
	to->addr[3] = (uint8_t)addr;
}

static uint32_t get_ipv4(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 |
	       (uint32_t)from[2] << 8 | from[3];
}

static size_t take_port(const uint8_t *data, size_t len,
			struct pom_endpoint *to)
{
	uint32_t port;
	size_t n = take_number(data, len, 65535, &port);

	if (n)
		to->port = (uint16_t)port;
	return n;
}

static size_t take_port_be16(const uint8_t *data, size_t len,
			     struct pom_endpoint *to)
{
	if (len < 2)
		return 0;
	to->port = (uint16_t)(data[0] << 8 | data[1]);
	return 2;
}

static size_t take_ipv4(const uint8_t *data, size_t len,
			struct pom_endpoint *to)
{
	uint32_t addr;
	size_t n = take_number(data, len, 0xffffffff, &addr);

	if (n)
		put_ipv4(to, addr);
	return n;
}

static size_t take_bytes(const uint8_t *data, size_t len, uint8_t separator,
			 struct pom_endpoint *to)
{
	uint32_t addr = 0, byte;
	size_t off = 0, n;
	int i;

	for (i = 0; i < 4; i++) {
		if (i && (off == len || data[off++] != separator))
			return 0;
		n = take_number(data + off, len - off, 255, &byte);
		if (!n)
			return 0;
		off += n;
		addr = addr << 8 | byte;
	}
	put_ipv4(to, addr);
	return off;
}

static size_t take_sockaddr(const uint8_t *data, size_t len,
			    struct pom_endpoint *to)
{
	if (len < SOCKADDR_IN_LEN || data[0] || data[1] != SOCKADDR_IN)
		return 0;
	take_port_be16(data + 2, 2, to);
	put_ipv4(to, get_ipv4(data + 4));
	return SOCKADDR_IN_LEN;
}

static bool is_ipv6_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

static bool parse_ipv6(const char *text, uint8_t *addr)
{
#ifdef __KERNEL__
	return in6_pton(text, -1, addr, -1, NULL);
#else
	return inet_pton(AF_INET6, text, addr) == 1;
#endif
}

static size_t take_ipv6(const uint8_t *data, size_t len,
			struct pom_endpoint *to)
{
	char text[46];
	uint8_t addr[16];
	size_t n = 0;

	while (n < len && is_ipv6_byte(data[n])) {
		if (n == sizeof(text) - 1)
			return 0;
		text[n] = (char)data[n];
		n++;
	}
	text[n] = '\0';
	if (!n || !parse_ipv6(text, addr))
		return 0;
	memcpy(to->addr, addr, sizeof(addr));
	return n;
}

size_t pom_decode(enum pom_encoding encoding, const uint8_t *data, size_t len,
		  struct pom_endpoint *to)
{
	switch (encoding) {
	case POM_PORT_DECIMAL:
		return take_port(data, len, to);
	case POM_PORT_BE16:
		return take_port_be16(data, len, to);
	case POM_IPV4_DECIMAL:
		return take_ipv4(data, len, to);
	case POM_IPV4_COMMAS:
		return take_bytes(data, len, ',', to);
	case POM_IPV4_TEXT:
		return take_bytes(data, len, '.', to);
	case POM_SOCKADDR_IN:
		return take_sockaddr(data, len, to);
	case POM_IPV6_TEXT:
		return take_ipv6(data, len, to);
	}
	return 0;
}

static size_t put_port_be16(uint8_t *to, uint16_t port)
{
	to[0] = (uint8_t)(port >> 8);
	to[1] = (uint8_t)port;
	return 2;
}

static size_t put_bytes(uint8_t *to, const uint8_t *addr, uint8_t separator)
{
	size_t off = 0;
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			to[off++] = separator;
		off += put_number(to + off, addr[i]);
	}
	return off;
}

static size_t put_sockaddr(uint8_t *to, const struct pom_endpoint *from)
{
	memset(to, 0, SOCKADDR_IN_LEN);
	to[1] = SOCKADDR_IN;
	put_port_be16(to + 2, from->port);
	memcpy(to + 4, from->addr, 4);
	return SOCKADDR_IN_LEN;
}

/* The shortest form (RFC 5952). */
static size_t put_ipv6(uint8_t *to, const uint8_t *addr)
{
	char text[46];
	size_t len;

#ifdef __KERNEL__
	snprintf(text, sizeof(text), "%pI6c", addr);
#else
	inet_ntop(AF_INET6, addr, text, sizeof(text));
#endif
	len = strlen(text);
	memcpy(to, text, len);
	return len;
}

size_t pom_encode(enum pom_encoding encoding, const struct pom_endpoint *from,
		  uint8_t *to)
{
	switch (encoding) {
	case POM_PORT_DECIMAL:
		return put_number(to, from->port);
	case POM_PORT_BE16:
		return put_port_be16(to, from->port);
	case POM_IPV4_DECIMAL:
		return put_number(to, get_ipv4(from->addr));
	case POM_IPV4_COMMAS:
		return put_bytes(to, from->addr, ',');
	case POM_IPV4_TEXT:
		return put_bytes(to, from->addr, '.');
	case POM_SOCKADDR_IN:
		return put_sockaddr(to, from);
	case POM_IPV6_TEXT:
		return put_ipv6(to, from->addr);
	}
	return 0;
}

/* Appends to @buf; returns the new length, or 0 if it is too long. */
static size_t append(uint8_t *buf, size_t used, size_t size,
		     const uint8_t *from, size_t len)
{
	if (len > size - used)
		return 0;
	memcpy(buf + used, from, len);
	return used + len;
}

size_t pom_splice(const uint8_t *data, size_t len,
		  const struct pom_field *field, size_t n, uint8_t *buf,
		  size_t size)
{
	uint8_t text[POM_ENCODING_MAX];
	size_t at = field[0].off, used = 0, i;

	for (i = 0; i < n; i++) {
		const struct pom_field *f = &field[i];

		if (f->off < at || f->off > len || f->len > len - f->off)
			return 0;
		if (f->off > at)
			used = append(buf, used, size, data + at, f->off - at);
		if (f->off > at && !used)
			return 0;
		used = append(buf, used, size, text,
			      pom_encode(f->encoding, &f->to, text));
		if (!used)
			return 0;
		at = f->off + f->len;
	}
	return used;
}
