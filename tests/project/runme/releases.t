#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which release of a kernel is fetched, by what the archive has.
# inputs: scripts/* tests/lib/tap.sh
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"

export POM_CACHE=$TAP_TMP/cache
mkdir -p "$POM_CACHE/apt" "$TAP_TMP/bin"
touch "$POM_CACHE/apt/updated"
echo "Dir::State::lists \"$POM_CACHE/apt/lists\";" >"$POM_CACHE/apt/apt.conf"
# As apt-cache does for a name that other packages mention, it prints nothing and succeeds.
cat >"$TAP_TMP/bin/apt-cache" <<'END'
#!/bin/sh
case $1 in
pkgnames) sed "s/ .*//" "$PACKAGES" | grep "^$2" || : ;;
show) for name; do :; done; sed -n "s/^\($name\) there/Package: \1/p" "$PACKAGES" ;;
esac
END
chmod +x "$TAP_TMP/bin/apt-cache"
export PATH=$TAP_TMP/bin:$PATH PACKAGES=$TAP_TMP/packages

# release_is SPEC RELEASE <<END: the packages, and which of them are there
release_is() {
	cat >"$PACKAGES"
	rm -rf "$POM_CACHE/kernels"
	is "$1" "$(scripts/kernel release "$1" 2>&1)" "$2"
}
release_is 6.1 6.1.0-10-cloud-amd64 <<'END'
linux-headers-6.1.0-9-cloud-amd64 there
linux-image-6.1.0-9-cloud-amd64 there
linux-headers-6.1.0-10-cloud-amd64 there
linux-image-6.1.0-10-cloud-amd64 there
linux-headers-6.1.0-10-amd64 there
linux-image-6.1.0-10-amd64 there
END
release_is 6.1 6.1.0-9-cloud-amd64 <<'END'
linux-headers-6.1.0-9-cloud-amd64 there
linux-image-6.1.0-9-cloud-amd64 there
linux-headers-6.1.0-10-cloud-amd64 there
linux-image-6.1.0-10-cloud-amd64
END
release_is 7.3 7.3.4+deb13-cloud-amd64 <<'END'
linux-headers-7.3.4+deb13-cloud-amd64 there
linux-binary-7.3.4+deb13-cloud-amd64 there
END
like 'no image' "$(: >"$PACKAGES"; scripts/kernel release 5.10 2>&1)" 'archive has no kernel 5\.10 '
done_testing
