// All companies: how the daemon is, the button, and a list that can be searched and follows what happens.
import {el} from './element.js';
import {counts, found, indexed, sorted} from './list.js';
import {age, choiceWord, collaborationWord, companyLabel, localTime, phaseWord, prettyNumber, stateWord} from './phrases.js';
import {syncButton} from './sync.js';
import {say, sayReason} from './words.js';

const CHUNK = 40;
const STATES = ['failed', 'held', 'waiting', 'pending', 'synced', 'ignored'];

export function statusLine(status) {
    if (!status) return '';
    const lines = [];
    if (status.service.state === 'failing') lines.push(sayReason(status.service.reason));
    if (status.signin?.state === 'required') lines.push(sayReason(status.signin.reason));
    for (const one of status.installations) if (one.reason) lines.push(`${one.id}: ${sayReason(one.reason)}`);
    return lines.join(' ');
}

function row({company}, index) {
    const name = company.company ? el('a', {href: '#/company/' + company.company}, companyLabel(company)) : companyLabel(company);
    const reason = sayReason(company.reason);
    const choice = which => choiceWord(company.preferences[which].local);
    const cell = (label, ...content) => el('td', {'data-label': label}, ...content);
    return el('tr', {'aria-rowindex': index + 2},
        el('th', {scope: 'row'}, name, reason ? el('span', {class: 'reason ' + company.state}, reason) : null),
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
    #search = '';
    #state = '';
    #by = 'state';
    #descending = false;

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
        const field = el('input', {type: 'search', id: 'search', autocomplete: 'off', value: this.#search, oninput: () => { this.#search = field.value; this.#refresh(); }});
        const {button, shown} = syncButton({mayAct: this.model.mayAct(), after: () => this.model.refresh()});
        main.replaceChildren(
            el('h1', {}, say("Companies")),
            el('div', {class: 'top'}, button, el('p', {class: 'hint', id: 'last-run'})), shown, this.note,
            el('div', {class: 'search'}, el('label', {for: 'search'}, say("Find a company")), field),
            this.filters, this.count,
            el('table', {}, el('caption', {class: 'unseen'}, say("Companies")), this.#head(), this.body), this.more);
        this.observer.observe(this.more);
        this.update();
        performance.mark('shown');
    }

    hide() { this.observer.disconnect(); }

    update() {
        const status = this.model.status;
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
        const heading = (by, words) => el('th', {scope: 'col', 'aria-sort': this.#by === by ? (this.#descending ? 'descending' : 'ascending') : null},
            el('button', {type: 'button', class: 'heading', onclick: () => this.#order(by)}, words));
        return el('thead', {}, el('tr', {'aria-rowindex': 1}, heading('name', say("Name")), heading('number', say("Number")), heading('state', say("State")),
            heading('collaboration', say("Collaboration")), el('th', {scope: 'col'}, say("Send all invoices")), el('th', {scope: 'col'}, say("Receive invoices")),
            heading('age', say("Last success"))));
    }

    #order(by) {
        this.#descending = this.#by === by && !this.#descending;
        this.#by = by;
        const table = this.body.closest('table');
        table.querySelector('thead').replaceWith(this.#head());
        this.#sort();
        table.querySelector('[aria-sort] button')?.focus();
    }

    #sort() {
        const byName = this.#by === 'state' ? sorted(this.#rows, 'name') : this.#rows;
        this.#rows = sorted(byName, this.#by, this.#descending);
        this.#refresh(Math.max(CHUNK, Math.min(this.#drawn, 10 * CHUNK))); // who has scrolled stays there
    }

    #refresh(atLeast = CHUNK) {
        this.#shown = found(this.#rows, this.#search, this.#state);
        const number = counts(this.#rows);
        const filter = (state, words, count) => el('button', {type: 'button', class: 'filter', 'aria-pressed': String(this.#state === state),
            onclick: () => { this.#state = state; this.#refresh(); this.filters.querySelector('[aria-pressed=true]').focus(); }}, `${words} ${count}`);
        this.filters.replaceChildren(filter('', say("all"), this.#rows.length),
            ...STATES.filter(state => number[state] || this.#state === state).map(state => filter(state, stateWord(state), number[state] ?? 0)));
        this.count.textContent = say("{shown} of {all} companies", {shown: this.#shown.length, all: this.#rows.length});
        this.body.closest('table')?.setAttribute('aria-rowcount', this.#shown.length + 1);
        this.#drawn = 0;
        this.body.replaceChildren();
        this.#draw(atLeast);
    }

    #draw(count = CHUNK) {
        const next = this.#shown.slice(this.#drawn, this.#drawn + count);
        this.body.append(...next.map((one, index) => row(one, this.#drawn + index)));
        this.#drawn += next.length;
        this.more.textContent = this.#drawn < this.#shown.length ? say("{n} more below", {n: this.#shown.length - this.#drawn}) : '';
    }
}
