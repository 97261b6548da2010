// What waits for a person, and the person's answer.
import {call, get, Trouble} from './daemon.js';
import {busy, el, entitle, named, question, tell} from './element.js';
import {choiceWord, companyLabel, holdWords, localTime, preferenceWord, prettyNumber, runWords} from './phrases.js';
import {say} from './words.js';

const MOST = 50;

function rowsOf(hold) {
    const head = el('thead', {}, el('tr', {}, ...[say("Company"), say("Choice"), say("Local"), say("Online")].map(words => el('th', {scope: 'col'}, words))));
    const body = hold.rows.slice(0, MOST).map(row => el('tr', {},
        el('th', {scope: 'row'}, row.preference ? el('a', {href: '#/company/' + row.company}, named(companyLabel(row))) : named(companyLabel(row))),
        el('td', {'data-label': say("Choice")}, row.preference ? preferenceWord(row.preference) : prettyNumber(row.company)),
        el('td', {'data-label': say("Local")}, row.preference ? choiceWord(row.local) : '–'),
        el('td', {'data-label': say("Online")}, row.preference ? choiceWord(row.online) : '–')));
    return el('table', {}, el('caption', {class: 'unseen'}, holdWords(hold)), head, el('tbody', {}, body));
}

export class HeldView {
    constructor(model) {
        this.model = model;
        this.list = el('div');
        this.result = el('div', {role: 'status'});
    }

    async show(main) {
        main.replaceChildren(el('h1', {}, say("Held")), el('p', {}, say("What Samsynk does not do before a person has decided.")), this.result, this.list);
        entitle(say("Held"));
        await this.reload();
    }

    hide() {}
    update() { if (this.list.isConnected && !document.querySelector('dialog')) this.reload(); }

    async reload() {
        try {
            const {held} = await get('/v1/held');
            const seen = JSON.stringify([held, this.model.mayAct()]);
            if (seen === this.seen) return; // who is at a button stays there
            this.seen = seen;
            this.list.replaceChildren(...(held.length ? held.map(hold => this.#hold(hold)) : [el('p', {}, say("Nothing waits for a decision."))]));
        } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.seen = null;
            this.list.replaceChildren(el('p', {class: 'complaint'}, trouble.words()));
        }
    }

    #hold(hold) {
        const answer = (words, take, sure) => {
            const button = el('button', {type: 'button', disabled: !this.model.mayAct(), onclick: () => busy(button, () => this.#approve(hold, take, sure))}, words);
            return button;
        };
        const answers = hold.planned
            ? [answer(say("Let it happen"), null, say("Let it happen, for {count} choices?", {count: hold.count}))]
            : [answer(say("Take the local"), 'local', say("Take what is chosen locally, for {count} choices?", {count: hold.count})),
                answer(say("Take the online"), 'online', say("Take what is chosen online, for {count} choices?", {count: hold.count}))];
        return el('section', {class: 'card', 'aria-label': hold.id},
            el('h2', {}, `${hold.id}: ${holdWords(hold)}`), el('p', {class: 'hint'}, say("{installation}, since {since}", {installation: hold.installation, since: localTime(hold.since)})),
            rowsOf(hold), hold.count > MOST ? el('p', {}, say("and {count} more", {count: hold.count - MOST})) : null, el('div', {class: 'row'}, answers));
    }

    async #approve(hold, take, sure) {
        if (!await question(sure, say("Yes"), say("No"))) return;
        try {
            const run = await call('POST', `/v1/held/${encodeURIComponent(hold.id)}/approve`, take ? {take} : {});
            this.result.replaceChildren(el('p', {class: 'done'}, runWords(run)));
            tell(runWords(run));
        } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.result.replaceChildren(el('p', {class: 'complaint'}, trouble.words()));
        }
        await this.reload();
        await this.model.refresh();
    }
}
