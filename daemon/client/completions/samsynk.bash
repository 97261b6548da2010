# Completion of samsynk for bash. What the daemon knows (companies, holds, runs, installations) is asked of it, and left
# out where it does not answer.
_samsynk_ask() { timeout 5 "${words[0]/#\~/$HOME}" "${talk[@]}" --json "$@" 2>/dev/null; }

_samsynk_known() {  # the values of a field in what the daemon answers to a command
    local field=$1
    shift
    _samsynk_ask "$@" | grep -o "\"$field\":\"[^\"]*\"" | cut -d'"' -f4 | sort -u
}

_samsynk_places() {  # of companies that a number does not name: those without one, and those that follow another place
    grep -oE '"company":null,"name":"[^"\\]*","installation":"[^"\\]*","place":"[^"\\]*"|"place":"[^"\\]*","follows":"' |
        grep -o '"place":"[^"]*"' | cut -d'"' -f4
}

_samsynk_companies() {  # numbers, or names as soon as something else than a number is begun; and places
    local field=4 all
    [[ $cur == [!0-9]* ]] && field=8
    all=$(_samsynk_ask companies)
    {
        grep -o '"company":"[0-9]*","name":"[^"\\]*"' <<<"$all" | cut -d'"' -f$field
        _samsynk_places <<<"$all"
    } | sort -u
}

_samsynk_places_in() { _samsynk_ask companies | grep -o "\"installation\":\"$1\",\"place\":\"[^\"\\\\]*\"" | cut -d'"' -f8 | sort -u; }

_samsynk_suggest() {  # lines that may hold spaces, of those the ones that begin as what was typed
    local line typed=${cur//\\/}
    while IFS= read -r line; do
        [[ -z $line || $line != "$typed"* ]] || COMPREPLY+=("${line// /\\ }")
    done
}

_samsynk_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_samsynk_options() {
    case $* in
        "") echo --help --version --socket --instance --json ;;
        sync* | synkronisera*) echo --help --dry-run ;;
        companies) echo --help --state ;;
        set*) echo --help --send-all-invoices --receive-invoices ;;
        approve*) echo --help --take ;;
        history*) echo --help --limit ;;
        release*) echo --help --yes ;;
        "installation prepare"*) echo --help --apply ;;
        "config check"*) echo --help --file-only ;;
        doctor) echo --help --config ;;
        ui) echo --help --port --no-open ;;
        check) echo --help --warning-age --critical-age --warning-failed --signin-warning --signin-critical ;;
        backup*) echo --help --force --config ;;
        restore*) echo --help --yes --config ;;
        support-bundle*) echo --help --with-names --config ;;
        *) echo --help ;;
    esac
}

_samsynk_values() {
    case $* in
        "") printf '%s\n' sync synkronisera status companies show set held approve explain history revert release installations \
            installation watch ui login logout config doctor reload log-level check backup restore support-bundle ;;
        sync* | synkronisera* | show | set | explain | history | release) _samsynk_companies ;;
        approve) _samsynk_known id held ;;
        revert) _samsynk_known run history ;;
        installation) printf '%s\n' test prepare scan ;;
        "installation test" | "installation prepare") _samsynk_known id installations ;;
        "installation test "*) [[ $# != 3 ]] || _samsynk_places_in "$3" ;;
        config) echo check ;;
        log-level) printf '%s\n' debug info notice warning error ;;
    esac
}

_samsynk() {
    local words=("${COMP_WORDS[@]}") cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} said=() talk=() i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case ${words[i]} in
            --socket | --instance) talk=("${words[i]}" "${words[++i]}") ;;
            --config | --state | --take | --limit | --port | --send-all-invoices | --receive-invoices | --*-age | --warning-failed | --signin-*) ((++i)) ;;
            -*) ;;
            *) said+=("${words[i]}") ;;
        esac
    done
    case $before in
        --socket | --config) _samsynk_files -f ;;
        --instance) _samsynk_suggest < <(compgen -G '/run/samsynk/*/' | cut -d/ -f4) ;;
        --send-all-invoices | --receive-invoices) _samsynk_suggest <<<$'yes\nno' ;;
        --state) _samsynk_suggest < <(printf '%s\n' synced waiting held failed ignored pending offline) ;;
        --take) _samsynk_suggest <<<$'local\nonline' ;;
        --limit | --port | --*-age | --warning-failed | --signin-*) ;;
        *)
            case "$cur ${said[*]}" in
                -*) _samsynk_suggest < <(_samsynk_options "${said[@]}" | tr ' ' '\n') ;;
                *" installation scan") _samsynk_files -d ;;
                *" config check" | *" backup" | *" restore" | *" support-bundle") _samsynk_files -f ;;
                *) _samsynk_suggest < <(_samsynk_values "${said[@]}") ;;
            esac ;;
    esac
}
complete -F _samsynk samsynk
