// What waits for a person, and the person's answer.
import {call, get, Trouble} from './daemon.js';
import {busy, el, entitle, named, question, tell} from './element.js';
import {choiceWord, companyLabel, holdWords, localTime, preferenceWord, prettyNumber, runWords} from './phrases.js';
import {addressOf} from './routes.js';
import {say} from './words.js';

const MOST = 50;

/** Where a row's company is shown: `companies` are those that are known. */
function addressIn(companies, installation, row) {
    const known = companies.find(one => one.installation === installation && one.place === row.place);
    return addressOf(known ?? {installation, place: row.place});
}

/** The words of both answers: the button, and the question whether one is sure. */
function answersTo({kind, count}) {
    if (kind !== 'followed_choice')
        return {local: [say("Take the local"), say("Take what is chosen locally, for {count} choices?", {count})],
            online: [say("Take the online"), say("Take what is chosen online, for {count} choices?", {count})]};
    return {local: [say("Choose it for the company"), say("Choose so for the company, for {count} choices? It is written to the place that leads, and sent to the online service.", {count})],
        online: [say("Put the place back"), say("Put the place back to what is chosen for the company, for {count} choices?", {count})]};
}

function rowsOf(hold, companies) {
    const head = el('thead', {}, el('tr', {}, ...[say("Company"), say("Choice"), say("Local"), say("Online")].map(words => el('th', {scope: 'col'}, words))));
    const body = hold.rows.slice(0, MOST).map(row => el('tr', {},
        el('th', {scope: 'row'}, row.preference ? el('a', {href: addressIn(companies, hold.installation, row)}, named(companyLabel(row))) : named(companyLabel(row))),
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
        const words = answersTo(hold);
        const answers = hold.planned
            ? [answer(say("Let it happen"), null, say("Let it happen, for {count} choices?", {count: hold.count}))]
            : ['local', 'online'].map(take => answer(words[take][0], take, words[take][1]));
        return el('section', {class: 'card', 'aria-label': hold.id},
            el('h2', {}, `${hold.id}: ${holdWords(hold)}`), el('p', {class: 'hint'}, say("{installation}, since {since}", {installation: hold.installation, since: localTime(hold.since)})),
            rowsOf(hold, this.model.companies), hold.count > MOST ? el('p', {}, say("and {count} more", {count: hold.count - MOST})) : null, el('div', {class: 'row'}, answers));
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
