# SPDX-License-Identifier: GPL-2.0-only
# Reads patchlets/NAME/info files (arguments, `Key: value` lines). -v mode= selects the output:
#   check    none; each fault is printed to stderr as FILE:LINE: message, exit 1
#   list     the wanted patchlets (-v want="extra recent ...", empty = all) and their dependencies,
#            dependencies first
#   get      the values of -v key= of the patchlet -v want=, one a line
#   words    the words of all values of -v key= of the patchlets -v want= (exactly those), one a
#            line
#   json     everything, as one JSON array
#   dump     everything, a NAME<tab>Key<tab>value line each, patchlets in dependency order, each
#            begun by NAME<tab><tab>
# Suites contain each other: extra needs submitted, pending and base, as in patch-o-matic.

BEGIN {
	nsuites = split("submitted pending base extra", suite_order, " ")
	for (i = 1; i <= nsuites; i++)
		is_suite[suite_order[i]] = 1
	split("lib compat vm debug project", shared, " ")
	for (i in shared)
		is_shared[shared[i]] = 1
	needs["extra"] = "submitted pending base"

	once = "Title Author Status Suite Repository Version Hooks Tables"
	many = "Depends Requires Modules Extensions Tools Replaces"
	nonce = split(once, keys, " ")
	for (i = 1; i <= nonce; i++)
		known[keys[i]] = "once"
	nkeys = split(once " " many, keys, " ")
	for (i = nonce + 1; i <= nkeys; i++)
		known[keys[i]] = "many"
	nmust = split("Title Author Status Suite Version", must, " ")
}

function fault(where, message) {
	printf "%s: %s\n", where, message > "/dev/stderr"
	faults++
}

function patchlet_of(file,    part, n) {
	n = split(file, part, "/")
	return part[n - 1]
}

FNR == 1 {
	here = patchlet_of(FILENAME)
	if (here in file_of)
		fault(FILENAME ":1", "two patchlets are called " here)
	file_of[here] = FILENAME
	names[++count] = here
	if (here !~ /^[A-Za-z0-9][A-Za-z0-9_-]*$/)
		fault(FILENAME ":1", "a patchlet's name consists of letters, digits, - and _; fix: rename the directory '" here "'")
	if (here in is_suite)
		fault(FILENAME ":1", "'" here "' is a suite; a patchlet cannot have that name")
	if (here in is_shared)
		fault(FILENAME ":1", "'" here "' is a directory that patchlets share; " \
			"a patchlet cannot have that name")
}

{ sub(/[ \t\r]+$/, "") }

/^#/ || /^$/ { next }

!/^[A-Za-z]+:/ {
	fault(FILENAME ":" FNR, "not a 'Key: value' line: " $0)
	next
}

{
	key_here = $0
	sub(/:.*/, "", key_here)
	value = $0
	sub(/^[A-Za-z]+:[ \t]*/, "", value)
	if (!(key_here in known)) {
		fault(FILENAME ":" FNR, "unknown key '" key_here "' (known: " once " " many ")")
		next
	}
	if (value == "") {
		fault(FILENAME ":" FNR, key_here " has no value; fill it in or remove the line")
		next
	}
	if (known[key_here] == "once" && (here, key_here) in value_of) {
		fault(FILENAME ":" FNR, key_here " is given twice")
		next
	}
	if ((here, key_here) in value_of)
		value_of[here, key_here] = value_of[here, key_here] "\n" value
	else
		value_of[here, key_here] = value
	line_of[here, key_here] = FNR
}

# Checks that need all lines of a file.
function check_patchlet(name,    i, n, word, part) {
	for (i = 1; i <= nmust; i++)
		if (!((name, must[i]) in value_of))
			fault(file_of[name] ":1", "the key " must[i] " is missing")
	if ((name, "Suite") in value_of && !(value_of[name, "Suite"] in is_suite))
		fault(place(name, "Suite"), "unknown suite '" value_of[name, "Suite"] \
			"' (known: submitted pending base extra)")
	n = split(value_of[name, "Depends"], word, /[ \t\n]+/)
	for (i = 1; i <= n; i++) {
		sub(/^!/, "", word[i])
		if (word[i] == name)
			fault(place(name, "Depends"), name " names itself in Depends")
		else if (word[i] !~ /^[A-Za-z0-9][A-Za-z0-9_-]*$/)
			fault(place(name, "Depends"), "Depends takes names of patchlets, not '" \
				word[i] "'")
	}
	n = split(value_of[name, "Modules"], word, /[ \t\n]+/)
	for (i = 1; i <= n; i++) {
		if (word[i] in module_of)
			fault(place(name, "Modules"), "the module " word[i] " belongs to " \
				module_of[word[i]] " already")
		module_of[word[i]] = name
	}
	n = split(value_of[name, "Requires"], part, "\n")
	for (i = 1; i <= n; i++)
		if (part[i] !~ /^(linux|iptables) (==|>=|<=|>|<) [0-9]+(\.[0-9]+)*$/ &&
		    part[i] !~ /^config [A-Z0-9_]+$/ && part[i] !~ /^symbol [A-Za-z0-9_]+$/)
			fault(place(name, "Requires"), "cannot read the requirement '" part[i] \
				"' (linux >= 5.10 | iptables >= 1.8 | config NF_CONNTRACK | symbol nf_ct_expect_init)")
}

