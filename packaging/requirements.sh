# Which Debian this is, and which packages each part of ./dev needs of it. Sourced by ./dev.

# What a system is called that can build Samsynk; else a sentence, at once.
debian_release() {
    local ID='' ID_LIKE='' VERSION_CODENAME='' PRETTY_NAME=''
    # shellcheck disable=SC1091
    . "${1:-/etc/os-release}" 2>/dev/null || true
    case "$ID:$VERSION_CODENAME" in
        debian:bookworm | debian:trixie) echo "$VERSION_CODENAME" ;;
        *)
            echo "Samsynk is built on Debian 12 (bookworm) and Debian 13 (trixie); this is ${PRETTY_NAME:-another system}." >&2
            echo "Use one of those, or a container of one: mmdebstrap --variant=minbase trixie FOLDER" >&2
            return 1 ;;
    esac
}

release=$(debian_release) || exit 1
case $release in
    bookworm)  # Debian 12's own Boost is older than what Samsynk needs
        boost=(libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev)
        postgresql=postgresql-15
        clang_runtime=libclang-rt-14-dev ;;
    trixie)
        boost=(libboost-dev libboost-json-dev libboost-url-dev)
        postgresql=postgresql-17
        clang_runtime=libclang-rt-19-dev ;;
esac

build_packages=(g++ cmake ninja-build ccache pkg-config "${boost[@]}" libyaml-cpp-dev libexpat1-dev libsqlitecpp-dev libsqlite3-dev
    libspdlog-dev libfmt-dev libssl-dev zlib1g-dev libcli11-dev libqrencode-dev libsystemd-dev libsoci-dev libutf8proc-dev
    libkainjow-mustache-dev libgmime-3.0-dev libcurl4-openssl-dev gettext)
demo_packages=(curl sqlite3 python3 procps)
unit_packages=(libgtest-dev libgmock-dev librapidcheck-dev python3 python3-pytest openssl sqlite3 procps)
test_packages=("${unit_packages[@]}" python3-jsonschema python3-yaml curl ca-certificates strace faketime zbar-tools
    tinyproxy-bin iproute2 util-linux)
# Where squid is installed it also starts, which nobody asked of their own machine: its tests are skipped there. Of shells
# the completions are tested, where they are installed. In CI all of it is.
ci_packages=(squid zsh fish python3-fusepy fuse3)
# A mail server, for the letters of the sandbox. Also one that would start.
mail_packages=(exim4-daemon-light)
# Real databases and the programs that live in them, for the tests of the sql connector. Elsewhere than in CI those that
# are not installed are skipped; `./dev databases` installs them.
database_packages=("$postgresql" mariadb-server-core mariadb-client-core tryton-server tryton-modules-company
    tryton-modules-party python3-psycopg2 odbc-postgresql libsqliteodbc)
# The site of guides, the manual pages, the journal's catalog. Their tests are skipped where these are missing, but in CI.
docs_packages=(mkdocs scdoc man-db mandoc systemd locales curl jq)
package_packages=(build-essential debhelper dpkg-dev lintian scdoc git)
# A whole Debian to build or install in, and to boot.
machine_packages=(mmdebstrap systemd-container)
# A browser for the tests of the pages, a way to give it a certificate authority, and letters that Swedish has.
browser_packages=(chromium libnss3-tools fonts-noto-core)
lint_packages=(python3 gettext)
peer_packages=(isync dovecot-imapd rclone vdirsyncer radicale)
fuzz_packages=(clang "$clang_runtime")
