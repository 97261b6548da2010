# The office of the demo: its customers online, their folders, a sandbox and a daemon. Read by demo/run and demo/open.
bin=${SAMSYNK_BIN:-$PWD/build/bin}
work=$(mktemp -d /tmp/samsynk-demo.XXXXXX)
books=$work/Företag
export SAMSYNK_SOCKET=$work/control.sock

office() { "$bin/samsynk-sandbox" --data "$work/online" "$@"; }
wait_for() {
    for _ in $(seq 300); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    echo "waited in vain for: $*"
    exit 1
}

# Ends one that was started here; one that has not ended after ten seconds is killed.
end() {
    kill "$1" 2>/dev/null || true
    for _ in $(seq 200); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# Ends what still runs, the last started first, and takes all away. Another Ctrl-C is not to cut that short.
take_down() {
    trap '' INT TERM HUP
    local running at
    mapfile -t running < <(jobs -pr)
    for ((at = ${#running[@]} - 1; at >= 0; at--)); do end "${running[at]}"; done
    rm -rf "$work"
}

# Lays a company folder with a SIE file as Visma Administration writes it, in code page 437.
lay() {
    mkdir -p "$books/$1"
    printf '#FLAGGA 0\r\n#PROGRAM "Visma Administration" 2026.1\r\n#FORMAT PC8\r\n#GEN 20261101\r\n#SIETYP 4\r\n#FNR "%s"\r\n#ORGNR %s\r\n#FNAMN "%s"\r\n#KONTO 1510 "Kundfordringar"\r\n' \
        "$1" "$2" "$3" | iconv -f UTF-8 -t CP437 >"$books/$1/$1.se"
}

# Twelve customers in all states.
customers_online() {
    office office 5562651892 "Norrsken Redovisning AB"
    office company add 556016-0680 "Lindqvist Bygg AB"
    office company add 556036-0793 "Ekströms Måleri AB"
    office company add 556074-7569 "Ångermanlands Åkeri AB" --online spiris
    office company add 556012-5790 "Fjällnäs Hotell AB" --online spiris
    office company add 556042-7220 "Björkö Fisk AB" --online none
    office company add 556056-6258 "Hörnans Bageri AB" --online none
    office company add 556000-4615 "Säters Snickeri AB"
    office company add 556003-7490 "Väsby El AB"
    office company add 556009-1018 "Kullens Kafé AB"
    office company add 556025-7320 "Norrlands Åk & Gräv AB"
    office company add 550101-1232 "Åsa Nyström, frisör"
    office company add 556049-2034 "Tjärnö Varv AB"
    for number in 5560160680 5560360793 5560747569 5560125790 5560004615 5560037490 5560091018 5560257320 5501011232; do
        office activate "$number" --recipient office
    done
    office activate 5560427220 --recipient customer --contact-name "Bo Ek" --contact-email bo@example.se
    office activate 5560566258 --recipient office --payee office --contact-name "Eva By" --contact-email eva@example.se
    for number in 5560160680 5560360793 5560747569 5560037490 5560091018 5501011232; do office approve "$number"; done
    office accept-terms 5560566258
    office decline 5560004615
    office expire 5560257320
    office end 5560037490
    office end 5560091018 --on 2099-12-31
    office prefs 5560160680 --receive-invoices yes
    office prefs 5501011232 --receive-invoices yes --send-all-invoices no
}

# Their folders, one that nobody has added online, and one with a placeholder for a number.
books_on_the_file_server() {
    lay Lindqvist 556016-0680 "Lindqvist Bygg AB"
    lay Ekstrom 556036-0793 "Ekströms Måleri AB"
    lay Akeriet 556074-7569 "Ångermanlands Åkeri AB"
    lay Fjallnas 556012-5790 "Fjällnäs Hotell AB"
    lay Bjorko 556042-7220 "Björkö Fisk AB"
    lay Hornan 556056-6258 "Hörnans Bageri AB"
    lay Sater 556000-4615 "Säters Snickeri AB"
    lay Vasby 556003-7490 "Väsby El AB"
    lay Kullen 556009-1018 "Kullens Kafé AB"
    lay Norrland 556025-7320 "Norrlands Åk & Gräv AB"
    lay Frisor 550101-1232 "Åsa Nyström, frisör"
    lay Tjarno 556049-2034 "Tjärnö Varv AB"
    lay Okant 556051-1114 "Okända Bolaget AB"
    lay Ovningsbolag 555555-5555 "Övningsbolaget AB"
    mkdir -p "$books/Gemensamma filer" "$books/Ekstrom/samsynk" "$books/Fjallnas/samsynk"
    printf '# Vår policy: allt digitalt\nsend_all_invoices: true   # beslut 2026-10-01\nvår_referens: Eva\n' >"$books/Ekstrom/samsynk/preferences.yaml"
    printf 'receive_invoices: true\n' >"$books/Fjallnas/samsynk/preferences.yaml"
}

start_online() {
    "$bin/samsynk-sandbox" --data "$work/online" serve --port 0 >"$work/sandbox.log" 2>&1 &
    server=$!
    wait_for test -s "$work/online/port"
    port=$(cat "$work/online/port")
}

# The installations beside the folders are added later.
write_config() {
    cat >"$work/samsynk.yaml" <<END
service:
  url: https://localhost:$port
  ca_file: $work/online/ca.pem
  auth:
    issuer: https://localhost:$port
    client_id: samsynk
    client_secret_file: $work/online/client_secret
sync:
  interval: 1h
installations:
  - id: main
    connector: folder
    path: $books
${1:-}
control:
  socket: $SAMSYNK_SOCKET
state:
  directory: $work/state
END
}

start_daemon() {
    "$bin/samsynkd" --config "$work/samsynk.yaml" >"$work/samsynkd.log" 2>&1 &
    daemon=$!
    wait_for "$bin/samsynk" status
}
