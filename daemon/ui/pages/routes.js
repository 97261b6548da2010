// Which view an address shows, and the address of a company. No DOM.

/**
 * How the daemon is asked for a company: by its number, or by its place, where it has no number or another place is meant by it.
 */
export function referenceOf({company, installation, place, follows, state, reason}) {
    const aside = follows || state === 'ignored' || reason?.code === 'duplicate';
    return company && !aside ? company : `${installation}:${place}`;
}

export const addressOf = company => '#/company/' + encodeURIComponent(referenceOf(company));

function decoded(text) {
    try { return decodeURIComponent(text); } catch { return null; }
}

/** `{view, company}` of what stands after the address's `#`; all companies where it is nothing known. */
export function placeOf(hash) {
    const company = decoded(/^#\/company\/([^/?#<>]+)$/.exec(hash)?.[1] ?? '');
    if (company && /^([0-9-]+|[a-z0-9-]+:.+)$/s.test(company)) return {view: 'company', company};
    if (hash === '#/held') return {view: 'held'};
    if (hash === '#/signin') return {view: 'signin'};
    return {view: 'companies'};
}

/** The key that an address may bring; null where what stands there is a place. */
export const keyOf = hash => /^#[\w-]{32,}$/.test(hash) ? hash.slice(1) : null;
