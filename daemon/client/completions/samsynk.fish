# Completion of samsynk for fish. What the daemon knows (companies, holds, runs, installations) is asked of it, and left out
# where it does not answer.
function __samsynk_ask
    set -l talk
    set -l words (commandline -opc)
    for at in (seq (count $words))
        if contains -- $words[$at] --socket --instance
            set talk $words[$at] $words[(math $at + 1)]
        end
    end
    timeout 5 samsynk $talk --json $argv 2>/dev/null
end

function __samsynk_known # the values of a field in what the daemon answers to a command
    __samsynk_ask $argv[2..] | string match -ar "\"$argv[1]\":\"[^\"]*\"" | string replace -r '.*:"(.*)"' '$1' | sort -u
end

function __samsynk_companies # numbers, with the names beside them; places of those that a number does not name
    set -l all (__samsynk_ask companies)
    string match -ar '"company":"[0-9]*","name":"[^"\\\\]*"' -- $all | string replace -r '"company":"(.*)","name":"(.*)"' '$1\t$2' | sort -u
    string match -ar '"company":null,"name":"[^"\\\\]*","installation":"[^"\\\\]*","place":"[^"\\\\]*"|"place":"[^"\\\\]*","follows":"' -- $all |
        string replace -r '.*"place":"([^"]*)".*' '$1' | sort -u
end

function __samsynk_places # in the installation that was named last
    set -l id (commandline -opc)[-1]
    __samsynk_ask companies | string match -ar "\"installation\":\"$id\",\"place\":\"[^\"\\\\]*\"" | string replace -r '.*"place":"(.*)"' '$1' | sort -u
end

function __samsynk_in_installation_test # whether its installation was named, and nothing after it
    string match -qr ' installation test [a-z0-9-]+$' -- " "(string join ' ' -- (commandline -opc))
end

function __samsynk_after # whether the command so far is these words
    set -l words
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word --socket --instance --config
            set skip 1
        else if not string match -q -- '-*' $word
            set -a words $word
        end
    end
    test "$words[1..$(count $argv)]" = "$argv" 2>/dev/null
    and test (count $words) -eq (count $argv)
end

set -l commands sync synkronisera status companies show set held approve explain history revert release installations \
    installation watch ui login logout config doctor reload log-level check backup restore support-bundle
set -l of '__fish_seen_subcommand_from'

complete -c samsynk -f
complete -c samsynk -l help -s h -d 'Help'
complete -c samsynk -l version -d 'Version'
complete -c samsynk -l json -d 'For scripts'
complete -c samsynk -l socket -r -F -d 'Control socket'
complete -c samsynk -l instance -x -a '(path basename /run/samsynk/*/ 2>/dev/null)' -d 'Of several accounts'
complete -c samsynk -n "not $of $commands" -a "$commands"
complete -c samsynk -n "$of sync synkronisera" -l dry-run -d 'Change nothing'
complete -c samsynk -n "$of sync synkronisera" -a '(__samsynk_companies)'
for command in show explain set history release
    complete -c samsynk -n "__samsynk_after $command" -a '(__samsynk_companies)'
end
complete -c samsynk -n "$of companies" -l state -x -a 'synced waiting held failed ignored pending offline'
complete -c samsynk -n "$of set" -l send-all-invoices -x -a 'yes no'
complete -c samsynk -n "$of set" -l receive-invoices -x -a 'yes no'
complete -c samsynk -n '__samsynk_after approve' -a '(__samsynk_known id held)'
complete -c samsynk -n "$of approve" -l take -x -a 'local online'
complete -c samsynk -n "$of history" -l limit -x -d 'How many runs'
complete -c samsynk -n '__samsynk_after revert' -a '(__samsynk_known run history)'
complete -c samsynk -n "$of release restore" -l yes -d 'Do not ask'
complete -c samsynk -n '__samsynk_after installation' -a 'test prepare scan'
complete -c samsynk -n '__samsynk_after installation test; or __samsynk_after installation prepare' -a '(__samsynk_known id installations)'
complete -c samsynk -n __samsynk_in_installation_test -a '(__samsynk_places)'
complete -c samsynk -n '__samsynk_after installation scan' -a '(__fish_complete_directories)'
complete -c samsynk -n "$of ui" -l port -x -d 'Where it is served'
complete -c samsynk -n "$of ui" -l no-open -d 'Do not open the browser'
complete -c samsynk -n "$of prepare" -l apply -d 'Do it'
complete -c samsynk -n '__samsynk_after config' -a check
complete -c samsynk -n '__samsynk_after config check' -F
complete -c samsynk -n "$of config" -l file-only -d 'Only read the file'
complete -c samsynk -n "$of doctor backup restore support-bundle" -l config -r -F
complete -c samsynk -n '__samsynk_after log-level' -a 'debug info notice warning error'
complete -c samsynk -n "$of check" -l warning-age -x -d 'Of the last success'
complete -c samsynk -n "$of check" -l critical-age -x -d 'Of the last success'
complete -c samsynk -n "$of check" -l warning-failed -x -d 'Companies in trouble'
complete -c samsynk -n "$of check" -l signin-warning -x -d 'Left of the sign-in'
complete -c samsynk -n "$of check" -l signin-critical -x -d 'Left of the sign-in'
complete -c samsynk -n "$of backup restore support-bundle" -F
complete -c samsynk -n "$of backup" -l force -d 'Over an existing file'
complete -c samsynk -n "$of support-bundle" -l with-names -d 'Of companies'
