# Completion of samsynk for bash. What the daemon knows (companies, holds, installations) is asked of it, and left out
# where it does not answer.
_samsynk_known() {  # the values of a field in what the daemon answers to a command
    local field=$1
    shift
    "${COMP_WORDS[0]}" "${_samsynk_socket[@]}" --json "$@" 2>/dev/null | grep -o "\"$field\":\"[^\"]*\"" | cut -d'"' -f4 | sort -u
}

_samsynk() {
    local cur prev words cword command= sub= i _samsynk_socket=()
    if declare -F _init_completion >/dev/null; then
        _init_completion || return
    else
        words=("${COMP_WORDS[@]}") cword=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    for ((i = 1; i < cword; ++i)); do
        case ${words[i]} in
            --socket | --instance) _samsynk_socket=("${words[i]}" "${words[i + 1]}"); ((++i)) ;;
            -*) ;;
            *) if [[ -z $command ]]; then command=${words[i]}; elif [[ -z $sub ]]; then sub=${words[i]}; fi ;;
        esac
    done
    local commands="sync synkronisera status companies show set held approve explain history revert release installations
        installation watch login logout config doctor reload log-level check backup restore support-bundle"
    case $prev in
        --socket | --config | --file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --instance) COMPREPLY=($(compgen -W "$(cd /run/samsynk 2>/dev/null && ls -d */ 2>/dev/null | tr -d /)" -- "$cur")); return ;;
        --send-all-invoices | --receive-invoices) COMPREPLY=($(compgen -W "yes no" -- "$cur")); return ;;
        --state) COMPREPLY=($(compgen -W "synced waiting held failed ignored pending" -- "$cur")); return ;;
        --take) COMPREPLY=($(compgen -W "local online" -- "$cur")); return ;;
    esac
    local options="--help" values=
    case $command in
        "") options="--help --version --socket --instance --json" values=$commands ;;
        sync | synkronisera) options="--help --dry-run" values=$(_samsynk_known company companies) ;;
        companies) options="--help --state" ;;
        show | explain) values=$(_samsynk_known company companies) ;;
        set) options="--help --send-all-invoices --receive-invoices" values=$(_samsynk_known company companies) ;;
        approve) options="--help --take" values=$(_samsynk_known id held) ;;
        history) options="--help --limit" values=$(_samsynk_known company companies) ;;
        revert) values=$(_samsynk_known run history) ;;
        release) options="--help --yes" values=$(_samsynk_known company companies) ;;
        installation)
            case $sub in
                "") values="test prepare scan" ;;
                test) values=$(_samsynk_known id installations) ;;
                prepare) options="--help --apply" values=$(_samsynk_known id installations) ;;
                scan) COMPREPLY=($(compgen -d -- "$cur")); return ;;
            esac ;;
        config)
            case $sub in
                "") values="check" ;;
                check) [[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; }; options="--help --file-only" ;;
            esac ;;
        doctor) options="--help --config" ;;
        log-level) values="debug info notice warning error" ;;
        check) options="--help --warning-age --critical-age --warning-failed --signin-warning --signin-critical" ;;
        backup) [[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; }; options="--help --force --config" ;;
        restore) [[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; }; options="--help --yes --config" ;;
        support-bundle) [[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; }; options="--help --with-names --config" ;;
    esac
    [[ $cur == -* ]] && values=$options
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
}
complete -F _samsynk samsynk
