// What the daemon has told: its status, the companies, what is held. Kept fresh by its events.
import {follow, get, Trouble} from './daemon.js';

const SOON = 250, LONGEST = 30000;
const TELLS = /^(company|preference|collaboration|run\.(completed|failed)|config|signin|service|daemon|control)/;

export class Model {
    status = null;
    companies = [];
    held = 0;
    trouble = null;
    #changed;
    #timer = null;
    #refreshing = null;
    #after = null;

    constructor(changed) { this.#changed = changed; }

    mayAct() { return this.status?.may_act !== false; }

    /** Asks for all anew; calls that come meanwhile share it. */
    refresh() {
        this.#refreshing ??= this.#ask().finally(() => { this.#refreshing = null; });
        return this.#refreshing;
    }

    async #ask() {
        try {
            const [status, {companies}, {held}] = await Promise.all([get('/v1/status'), get('/v1/companies'), get('/v1/held')]);
            Object.assign(this, {status, companies, held: held.length, trouble: null});
        } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.trouble = trouble;
        }
        this.#changed();
    }

    /** Follows the events for ever; where they end, it begins again after a while. */
    async live() {
        for (let pause = 500;; pause = Math.min(2 * pause, LONGEST)) {
            try {
                await follow('GET', '/v1/events' + (this.#after === null ? '' : '?after=' + this.#after), undefined, event => {
                    pause = 500;
                    if (event.sequence) this.#after = event.sequence;
                    if (TELLS.test(event.event)) this.#soon();
                });
            } catch (trouble) {
                if (trouble.status === 401) { this.trouble = trouble; this.#changed(); return; }
            }
            await new Promise(done => setTimeout(done, pause));
            this.#after = null; // the daemon may be another one, which counts anew
            await this.refresh();
            if (this.trouble?.status === 401) return;
        }
    }

    // Many events come at once; a large list is not asked for more often than it can be read.
    #soon() {
        if (this.#timer) return;
        const wait = this.companies.length > 1000 ? 1500 : SOON;
        this.#timer = setTimeout(() => { this.#timer = null; this.refresh(); }, wait);
    }
}
