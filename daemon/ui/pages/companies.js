// All companies: how the daemon is, the button, and a list that can be searched and follows what happens.
import {el, entitle, keepingFocus, named} from './element.js';
import {counts, found, indexed, sorted} from './list.js';
import {age, choiceWord, collaborationWord, companyLabel, localTime, phaseWord, prettyNumber, stateWord} from './phrases.js';
import {addressOf} from './routes.js';
import {syncButton} from './sync.js';
import {say, sayReason} from './words.js';

const CHUNK = 40;
// What was searched for and how it was sorted is so again for who comes back from a company.
const kept = {search: '', state: '', by: 'state', descending: false};
const STATES = ['failed', 'held', 'offline', 'waiting', 'pending', 'synced', 'ignored'];

export function statusLine(status) {
    if (!status) return '';
    const lines = [];
    if (status.service.state === 'failing') lines.push(sayReason(status.service.reason));
    if (status.signin?.state === 'required') lines.push(sayReason(status.signin.reason));
    for (const one of status.installations) if (one.reason) lines.push(`${one.id}: ${sayReason(one.reason)}`);
    return lines.join(' ');
}

function row({company}, index) {
    const name = el('a', {href: addressOf(company)}, named(companyLabel(company)));
    const follows = company.follows ? el('span', {class: 'reason'}, say("follows {leader}", {leader: company.follows})) : null;
    const reason = sayReason(company.reason);
    const choice = which => choiceWord(company.preferences[which].local);
    const cell = (label, ...content) => el('td', {'data-label': label}, ...content);
    return el('tr', {'aria-rowindex': index + 2},
        el('th', {scope: 'row'}, name, follows, reason ? el('span', {class: 'reason ' + company.state}, reason) : null),
        el('td', {'data-label': say("Number"), class: 'number'}, prettyNumber(company.company)),
        cell(say("State"), el('span', {class: 'state ' + company.state}, stateWord(company.state))),
        cell(say("Collaboration"), collaborationWord(company.collaboration)),
        cell(say("Send all invoices"), choice('send_all_invoices')),
        cell(say("Receive invoices"), choice('receive_invoices')),
        cell(say("Last success"), el('span', {title: localTime(company.last_success_at)}, age(company.last_success_at))));
}

export class CompaniesView {
    #rows = [];
    #shown = [];
    #drawn = 0;

    constructor(model) {
        this.model = model;
        this.count = el('p', {class: 'count', 'aria-live': 'polite'});
        this.body = el('tbody');
        this.more = el('div', {class: 'more'});
        this.filters = el('div', {class: 'filters', role: 'group', 'aria-label': say("State")});
        this.note = el('div');
        this.observer = new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting)) this.#draw(); }, {rootMargin: '600px'});
    }

    show(main) {
        const field = el('input', {type: 'search', id: 'search', autocomplete: 'off', value: kept.search, oninput: () => { kept.search = field.value; this.#refresh(); }});
        const {button, shown, allow} = syncButton({mayAct: this.model.mayAct(), after: () => this.model.refresh()});
        main.replaceChildren(
            el('h1', {}, say("Companies")),
            el('div', {class: 'top'}, button, el('p', {class: 'hint', id: 'last-run'})), shown, this.note,
            el('div', {class: 'search'}, el('label', {for: 'search'}, say("Find a company")), field),
            this.filters, this.count,
            el('table', {}, el('caption', {class: 'unseen'}, say("Companies")), this.#head(), this.body), this.more);
        this.allow = allow;
        entitle(say("Companies"));
        this.update();
    }

    hide() { this.observer.disconnect(); }

    update() {
        const status = this.model.status;
        this.allow(this.model.mayAct());
        this.moved();
        const trouble = statusLine(status);
        this.note.replaceChildren(...(trouble ? [el('p', {class: 'complaint'}, trouble)] : []));
        this.#rows = indexed(this.model.companies);
        this.#sort();
    }

    /** How far a run has come, whoever began it. */
    moved() {
        const {status, progress} = this.model, line = document.getElementById('last-run');
        if (!line || !status) return;
        const last = localTime(status.last_run?.finished_at);
        const far = progress?.total ? ` ${progress.done}/${progress.total}` : ' …';
        line.textContent = progress ? say("A run is under way: {phase}", {phase: phaseWord(progress.phase) + far})
            : say("Last run {last}, the next one {next}.", {last, next: status.running ? say("is under way") : localTime(status.next_run_at)});
    }

    #head() {
        const heading = (by, words) => el('th', {scope: 'col', 'aria-sort': kept.by === by ? (kept.descending ? 'descending' : 'ascending') : null},
            el('button', {type: 'button', class: 'heading', onclick: () => this.#order(by)}, words));
        return el('thead', {}, el('tr', {'aria-rowindex': 1}, heading('name', say("Name")), heading('number', say("Number")), heading('state', say("State")),
            heading('collaboration', say("Collaboration")), el('th', {scope: 'col'}, say("Send all invoices")), el('th', {scope: 'col'}, say("Receive invoices")),
            heading('age', say("Last success"))));
    }

    #order(by) {
        kept.descending = kept.by === by && !kept.descending;
        kept.by = by;
        const table = this.body.closest('table');
        table.querySelector('thead').replaceWith(this.#head());
        this.#sort();
        table.querySelector('[aria-sort] button')?.focus();
    }

    #sort() {
        const byName = kept.by === 'state' ? sorted(this.#rows, 'name') : this.#rows;
        this.#rows = sorted(byName, kept.by, kept.descending);
        this.#refresh(Math.max(CHUNK, Math.min(this.#drawn, 10 * CHUNK))); // who has scrolled stays there
    }

    #refresh(atLeast = CHUNK) {
        this.#shown = found(this.#rows, kept.search, kept.state);
        const number = counts(this.#rows);
        const filter = (state, words, count) => el('button', {type: 'button', class: 'filter', 'data-key': state, 'aria-pressed': String(kept.state === state),
            onclick: () => { kept.state = state; this.#refresh(); }}, `${words} ${count}`);
        keepingFocus(this.filters, () => this.filters.replaceChildren(filter('', say("all"), this.#rows.length),
            ...STATES.filter(state => number[state] || kept.state === state).map(state => filter(state, stateWord(state), number[state] ?? 0))));
        const words = this.#rows.length || !this.model.status ? say("{shown} of {all} companies", {shown: this.#shown.length, all: this.#rows.length})
            : say("No companies have been found yet. Samsynk looks where the configuration's installations point, at each run.");
        if (this.count.textContent !== words) this.count.textContent = words;
        const table = this.body.closest('table');
        table.setAttribute('aria-rowcount', this.#shown.length + 1);
        table.hidden = this.#rows.length === 0;
        this.#drawn = 0;
        keepingFocus(this.body, () => {
            this.body.replaceChildren();
            this.#draw(atLeast);
        });
    }

    #draw(count = CHUNK) {
        const next = this.#shown.slice(this.#drawn, this.#drawn + count);
        this.body.append(...next.map((one, index) => row(one, this.#drawn + index)));
        this.#drawn += next.length;
        if (next.length && !performance.getEntriesByName('shown').length) performance.mark('shown'); // how long it took to be of use
        this.observer.unobserve(this.more); // seen anew, it tells again where a tall window still shows the end
        if (this.#drawn < this.#shown.length) this.observer.observe(this.more);
        this.more.textContent = this.#drawn < this.#shown.length ? say("{n} more below", {n: this.#shown.length - this.#drawn}) : '';
    }
}
