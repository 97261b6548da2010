// One company: the dialogue Arkiv - Inställningar - Företagsinställningar - Spiris.
import {call, get, Trouble} from './daemon.js';
import {busy, el, entitle, named, question, tell} from './element.js';
import {age, changeWords, choiceWord, collaborationWord, companyLabel, localTime, partyWord, preferenceWord, prettyNumber, registrationWord, ruleWords, stateWord} from './phrases.js';
import {addressOf} from './routes.js';
import {syncButton} from './sync.js';
import {say, sayReason, shownName} from './words.js';

const PREFERENCES = ['send_all_invoices', 'receive_invoices'];

const ofOthers = name => name ? named(shownName(name)) : null;
const facts = pairs => el('dl', {}, pairs.filter(([, value]) => value).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

function collaborationFacts(company) {
    const one = company.online?.collaboration;
    const awaiting = one?.awaiting === 'terms' ? say("waits until the customer accepts the terms") : one?.awaiting === 'approval' ? say("waits until the customer approves") : '';
    return facts([
        [say("Collaboration"), collaborationWord(company.collaboration) + (awaiting ? ': ' + awaiting : '') + (one?.state === 'ending' ? ' ' + say("to the end of {day}", {day: one.ends_on}) : '')],
        [say("Office"), ofOthers(one?.office?.name)], [say("Assignment"), ofOthers(one?.assignment?.name)],
        [say("Invoice recipient"), one ? partyWord(one.invoice_recipient) : ''], [say("Payee"), one ? partyWord(one.payee) : ''],
        [say("Receiver in the e-invoice network"), company.online ? registrationWord(company.online.registration.receive) : ''],
        [say("State"), stateWord(company.state)], [say("Reason"), sayReason(company.reason)],
        [say("Last success"), `${age(company.last_success_at)} (${localTime(company.last_success_at)})`],
        [say("Place"), [`${company.installation}: `, named(shownName(company.place))]],
        [say("Follows"), company.follows ? leaderLink(company) : null], [say("Followed by"), followerLinks(company)]]);
}

const at = place => `${place.installation}:${place.place}`;
const placeLink = place => el('a', {href: addressOf(place)}, named(shownName(at(place))));
const followersOf = company => company.other_places.filter(one => one.follows === at(company));

function leaderLink(company) {
    const leader = company.other_places.find(one => at(one) === company.follows);
    return leader ? placeLink(leader) : named(shownName(company.follows));
}

function followerLinks(company) {
    const followers = followersOf(company);
    return followers.length ? followers.flatMap((one, index) => [index ? ', ' : null, placeLink(one)]) : null;
}

/** Why nothing can be chosen here; nothing where one can. */
function whyLocked(company) {
    if (company.follows)
        return el('p', {}, say("This place follows {leader}. Choose there: what is chosen there is written here, too.", {leader: company.follows}), ' ', leaderLink(company));
    const counts = company.state === 'ignored' && company.other_places.find(one => one.state !== 'ignored');
    if (counts) return el('p', {}, say("Samsynk leaves this place as it is: another one counts for the company. Choose there."), ' ', placeLink(counts));
    return company.company ? null : el('p', {}, say("Nothing can be chosen here before it is known which company this is."));
}

/** What was changed at this place, or at those before it; not what was written to places that follow it. */
function changesAt(company, changes) {
    const others = new Set(followersOf(company).map(at));
    return changes.filter(change => company.follows ? at(change) === at(company) : !others.has(at(change)));
}

/** Where a choice is that has not come to the online service. */
function waitsFor(preference, company) {
    if (preference.local === null || preference.local === preference.online) return '';
    if (company.follows) return company.state === 'held' ? say("It differs from what is chosen in the place that leads: a person must decide.") : '';
    if (company.state === 'held') return say("Both sides differ: a person must decide which is to be.");
    return company.collaboration === 'active' || company.collaboration === 'ending' ? say("The choice is sent at the next sync.")
        : say("The choice is kept here, and sent when the collaboration has become active.");
}

function choiceGroup(name, heading, company, enabled) {
    const preference = company.preferences[name];
    const option = (value, words) => el('label', {class: 'choice'}, el('input', {type: 'radio', name, value, checked: String(preference.local) === value, disabled: !enabled}), words);
    const waits = waitsFor(preference, company);
    return el('fieldset', {}, el('legend', {}, heading), preference.local === null ? el('p', {class: 'hint'}, say("Not chosen yet.")) : null,
        option('true', say("Yes")), option('false', say("No")), waits ? el('p', {class: 'hint'}, waits) : null);
}

function explanationOf(explanation) {
    const preference = name => {
        const one = explanation.preferences[name];
        return [el('h3', {}, preferenceWord(name)),
            el('p', {}, say("local: {local}, online: {online}, last agreed: {agreed}", {local: choiceWord(one.local), online: choiceWord(one.online), agreed: choiceWord(one.agreed)})),
            el('p', {}, ruleWords(one.rule, explanation.follows !== null)),
            one.last_change ? el('p', {class: 'hint'}, `${localTime(one.last_change.at)} ${changeWords(one.last_change)}`) : null];
    };
    return [facts([[say("Known from"), explanation.identity_source]]), ...explanation.identity_trail.map(one => el('p', {class: 'hint'}, sayReason(one))),
        ...PREFERENCES.flatMap(preference)].filter(Boolean);
}

const historyOf = (company, runs) => {
    const lines = runs.flatMap(run => changesAt(company, run.changes).map(change => el('li', {}, `${localTime(change.at)} ${changeWords(change)}`)));
    return lines.length ? [el('ul', {}, lines)] : [el('p', {}, say("Nothing has been changed yet."))];
};

export class CompanyView {
    /** `reference`: its number, or its place as in `main:Ovnbol2000`. */
    constructor(model, reference) {
        this.model = model;
        this.reference = reference;
        this.path = '/v1/companies/' + encodeURIComponent(reference);
        this.complaint = el('div', {role: 'alert'});
        this.form = el('form', {class: 'sheet'});
        this.about = el('div');
        this.changed = false;
        this.folded = [];
    }

    async show(main) {
        this.main = main;
        let company;
        try { company = await get(this.path); } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            if (this.gone) return;
            const label = this.reference.includes(':') ? shownName(this.reference) : prettyNumber(this.reference);
            entitle(label);
            const away = [0, 502, 503].includes(trouble.status); // said above, for the whole page
            if (away) this.model.refresh();
            main.replaceChildren(el('h1', {}, named(label)), away ? '' : el('p', {class: 'complaint'}, trouble.words()), el('p', {}, el('a', {href: '#/'}, say("All companies"))));
            return;
        }
        if (this.gone || this.form.isConnected) return; // another view has been chosen meanwhile, or this one is already drawn and a person may be choosing in it
        this.number = company.company;
        entitle(companyLabel(company));
        const {button, shown, allow} = syncButton({companies: [this.reference], mayAct: this.model.mayAct(), after: () => this.reload()});
        this.allow = allow;
        this.release = el('button', {type: 'button', class: 'quiet', onclick: event => busy(event.target, () => this.#release())}, say("Give up the claim on the company"));
        main.replaceChildren(
            el('p', {class: 'trail'}, el('a', {href: '#/'}, say("All companies"))),
            el('p', {class: 'trail', lang: 'sv'}, 'Arkiv › Inställningar › Företagsinställningar › Spiris'),
            el('h1', {}, named(companyLabel(company))), company.company ? el('p', {class: 'hint'}, prettyNumber(company.company)) : '',
            el('div', {class: 'top'}, button), shown, this.complaint, this.form, this.about,
            this.#folded(say("Why it is as it is"), async () => explanationOf(await get(this.path + '/explain'))),
            company.company ? this.#folded(say("What has been changed"), async () => historyOf(company, (await get('/v1/history?company=' + company.company + '&limit=20')).runs)) : '',
            company.company && !company.follows ? el('p', {}, this.release) : ''); // the claim is that of the place that leads
        this.#draw(company);
    }

    hide() { this.gone = true; }

    /** What happened elsewhere is shown, unless a person is choosing. */
    update() {
        if (!this.form.isConnected) { if (this.main && !this.model.trouble) this.show(this.main); } else if (!this.changed) this.reload();
    }

    async reload() {
        const company = await get(this.path).catch(() => null);
        if (!company || this.changed || this.gone) return;
        const seen = JSON.stringify([company, this.model.mayAct(), age(company.last_success_at)]);
        if (seen !== this.seen) this.#draw(company);
        this.seen = seen;
    }

    #draw(company) {
        const focused = document.activeElement?.name && this.form.contains(document.activeElement) ? document.activeElement : null;
        const mayAct = this.model.mayAct(), save = el('button', {disabled: !mayAct}, say("Save"));
        const locked = whyLocked(company), enabled = mayAct && !locked;
        this.form.replaceChildren(...[el('h2', {}, say("Digital invoices and documents")), locked,
            choiceGroup('send_all_invoices', say("Send all invoices"), company, enabled),
            choiceGroup('receive_invoices', say("Receive invoices"), company, enabled), locked ? null : save].filter(Boolean));
        this.allow(mayAct);
        this.release.disabled = !mayAct;
        this.form.onchange = () => { this.changed = true; };
        this.form.onsubmit = event => { event.preventDefault(); busy(save, () => this.#save(company)); };
        if (focused) this.form.querySelector(`[name="${focused.name}"][value="${focused.value}"]`)?.focus();
        this.about.replaceChildren(collaborationFacts(company));
        for (const open of this.folded) open();
    }

    async #save(company) {
        const chosen = {};
        for (const name of PREFERENCES) {
            const value = new FormData(this.form).get(name);
            if (value !== null && String(company.preferences[name].local) !== value) chosen[name] = value === 'true';
        }
        this.complaint.replaceChildren();
        if (Object.keys(chosen).length === 0) { this.changed = false; return tell(say("Nothing was changed.")); }
        try {
            const saved = await call('PATCH', this.path + '/preferences', chosen);
            this.changed = false;
            this.#draw(saved);
            this.form.querySelector('button').focus();
            this.complaint.replaceChildren(el('p', {class: 'done', role: 'status'}, say("Saved.")));
        } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.complaint.replaceChildren(el('p', {class: 'complaint'}, trouble.words()));
            if (trouble.status === 409) { this.changed = false; await this.reload(); }
        }
    }

    #folded(heading, content) {
        const inside = el('div');
        const details = el('details', {}, el('summary', {}, heading), inside);
        const open = async () => {
            if (!details.open) return;
            if (!inside.hasChildNodes()) inside.append(el('p', {class: 'hint'}, '…'));
            try { inside.replaceChildren(...await content()); } catch (trouble) { inside.replaceChildren(el('p', {class: 'complaint'}, trouble instanceof Trouble ? trouble.words() : String(trouble))); }
        };
        details.addEventListener('toggle', open);
        this.folded.push(open);
        return details;
    }

    async #release() {
        const sure = await question(say("Give up the claim, so that another installation can sync the company? It is not synced here then."), say("Give up"), say("Keep"));
        if (!sure) return;
        try { await call('POST', '/v1/companies/' + this.number + '/release', {}); await this.model.refresh(); await this.reload(); } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.complaint.replaceChildren(el('p', {class: 'complaint'}, trouble.words()));
        }
    }
}
