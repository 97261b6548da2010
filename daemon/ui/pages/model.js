// What the daemon has told: its status, the companies, what is held. Kept fresh by its events.
import {follow, get, Trouble} from './daemon.js';

const SOON = 250, SILENT = 2000, LONGEST = 30000;
const TELLS = /^(company|preference|collaboration|run\.(completed|failed)|config|signin|service|daemon|control)/;

export class Model {
    status = null;
    companies = [];
    held = 0;
    trouble = null;
    /** Of a run that is under way, whoever began it: phase, done, total. */
    progress = null;
    #changed;
    #timer = null;
    #refreshing = null;
    #again = false;
    #after = null;

    #moved;
    #silence = null;

    /** `changed` is called when all was asked for anew, `moved` when a run has come further. */
    constructor(changed, moved) {
        this.#changed = changed;
        this.#moved = moved;
    }

    mayAct() { return this.status?.may_act !== false; }

    /** Asks for all anew; calls that come meanwhile share one that begins after it, as its answer may be from before them. */
    refresh() {
        this.#again = this.#refreshing !== null;
        this.#refreshing ??= this.#askUntilNew().finally(() => { this.#refreshing = null; });
        return this.#refreshing;
    }

    async #askUntilNew() {
        do {
            this.#again = false;
            await this.#ask();
        } while (this.#again && !this.trouble);
    }

    async #ask() {
        try {
            const [status, {companies}, {held}] = await Promise.all([get('/v1/status'), get('/v1/companies'), get('/v1/held')]);
            Object.assign(this, {status, companies, held: held.length, trouble: null});
            if (!status.running) this.progress = null;
        } catch (trouble) {
            if (!(trouble instanceof Trouble)) throw trouble;
            this.trouble = trouble;
        }
        this.#changed();
    }

    /** Follows the events for ever; where they end, it begins again after a while. */
    async live() {
        for (let pause = 500;; pause = Math.min(2 * pause, LONGEST)) {
            this.#soon(); // what happened before the events were followed
            try {
                await follow('GET', '/v1/events' + (this.#after === null ? '' : '?after=' + this.#after), undefined, event => {
                    pause = 500;
                    if (event.sequence) this.#after = event.sequence;
                    if (event.event === 'run.progress') this.#progressed(event.fields);
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

    #progressed({phase, done, total}) {
        this.progress = {phase, done: Number(done), total: Number(total)};
        this.#moved();
        clearTimeout(this.#silence);
        this.#silence = setTimeout(() => this.refresh(), SILENT); // one that changes nothing ends without a word
    }

    // Many events come at once; a large list is not asked for more often than it can be read.
    #soon() {
        if (this.#timer) return;
        const wait = this.companies.length > 1000 ? 1500 : SOON;
        this.#timer = setTimeout(() => { this.#timer = null; this.refresh(); }, wait);
    }
}
