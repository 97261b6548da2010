// Which of many companies are shown, and in which order. No DOM.

/** What a search looks into: name, number with and without its dash, place; in small letters. */
export function searchText(company) {
    const digits = company.company ?? '';
    return `${company.name}\n${digits}\n${digits.slice(0, 6)}-${digits.slice(6)}\n${company.place}`.toLowerCase();
}

/** Companies with what a search needs beside them, made once for a list. */
export const indexed = companies => companies.map(company => ({company, text: searchText(company)}));

const TROUBLE = {failed: 0, held: 1, offline: 2, waiting: 3, pending: 4, synced: 5, ignored: 6};

const collator = new Intl.Collator('sv');

const orders = {
    name: (one, other) => collator.compare(one.company.name || one.company.place, other.company.name || other.company.place),
    number: (one, other) => (one.company.company ?? '').localeCompare(other.company.company ?? ''),
    state: (one, other) => TROUBLE[one.company.state] - TROUBLE[other.company.state],
    collaboration: (one, other) => one.company.collaboration.localeCompare(other.company.collaboration),
    age: (one, other) => (one.company.last_success_at ?? '').localeCompare(other.company.last_success_at ?? ''),
};
export function sorted(rows, by, descending = false) {
    const order = orders[by] ?? orders.name;
    const list = [...rows].sort(order);
    return descending ? list.reverse() : list;
}

/** Those in a state (or all) that have every word of the search. */
export function found(rows, search, state) {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter(row => (!state || row.company.state === state) && words.every(word => row.text.includes(word)));
}

export function counts(rows) {
    const all = {};
    for (const {company} of rows) all[company.state] = (all[company.state] ?? 0) + 1;
    return all;
}
