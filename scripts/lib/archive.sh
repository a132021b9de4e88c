# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Reads Debian's archive through a private apt configuration, with every suite that a supported
# kernel comes from. The host's apt is not changed, and no root is needed. Source common.sh first.
# The archive is the host's, or POM_MIRROR and POM_SECURITY_MIRROR.

ARCHIVE_SUITES="bullseye bookworm trixie trixie-backports"
ARCHIVE_SECURITY_SUITES="bullseye-security bookworm-security trixie-security"
ARCHIVE_ARCH=amd64
ARCHIVE_DIR=$POM_CACHE/apt
ARCHIVE_MAX_AGE_DAYS=7
ARCHIVE_CHECK_AGE=true

# Selects the architecture whose packages the functions below find. Each has lists of its own, since
# most users need one only.
archive_choose() {
	ARCHIVE_ARCH=$1
	ARCHIVE_DIR=$POM_CACHE/apt
	[[ $1 == amd64 ]] || ARCHIVE_DIR+=-$1
}

# Selects sid in place of the suites that kernels come from. A snapshot of it may be older than its
# Release file allows.
archive_choose_sid() {
	ARCHIVE_SUITES=sid ARCHIVE_SECURITY_SUITES='' ARCHIVE_CHECK_AGE=false
	ARCHIVE_DIR=$POM_CACHE/apt-sid
}

# Prints the addresses of the host's Debian archive: "main" or "security" and an address.
archive_mirrors() {
	local uri suite
	if [[ -n ${POM_MIRROR-} ]]; then
		printf 'main %s\nsecurity %s\n' "$POM_MIRROR" \
			"${POM_SECURITY_MIRROR:-${POM_MIRROR%/}-security}"
		return
	fi
	# shellcheck disable=SC2016 # apt's own placeholders
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null | sort -u |
		while read -r uri suite; do
			case $suite in
			*-security | */updates) printf 'security %s\n' "$uri" ;;
			bullseye | bookworm | trixie | forky | sid | stable | oldstable | \
				oldoldstable | testing | unstable)
				printf 'main %s\n' "$uri" ;;
			esac
		done
}

archive_configure() {
	local mirrors main security keyring=/usr/share/keyrings/debian-archive-keyring.gpg suite
	command -v apt-get >/dev/null ||
		die "apt-get is not installed: stock kernels can be fetched on Debian hosts only"
	[[ -r $keyring ]] || die "$keyring is missing; fix: apt-get install debian-archive-keyring"
	mirrors=$(archive_mirrors)
	main=$(sed -n 's/^main //p' <<<"$mirrors" | head -n 1)
	[[ -n $main ]] ||
		die "the host's apt has no Debian archive; fix: set POM_MIRROR to the address of one"
	security=$(sed -n 's/^security //p' <<<"$mirrors" | head -n 1)
	[[ -n $security ]] || security=${main%/}-security

	mkdir -p "$ARCHIVE_DIR"/{lists/partial,cache/archives/partial,parts}
	for suite in $ARCHIVE_SUITES; do
		printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$main" "$suite"
	done >"$ARCHIVE_DIR/sources.list.new"
	for suite in $ARCHIVE_SECURITY_SUITES; do
		printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$security" "$suite"
	done >>"$ARCHIVE_DIR/sources.list.new"
	mv "$ARCHIVE_DIR/sources.list.new" "$ARCHIVE_DIR/sources.list"
	cat >"$ARCHIVE_DIR/apt.conf" <<-CONF
		Dir::Etc::sourcelist "$ARCHIVE_DIR/sources.list";
		Dir::Etc::sourceparts "$ARCHIVE_DIR/parts";
		Dir::Etc::preferencesparts "$ARCHIVE_DIR/parts";
		Dir::Etc::parts "$ARCHIVE_DIR/parts";
		Dir::State::lists "$ARCHIVE_DIR/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$ARCHIVE_DIR/cache";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::Check-Valid-Until "$ARCHIVE_CHECK_AGE";
		APT::Architecture "$ARCHIVE_ARCH";
		APT::Architectures "$ARCHIVE_ARCH";
		APT::Sandbox::User "root";
	CONF
}

