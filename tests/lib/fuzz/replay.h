/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A main() for a fuzz target without libFuzzer: passes it each file of the
 * command line. A forced include (cc -include tests/lib/fuzz/replay.h) makes
 * the target a program that gcc can measure.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	static const size_t most = 1 << 20;
	uint8_t *data = malloc(most);
	size_t size;
	FILE *file;
	int i;

	for (i = 1; i < argc; i++) {
		file = fopen(argv[i], "rb");
		if (!file || !data) {
			perror(argv[i]);
			return 1;
		}
		size = fread(data, 1, most, file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
	}
	free(data);
	return 0;
}
