# SPDX-License-Identifier: GPL-2.0-only
# Extensions and programs (userspace), and the modules of a kernel:
#
#   nix-build packaging/nix -A userspace
#   nix-build packaging/nix -A modules --arg kernel 'with import <nixpkgs> { }; linux_6_12'
#
# With `boot.extraModulePackages = [ (import ./packaging/nix { inherit pkgs;
# kernel = config.boot.kernelPackages.kernel; }).modules ]`, modprobe finds the modules on NixOS.
# iptables finds the extensions if XTABLES_LIBDIR lists the directory lib/xtables of userspace, and
# behind it that of iptables.
{
  pkgs ? import <nixpkgs> { },
  kernel ? pkgs.linuxPackages.kernel,
}:
let
  inherit (pkgs) lib stdenv;
  version = builtins.head (
    builtins.match ".*\nVERSION=([0-9.]+)\n.*" (builtins.readFile ../../scripts/version)
  );
  # Without what make has built in the clone.
  src = lib.cleanSourceWith {
    src = lib.cleanSource ../..;
    filter = path: type: path != toString ../../build;
  };
  meta = {
    description = "Netfilter extensions outside the kernel tree";
    license = lib.licenses.gpl2Only;
    platforms = lib.platforms.linux;
  };
  release = kernel.modDirVersion;
in
{
  userspace = stdenv.mkDerivation {
    pname = "patch-o-matic";
    inherit version src meta;
    nativeBuildInputs = [ pkgs.pkg-config ];
    buildInputs = [
      pkgs.iptables
      pkgs.libmnl
      pkgs.libnetfilter_conntrack
    ];
    postPatch = "patchShebangs packaging scripts";
    buildFlags = [
      "extensions"
      "tools"
      "man"
    ];
    installPhase = ''
      PREFIX=$out SBINDIR=$out/bin XTLIBDIR=$out/lib/xtables packaging/install userspace /
    '';
  };

  modules = stdenv.mkDerivation {
    pname = "patch-o-matic-modules";
    version = "${version}-${release}";
    inherit src meta;
    hardeningDisable = [
      "format"
      "pic"
    ];
    # For flock.
    nativeBuildInputs = kernel.moduleBuildDependencies ++ [ pkgs.util-linux ];
    postPatch = "patchShebangs scripts kernel/compat/probe";
    buildFlags = [
      "modules"
      "KERNEL_DIR=${kernel.dev}/lib/modules/${release}/build"
    ];
    installPhase = ''
      install -D -m 644 -t $out/lib/modules/${release}/updates/patch-o-matic build/${release}/*.ko
    '';
  };
}
