// The reader's language. Sentences are written in English where they are said, and looked up in the same catalog as the
// command's (xgettext finds them by `say("…")`).
import {readCatalog} from './catalog.js';

const KEPT = 'samsynk-language';
let swedish = new Map();
let chosen = 'sv';

/** `sv` or `en`: what was chosen before, else what the browser asks for. */
export function wantedLanguage(kept, languages) {
    if (kept === 'sv' || kept === 'en') return kept;
    return languages.length === 0 || languages.some(one => one.toLowerCase().startsWith('sv')) ? 'sv' : 'en';
}

export async function chooseLanguage() {
    const reply = await fetch('/catalog/sv').catch(() => null);
    if (reply?.ok) swedish = readCatalog(await reply.arrayBuffer().catch(() => new ArrayBuffer(0)));
    setLanguage(wantedLanguage(localStorage.getItem(KEPT), navigator.languages ?? []));
}

export const language = () => chosen;

export function setLanguage(wanted, keep = false) {
    chosen = wanted;
    document.documentElement.lang = wanted;
    if (keep) localStorage.setItem(KEPT, wanted);
}

// What turns the direction of writing, or is there without being seen.
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name that others gave, as it may be shown. */
export const shownName = text => text.replace(STEERING, '');

// Within a sentence it stays in its place, also where it is written from right to left.
function inSentence(value) {
    if (typeof value !== 'string') return value;
    const shown = shownName(value);
    return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** Fills in `{name}`. */
export function fillIn(sentence, args = {}) {
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => Object.hasOwn(args, name) ? inSentence(args[name]) : whole);
}

export function say(id, args) {
    return fillIn(chosen === 'sv' ? swedish.get(id) ?? id : id, args);
}

/** A sentence that the daemon gives with `message_id` and `args`; empty for none. */
export const sayReason = reason => reason?.message_id ? say(reason.message_id, reason.args) : '';
