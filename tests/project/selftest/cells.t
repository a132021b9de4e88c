#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The shards together run everything in every cell, tests/cells prints what one of them leaves out,
# and old variables are refused.
# inputs: tests/cells tests/check tests/check-one tests/project/lint/spdx.t patchlets/*/info scripts/*
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh" || exit

unset KERNELS LEVEL SHARD TURN
kernels='5.10 6.1 6.12 7.3'
jobs() { # [PATTERN]: KERNEL BACKEND:FILE of this run
	local kernel
	for kernel in ${KERNELS:-$kernels}; do
		tests/cells jobs "$kernel" | sed "s/^/$kernel /"
	done | grep -E "${1-.}"
}
all() { LEVEL=full jobs "$1"; }
rotation() { # N PATTERN
	local n
	for n in $(seq "$1"); do SHARD=$n/$1 jobs "$2"; done
}

scenarios=$(all 'sh$' | awk '{ print $2 }' | sed 's/.*://' | sort -u | wc -l)
ok 'there are scenarios' test "$scenarios" -gt 30
is 'all of them run in eight cells' "$(all 'sh$' | sort -u | wc -l)" $((scenarios * 8))
is 'a shard of eight runs each in one' "$(SHARD=3/8 jobs 'sh$' | sed 's/.*://' | sort)" \
	"$(all 'sh$' | sed 's/.*://' | sort -u)"
for n in 1 3 8 16; do
	is "$n shards run each scenario in each cell, once" "$(rotation $n 'sh$' | sort)" \
		"$(all 'sh$' | sort)"
done
is 'one shard runs rule cases and demonstrations on each kernel, through one backend' \
	"$(jobs '(\.t|demo)$' | sed 's/ .*:/ /' | sort)" \
	"$(all 'nft:.*(\.t|demo)$' | sed 's/ .*:/ /' | sort)"
is 'eight run them in each cell' "$(rotation 8 '(\.t|demo)$' | sort -u)" \
	"$(all '(\.t|demo)$' | sort -u)"
is 'each shard unloads on each kernel' "$(jobs ' unload$' | wc -l)" 4
most=$(SHARD=5/8 jobs 'sh$' | cut -d: -f1 | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
ok "no cell has more than a quarter of a shard ($most of $scenarios)" test $((most * 4)) \
	-le "$scenarios"
is 'quick is one kernel' "$(LEVEL=quick jobs | cut -d' ' -f1 | sort -u)" 7.3
is 'with each test once' "$(LEVEL=quick jobs ':' | sed 's/.*://' | sort)" \
	"$(all : | sed 's/.*://' | sort -u)"
is 'a single kernel gets each scenario once' "$(KERNELS=6.1 jobs 'sh$' | sed 's/.*://' | sort)" \
	"$(all 'sh$' | sed 's/.*://' | sort -u)"

one=$(SHARD=2/8 tests/cells left-out)
is 'what is left out: each scenario' "$(wc -l <<<"$one")" "$scenarios"
is 'with seven cells' "$(cut -d: -f2 <<<"$one" | tr ',' '\n' | wc -l)" $((scenarios * 7))
is 'in sum' "$(SHARD=2/8 tests/cells summary | awk '/^  / { sum += $2 } END { print sum }')" \
	$((scenarios * 7))
is 'full leaves out nothing' "$(LEVEL=full tests/cells summary)" ''

refused() { # DESC REGEX VARIABLE=VALUE COMMAND...
	local said status
	said=$(env "${@:3}" 2>&1)
	status=$?
	is "$1: status 2" "$status" 2
	like "$1: what is printed" "$said" "$2"
}
refused 'MATRIX' 'MATRIX=turns: .*LEVEL=normal and SHARD=K/N' MATRIX=turns tests/check
refused 'MATRIX in check-one' 'MATRIX=full: .*LEVEL=full' MATRIX=full tests/check-one --unload
refused 'TEST_FULL' 'TEST_FULL=1: .*LEVEL=full' TEST_FULL=1 tests/check-one \
	tests/project/lint/spdx.t
refused 'another LEVEL' 'LEVEL=long: wanted quick, normal or full' LEVEL=long tests/check
nok 'a shard that is none' env SHARD=9/8 tests/cells summary

all=$(printf '%s\n' tests/project/{runme,packaging,doc,build}/*.t | LC_ALL=C sort)
is 'no program waits' "$(tests/cells waiting)" ''
is 'two turns leave out each program once' \
	"$({ TURN=1/2 tests/cells waiting && TURN=2/2 tests/cells waiting; } | LC_ALL=C sort)" "$all"
is 'three turns leave out each program twice' "$(for i in 1 2 3; do
	TURN=$i/3 tests/cells waiting
done | wc -l)" $((2 * $(wc -l <<<"$all")))
nok 'a turn that is none' env TURN=3/2 tests/cells waiting
done_testing
