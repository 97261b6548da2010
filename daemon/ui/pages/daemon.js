// The daemon behind the gateway: the key that opens it, one call, and lines that go on.
import {LineReader} from './lines.js';
import {keyOf} from './routes.js';
import {say} from './words.js';

const KEPT = 'samsynk-session';

/** What went wrong, in words for people. `status` 0: the gateway did not answer. */
export class Trouble extends Error {
    constructor(status, problem) {
        super(problem?.message_id ?? '');
        this.status = status;
        this.problem = problem ?? {};
    }
    get code() { return this.problem.code ?? ''; }
    words() {
        if (this.status === 0) return say("The gateway does not answer. Is samsynk ui still running in the terminal?");
        return this.problem.message_id ? say(this.problem.message_id, this.problem.args) : say("Something went wrong ({status}).", {status: this.status});
    }
}

async function answer(asked) {
    const reply = await asked.catch(() => { throw new Trouble(0); });
    if (reply.ok) return reply;
    throw new Trouble(reply.status, await reply.json().catch(() => null));
}

/** Uses the key of the address, once, and takes it out of the address and the history. */
export async function open() {
    const key = keyOf(location.hash);
    if (key) {
        history.replaceState(null, '', location.pathname + '#/');
        const reply = await answer(fetch('/open', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({key})}));
        sessionStorage.setItem(KEPT, (await reply.json()).token);
    }
    return sessionStorage.getItem(KEPT) !== null;
}

function ask(method, path, body, accept, signal) {
    const headers = {Authorization: 'Bearer ' + sessionStorage.getItem(KEPT), Accept: accept};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return answer(fetch(path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal}));
}

export async function call(method, path, body) {
    const reply = await ask(method, path, body, 'application/json');
    const text = await reply.text();
    return text ? JSON.parse(text) : null;
}

export const get = path => call('GET', path);

/** Calls `line` for each line of the answer, until it ends or `signal` ends it. */
export async function follow(method, path, body, line, signal) {
    const reply = await ask(method, path, body, 'application/x-ndjson', signal);
    const lines = new LineReader(line), reader = reply.body.getReader();
    const read = () => reader.read().catch(() => {
        if (signal?.aborted) return {done: true};
        throw new Trouble(0);
    });
    for (let part = await read(); !part.done; part = await read()) lines.take(part.value);
}
