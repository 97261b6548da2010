// Which view an address shows. No DOM.

/** `{view, company}` of what stands after the address's `#`; all companies where it is nothing known. */
export function placeOf(hash) {
    const company = /^#\/company\/([0-9-]+)$/.exec(hash);
    if (company) return {view: 'company', company: company[1]};
    if (hash === '#/held') return {view: 'held'};
    if (hash === '#/signin') return {view: 'signin'};
    return {view: 'companies'};
}

/** The key that an address may bring; null where what stands there is a place. */
export const keyOf = hash => /^#[\w-]{32,}$/.test(hash) ? hash.slice(1) : null;
