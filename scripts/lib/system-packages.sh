# Read by scripts/setup. Programs that come from the system: asked for with `want`, brought by `provide_wanted`.
#
# As root on Debian and its kin they are installed; elsewhere each is named with what its absence means and its
# cure. A missing program never ends the set-up: tests that need it skip and say so.
# LW_NO_APT=1 keeps it from installing anything on the system.

wanted= # lines of: program|package|consequence

# want PROGRAM PACKAGE CONSEQUENCE
want() {
  command -v "$1" >/dev/null && return
  wanted="$wanted$1|$2|$3
"
}

want_test_programs() {
  [ "$(uname)" = Linux ] || {
    say "this is not Linux: tests on a real kernel will skip"
    return 0
  }
  want ip iproute2 "tests on real links will skip"
  want ping iputils-ping "tests that send packets will skip"
  want unshare util-linux "tests in a network namespace of their own will skip"
  want setpriv util-linux "tests without privileges will skip"
  want tmux tmux "tests in a terminal will skip"
  want g++ g++ "tests that compile C++ will skip"
  want tshark tshark "captures are not checked against tshark"
  check_namespaces
}

# Where the system forbids them, the tests skip: better said once here than read from a hundred skips.
check_namespaces() {
  command -v unshare >/dev/null || return 0
  unshare -rn true 2>/dev/null || say "no network namespace can be made here (unshare -rn): tests on real links will skip
  cure: sysctl -w kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu),
  or a container with --privileged"
}

provide_wanted() {
  [ -n "$wanted" ] || return 0
  may_install && install_packages
  echo "$wanted" | while IFS='|' read -r program package consequence; do
    [ -z "$program" ] || command -v "$program" >/dev/null ||
      say "$program is missing: $consequence
  cure: apt-get install $package (Debian, Ubuntu; others: the package that has '$program')"
  done
}

may_install() {
  [ "${LW_NO_APT:-}" != 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Never fatal: what could not be installed is named afterwards.
install_packages() {
  packages=$(echo "$wanted" | cut -d'|' -f2 | sort -u | tr '\n' ' ')
  say "installing from the system's packages:$packages"
  {
    apt-get update -q </dev/null
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages </dev/null
  } >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    say "apt-get could not install all of it; the set-up goes on"
  }
}
