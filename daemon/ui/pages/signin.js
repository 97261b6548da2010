// A person lets Samsynk in with a code, where the status asks for it.
import {follow, Trouble} from './daemon.js';
import {busy, el, entitle, tell} from './element.js';
import {say, sayReason} from './words.js';

export class SignInView {
    constructor(model) {
        this.model = model;
        this.state = el('p');
    }

    show(main) {
        const shown = el('div', {role: 'status'});
        const begin = el('button', {type: 'button', class: 'main', onclick: () => busy(begin, () => this.#begin(shown))}, say("Sign in"));
        this.begin = begin;
        main.replaceChildren(el('h1', {}, say("Sign-in")), this.state, el('p', {}, begin), shown);
        entitle(say("Sign-in"));
        this.update();
    }

    hide() { this.stop?.abort(); }

    update() {
        const {status} = this.model, signin = status?.signin, byPerson = signin?.method === 'device';
        const words = !status ? '' : !byPerson ? say("This daemon needs no sign-in.")
            : signin.state === 'ok' ? say("Samsynk is signed in.") : sayReason(signin.reason);
        if (this.state.textContent !== words) this.state.textContent = words;
        this.begin.hidden = !byPerson;
        if (!this.begin.hasAttribute('aria-busy')) this.begin.disabled = !this.model.mayAct();
    }

    async #begin(shown) {
        this.stop = new AbortController();
        const line = event => {
            if (event.event === 'login.code') shown.replaceChildren(
                el('p', {}, say("Open the address, and check that the code there is this one:")),
                el('p', {class: 'code'}, event.user_code),
                el('p', {}, el('a', {href: event.verification_uri_complete ?? event.verification_uri, target: '_blank', rel: 'noopener noreferrer'}, event.verification_uri)));
            if (event.event !== 'result') return;
            const words = event.result.signed_in ? say("Signed in.") : sayReason(event.result.error);
            shown.replaceChildren(el('p', {class: event.result.signed_in ? 'done' : 'complaint'}, words));
            tell(words);
            this.model.refresh();
        };
        try { await follow('POST', '/v1/login', {}, line, this.stop.signal); } catch (trouble) {
            if (trouble instanceof Trouble) shown.replaceChildren(el('p', {class: 'complaint'}, trouble.words()));
        }
    }
}