archive_apt() {
	local program=$1
	shift
	APT_CONFIG=$ARCHIVE_DIR/apt.conf "$program" "$@"
}

# archive_update always|if-old: fetches the package lists; if-old: only if they are missing or older
# than a week. A suite that cannot be read, e.g. an archived one, causes a warning.
archive_update() {
	local stamp=$ARCHIVE_DIR/updated
	mkdir -p "$ARCHIVE_DIR"
	(
		flock 9
		if [[ $1 != always &&
			-n $(find "$stamp" -mtime "-$ARCHIVE_MAX_AGE_DAYS" 2>/dev/null) ]]; then
			# The configuration has the path of the cache, which may have been moved.
			grep -qsF "\"$ARCHIVE_DIR/lists\"" "$ARCHIVE_DIR/apt.conf" ||
				archive_configure
			exit 0
		fi
		archive_configure
		info "fetching the lists of Debian's archive"
		if ! archive_apt apt-get update -q >"$ARCHIVE_DIR/update.log" 2>&1; then
			warn "not every suite could be read: $(grep -m 3 '^[EW]:' \
				"$ARCHIVE_DIR/update.log" | tr '\n' ' ')"
		fi
		[[ -n $(archive_names linux-headers-) ]] ||
			die "Debian's archive cannot be read; see $ARCHIVE_DIR/update.log"
		touch "$stamp"
	) 9>"$ARCHIVE_DIR/lock"
}

# Names of packages that begin with PREFIX, one a line.
archive_names() {
	archive_apt apt-cache pkgnames "$1"
}

# archive_unpack DIR PACKAGE[/SUITE]...: fetches packages and unpacks them into DIR.
archive_unpack() {
	local into=$1 debs
	shift
	mkdir -p "$into"
	debs=$(mktemp -d "$POM_CACHE/debs.XXXXXX")
	# apt finds no package while another process updates the lists.
	if ! (cd "$debs" && flock -s 9 &&
		archive_apt apt-get -q download "$@" >log 2>&1) 9>>"$ARCHIVE_DIR/lock"; then
		warn "$(tail -n 3 "$debs/log" | tr '\n' ' ')"
		rm -rf "$debs"
		return 1
	fi
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$into" || { rm -rf "$debs"; return 1; }
	done
	rm -rf "$debs"
}

# archive_unpack_system DIR SUITE PACKAGE...: fetches packages of a suite with all that they depend
# on, and unpacks them into DIR as the root of a system, without running their scripts. Essential
# packages must be named, too.
archive_unpack_system() {
	local into=$1 suite=$2 debs deb status=0
	shift 2
	mkdir -p "$into"
	debs=$(mktemp -d "$POM_CACHE/debs.XXXXXX")
	mkdir "$debs/partial"
	if (flock -s 9 && archive_apt apt-get -q -y --no-install-recommends --download-only \
		-o "Dir::Cache::archives=$debs/" -o Debug::NoLocking=true -t "$suite" \
		install "$@" >"$debs/log" 2>&1) 9>>"$ARCHIVE_DIR/lock"; then
		for deb in "$debs"/*.deb; do
			dpkg-deb -x "$deb" "$into" || { status=1; break; }
		done
		((status)) || archive_merge_usr "$into" || status=1
	else
		warn "$(tail -n 3 "$debs/log" | tr '\n' ' ')"
		status=1
	fi
	rm -rf "$debs"
	return "$status"
}

# archive_merge_usr ROOT: /lib and the like become links to directories of /usr, where suites from
# trixie on have their files.
archive_merge_usr() {
	local name
	for name in bin sbin lib lib64; do
		mkdir -p "$1/usr/$name" || return
		if [[ -d $1/$name && ! -L $1/$name ]]; then
			cp -a "$1/$name/." "$1/usr/$name/" && rm -r "${1:?}/$name" || return
		fi
		ln -sfn "usr/$name" "$1/$name" || return
	done
}