# The line of a key, for messages.
function place(name, key) { return file_of[name] ":" line_of[name, key] }

function depend_words(name, word,    n, i, m, all) {
	n = split(value_of[name, "Depends"], all, /[ \t\n]+/)
	m = 0
	for (i = 1; i <= n; i++)
		if (all[i] !~ /^!/)
			word[++m] = all[i]
	return m
}

# Depth first: a patchlet's dependencies are printed before it. path is the chain of patchlets so
# far, to report a cycle.
function visit(name, path,    word, n, i, at) {
	if (state[name] == "done")
		return
	path = (path == "" ? name : path " -> " name)
	if (state[name] == "open") {
		at = index(" " path, " " name " ")
		fault(place(name, "Depends"), "the dependencies have a cycle: " substr(path, at) \
			"; fix: remove one of these Depends")
		return
	}
	state[name] = "open"
	n = depend_words(name, word)
	for (i = 1; i <= n; i++) {
		if (word[i] in file_of)
			visit(word[i], path)
		else
			fault(place(name, "Depends"), name " depends on " word[i] \
				", but there is no such patchlet")
	}
	state[name] = "done"
	ordered[++nordered] = name
}

function visit_suite(suite,    i, n, inner) {
	n = split(needs[suite], inner, " ")
	for (i = 1; i <= n; i++)
		visit_suite(inner[i])
	for (i = 1; i <= count; i++)
		if (value_of[names[i], "Suite"] == suite)
			visit(names[i], "")
}

function visit_wanted(    i, n, word) {
	n = split(want, word, " ")
	if (n == 0)
		n = split("extra", word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] in is_suite)
			visit_suite(word[i])
		else if (word[i] in file_of)
			visit(word[i], "")
		else
			fault("info", "there is no patchlet or suite called '" word[i] \
				"' (see ./runme --list)")
	}
}

function print_words(    i, j, m, n, wanted, word) {
	n = split(want, wanted, " ")
	if (n == 0)
		for (n = 1; n <= nordered; n++)
			wanted[n] = ordered[n]
	for (i = 1; i in wanted; i++) {
		if (!(wanted[i] in file_of)) {
			fault("info", "there is no patchlet called '" wanted[i] \
				"' (see ./runme --list)")
			continue
		}
		m = split(value_of[wanted[i], key], word, /[ \t\n]+/)
		for (j = 1; j <= m; j++)
			print word[j]
	}
}

function json_string(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	gsub(/\t/, "\\t", s)
	return "\"" s "\""
}

function json_array(text, separator,    n, i, part, out) {
	n = split(text, part, separator)
	out = ""
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? ", " : "") json_string(part[i])
	return "[" out "]"
}

function print_json(    i, j, name, k, sep) {
	print "["
	for (i = 1; i <= nordered; i++) {
		name = ordered[i]
		printf "  {\"name\": %s", json_string(name)
		for (j = 1; j <= nkeys; j++) {
			k = keys[j]
			sep = (k == "Requires" ? "\n" : "[ \t\n]+")
			if (known[k] == "many")
				printf ", %s: %s", json_string(tolower(k)),
					json_array(value_of[name, k], sep)
			else if ((name, k) in value_of)
				printf ", %s: %s", json_string(tolower(k)),
					json_string(value_of[name, k])
		}
		print "}" (i < nordered ? "," : "")
	}
	print "]"
}

function print_dump(    i, j, k, n, name, part) {
	for (i = 1; i <= nordered; i++) {
		name = ordered[i]
		print name "\t\t"
		for (j = 1; j <= nkeys; j++) {
			n = split(value_of[name, keys[j]], part, "\n")
			for (k = 1; k <= n; k++)
				print name "\t" keys[j] "\t" part[k]
		}
	}
}

END {
	for (i = 1; i <= count; i++)
		check_patchlet(names[i])
	if (mode == "list")
		visit_wanted()
	else
		for (i = 1; i <= nsuites; i++)
			visit_suite(suite_order[i])
	if (mode == "get" && !(want in file_of))
		fault("info", "there is no patchlet called '" want "' (see ./runme --list)")
	if (faults)
		exit 1
	if (mode == "list")
		for (i = 1; i <= nordered; i++)
			print ordered[i]
	else if (mode == "get") {
		if ((want, key) in value_of)
			print value_of[want, key]
	} else if (mode == "words")
		print_words()
	else if (mode == "json")
		print_json()
	else if (mode == "dump")
		print_dump()
	exit faults > 0
}
