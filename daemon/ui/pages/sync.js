// The button Synkronisera, with what happens while it works and what came of it.
import {follow, Trouble} from './daemon.js';
import {busy, el, tell} from './element.js';
import {changeWords, companyLabel, phaseWord, problemWords, runWords} from './phrases.js';
import {say, sayReason} from './words.js';

const MOST = 100;

function resultOf(run) {
    const changes = run.changes.slice(0, MOST).map(one => el('li', {}, `${companyLabel(one)}: ${changeWords(one)}`));
    const problems = run.problems.slice(0, MOST).map(one => el('li', {class: one.state === 'waiting' ? null : 'bad'}, problemWords(one)));
    const offline = run.offline.map(one => el('li', {class: 'bad'}, `${one.id}: ${sayReason(one.reason)}`));
    const lines = [...offline, ...changes, ...problems];
    return [el('p', {class: run.outcome === 'completed' ? 'done' : 'complaint'}, runWords(run)),
        lines.length ? el('ul', {class: 'happened'}, lines) : null];
}

/**
 * The button, and what it shows. `companies`: numbers or places; empty: all. `after(run)` is called with what came of it.
 * @returns {{button: HTMLElement, shown: HTMLElement, allow: function(boolean): void}} `allow` when it is known whether one may act
 */
export function syncButton({companies = [], mayAct = true, after = () => {}}) {
    const shown = el('div', {class: 'progress', 'aria-live': 'off'});
    const press = async () => {
        const bar = el('progress', {'aria-label': say("Synchronizing")}), phase = el('span', {}, say("Waits for its turn") + ' …');
        shown.replaceChildren(el('div', {class: 'row'}, bar, phase));
        tell(say("Synchronizing"));
        let result = null;
        const line = event => {
            if (event.event === 'result') result = event.result;
            if (event.event !== 'run.progress') return;
            const done = Number(event.fields.done), total = Number(event.fields.total);
            phase.textContent = phaseWord(event.fields.phase) + (total ? ` ${done}/${total}` : ' …');
            if (total) { bar.max = total; bar.value = done; } else bar.removeAttribute('value');
        };
        try {
            await follow('POST', '/v1/sync', companies.length ? {companies} : {}, line);
            if (!result) throw new Trouble(0);
            shown.replaceChildren(...resultOf(result).filter(Boolean));
            tell(runWords(result));
            after(result);
        } catch (trouble) {
            const words = trouble instanceof Trouble ? trouble.words() : String(trouble);
            shown.replaceChildren(el('p', {class: 'complaint'}, words));
            tell(words);
        }
    };
    const button = el('button', {type: 'button', class: 'main', disabled: !mayAct, onclick: () => busy(button, press)}, say("Synchronize"));
    const allow = may => {
        if (!button.hasAttribute('aria-busy')) button.disabled = !may;
    };
    return {button, shown, allow};
}
