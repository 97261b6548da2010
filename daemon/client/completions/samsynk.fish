# Completion of samsynk for fish. What the daemon knows is asked of it, and left out where it does not answer.
set -l commands sync synkronisera status companies show set held approve explain history revert release installations \
    installation watch login logout config doctor reload log-level check backup restore support-bundle

function __samsynk_known
    samsynk --json $argv[2..] 2>/dev/null | string match -ar "\"$argv[1]\":\"[^\"]*\"" | string replace -r '.*:"(.*)"' '$1' | sort -u
end

complete -c samsynk -f
complete -c samsynk -l help -s h -d 'Help'
complete -c samsynk -l version -d 'Version'
complete -c samsynk -l json -d 'For scripts'
complete -c samsynk -l socket -r -F -d 'Control socket'
complete -c samsynk -l instance -x -d 'Of several accounts'
complete -c samsynk -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c samsynk -n '__fish_seen_subcommand_from sync synkronisera' -l dry-run -d 'Change nothing'
complete -c samsynk -n '__fish_seen_subcommand_from sync synkronisera show explain set history release' -a '(__samsynk_known company companies)'
complete -c samsynk -n '__fish_seen_subcommand_from companies' -l state -x -a 'synced waiting held failed ignored pending'
complete -c samsynk -n '__fish_seen_subcommand_from set' -l send-all-invoices -x -a 'yes no'
complete -c samsynk -n '__fish_seen_subcommand_from set' -l receive-invoices -x -a 'yes no'
complete -c samsynk -n '__fish_seen_subcommand_from approve' -a '(__samsynk_known id held)'
complete -c samsynk -n '__fish_seen_subcommand_from approve' -l take -x -a 'local online'
complete -c samsynk -n '__fish_seen_subcommand_from history' -l limit -x
complete -c samsynk -n '__fish_seen_subcommand_from revert' -a '(__samsynk_known run history)'
complete -c samsynk -n '__fish_seen_subcommand_from release restore' -l yes -d 'Do not ask'
complete -c samsynk -n '__fish_seen_subcommand_from installation' -a 'test prepare scan (__samsynk_known id installations)'
complete -c samsynk -n '__fish_seen_subcommand_from installation' -l apply -d 'Do it'
complete -c samsynk -n '__fish_seen_subcommand_from config' -a check -F
complete -c samsynk -n '__fish_seen_subcommand_from config' -l file-only -d 'Only read the file'
complete -c samsynk -n '__fish_seen_subcommand_from doctor backup restore support-bundle' -l config -r -F
complete -c samsynk -n '__fish_seen_subcommand_from log-level' -a 'debug info notice warning error'
complete -c samsynk -n '__fish_seen_subcommand_from check' -l warning-age -x
complete -c samsynk -n '__fish_seen_subcommand_from check' -l critical-age -x
complete -c samsynk -n '__fish_seen_subcommand_from check' -l warning-failed -x
complete -c samsynk -n '__fish_seen_subcommand_from check' -l signin-warning -x
complete -c samsynk -n '__fish_seen_subcommand_from check' -l signin-critical -x
complete -c samsynk -n '__fish_seen_subcommand_from backup restore support-bundle' -F
complete -c samsynk -n '__fish_seen_subcommand_from backup' -l force -d 'Over an existing file'
complete -c samsynk -n '__fish_seen_subcommand_from support-bundle' -l with-names -d 'Of companies'
