// The field's words for what JSON names: states, choices, times.
import {fillIn, language, say, shownName} from './words.js';

export const stateWord = state => ({
    synced: say("synced"), waiting: say("waiting"), held: say("held"), failed: say("failed"), ignored: say("ignored"),
    offline: say("offline"),
}[state] ?? say("pending"));

export const collaborationWord = state => ({
    invited: say("invited"), active: say("active"), declined: say("declined"), expired: say("expired"), ending: say("ending"), ended: say("ended"),
}[state] ?? say("none"));

export const choiceWord = choice => choice === true ? say("yes") : choice === false ? say("no") : say("not chosen");

export const preferenceWord = name => name === 'send_all_invoices' ? say("send all invoices") : say("receive invoices");

export const registrationWord = state => ({
    pending: say("waits to be registered"), registered: say("registered"), conflict: say("registered with another operator"), rejected: say("was rejected"),
}[state] ?? say("not registered"));

export const partyWord = party => party === 'office' ? say("the office") : party === 'customer' ? say("the customer") : say("not stated");

export const companyLabel = company => shownName(company.name || company.place || '') || '?';

/** With its dash; of a person only the birth date. */
export function prettyNumber(digits) {
    if (!digits) return '?';
    if (digits.length !== 10) return digits;
    return digits.slice(0, 6) + '-' + (digits[2] < '2' ? '****' : digits.slice(6));
}

const formats = new Map();
function timeFormat() {
    const locale = language() === 'sv' ? 'sv-SE' : 'en-GB';
    if (!formats.has(locale)) formats.set(locale, new Intl.DateTimeFormat(locale, {dateStyle: 'short', timeStyle: 'short'})); // dear to make
    return formats.get(locale);
}

export const localTime = at => at ? timeFormat().format(new Date(at)) : '–';

/** How long ago, in the largest unit that fits. `now` in milliseconds. */
export function age(at, now = Date.now()) {
    if (!at) return say("never");
    const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60000));
    if (minutes < 1) return say("just now");
    if (minutes < 60) return say("{n} min ago", {n: minutes});
    if (minutes < 48 * 60) return say("{n} h ago", {n: Math.floor(minutes / 60)});
    return say("{n} days ago", {n: Math.floor(minutes / 1440)});
}

export function changeWords(change) {
    if (change.kind === 'collaboration' || change.kind === 'told')
        return say("the collaboration is {state}", {state: collaborationWord(change.collaboration)});
    const args = {preference: preferenceWord(change.preference), from: choiceWord(change.from), to: choiceWord(change.to), by: change.by ?? '?'};
    if (change.kind === 'to_local') return say("{preference}: {from} → {to} (fetched from the online service)", args);
    if (change.kind === 'to_online') return say("{preference}: {from} → {to} (sent to the online service)", args);
    return say("{preference}: {from} → {to} (chosen by {by})", args);
}

export function holdWords(hold) {
    const count = hold.count;
    switch (hold.kind) {
    case 'mass_change':
        return hold.planned === 'online' ? say("{count} local choices would be overwritten at once", {count})
            : say("{count} online choices would be overwritten at once", {count});
    case 'first_contact': return say("both sides chose before Samsynk came");
    case 'base_lost': return say("the sides differ, and what was last agreed is lost");
    case 'service_restored': return say("the online service was restored and shows other choices");
    case 'unclear_write': return say("a change that was sent long ago never got a clear answer");
    case 'followed_choice': return say("a choice was made in a place that follows another one");
    case 'new_company': return say("a place shows a number that is new there, and waits for a yes");
    default: return say("the place shows another organisation number than before");
    }
}

/** `follows`: of a place that follows another one, from which nothing is sent. */
export function ruleWords(rule, follows = false) {
    if (follows && ['fill_online', 'local_changed', 'first_contact'].includes(rule))
        return say("It differs from what is chosen in the place that leads: a person must decide.");
    switch (rule) {
    case 'agree': return say("Both sides are equal.");
    case 'fill_local': return say("It is chosen online and not locally: it is fetched.");
    case 'fill_online': return say("It is chosen locally and not online: it is sent.");
    case 'online_changed': return say("The online choice has changed since both were equal: it is fetched.");
    case 'local_changed': return say("The local choice has changed since both were equal: it is sent.");
    case 'first_contact': return say("Both sides chose differently, and were never equal: sync.first_contact decides.");
    default: return say("A person decided.");
    }
}

/** Why a company is as it is, with its name, unless the sentence itself says it. */
export function problemWords(company) {
    const label = companyLabel(company), reason = company.reason?.message_id ? say(company.reason.message_id, company.reason.args) : '';
    return reason.includes(label) ? reason : fillIn('{name}: ', {name: label}) + reason;
}

export const phaseWord = phase => ({gather: say("Reading both sides"), plan: say("Comparing"), apply: say("Syncing")}[phase] ?? phase);

/** What became of a run, in one sentence; an error's own where it failed as a whole. */
export function runWords(run) {
    if (run.outcome === 'cancelled') return say("The run was stopped.");
    if (run.outcome !== 'completed') return run.error?.message_id ? say(run.error.message_id, run.error.args) : say("The run failed.");
    return say("{companies} companies: {synced} synced, {changed} changes, {waiting} waiting, {held} held, {failed} failed.", run.counts);
}
