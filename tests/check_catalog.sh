#!/bin/bash
# Fails when a sentence for people has no Swedish translation, or a translation no sentence. --write: takes over what is
# missing and drops what is gone.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find daemon -name '*.[ch]pp' -not -path 'daemon/telemetry/*' | sort |
    xgettext --from-code=UTF-8 --language=C++ --no-wrap -k -kN_ -f - -o "$work/all.pot" 2>/dev/null
find daemon/ui/pages -name '*.js' | sort |
    xgettext --from-code=UTF-8 --language=JavaScript --no-wrap -k -ksay -j -f - -o "$work/all.pot" 2>/dev/null
cp daemon/client/catalogs/sv.po "$work/sv.po"
msgmerge --quiet --no-fuzzy-matching --no-wrap -U --backup=none "$work/sv.po" "$work/all.pot"
if [ "${1:-}" = --write ]; then msgattrib --no-obsolete --no-wrap "$work/sv.po" -o daemon/client/catalogs/sv.po; fi
msgattrib --untranslated --no-wrap "$work/sv.po" -o "$work/untranslated.po"
# Without the header, whose msgid is empty. Nothing untranslated: no file.
if [ -e "$work/untranslated.po" ] && grep '^msgid "..*"' "$work/untranslated.po"; then
    echo "these sentences have no Swedish translation"
    exit 1
fi
gone=$(msgattrib --only-obsolete --no-wrap "$work/sv.po" | sed -n 's/^#~ msgid //p')
if [ -n "$gone" ] && [ "${1:-}" != --write ]; then
    echo "$gone"
    echo "these sentences are no longer in the sources: take them out of daemon/client/catalogs/sv.po"
    exit 1
fi
echo "every sentence has a Swedish translation"
