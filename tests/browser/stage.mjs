// A small office on this machine: the sandbox online, company folders, the daemon, the local page's gateway, and a Chromium
// that trusts the sandbox's certificate authority as a person's would: by importing it.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const BIN = process.env.SAMSYNK_BIN ?? path.join(here, '../../build/bin');

export async function waitFor(what, seconds = 20) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
        const found = await what();
        if (found) return found;
        if (Date.now() > until) throw new Error('waited in vain for ' + what);
        await new Promise(done => setTimeout(done, 30));
    }
}

/** The letters that the sandbox has put into its folder, newest first: what Python's own parser reads in them. */
const READ_LETTERS = `
import email, email.policy, json, pathlib, sys
letters = []
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"), reverse=True):
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    letters.append({"to": message["to"], "subject": message["subject"], "language": message["content-language"],
                    "text": message.get_body(("plain",)).get_content(), "html": message.get_body(("html",)).get_content()})
print(json.dumps(letters))`;

export class Office {
    #processes = [];
    #environment = {...process.env, LC_ALL: 'C.UTF-8'};

    constructor() {
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'samsynk-browser-'));
        this.online = path.join(this.folder, 'online');
        this.books = path.join(this.folder, 'Företag');
        this.socket = path.join(this.folder, 'control.sock');
        fs.mkdirSync(this.online);
        fs.mkdirSync(this.books);
        process.umask(0o027);
    }

    #start(name, program, words, output = 'ignore') {
        const log = fs.openSync(path.join(this.folder, name + '.log'), 'a');
        const one = spawn(path.join(BIN, program), words, {env: this.#environment, stdio: ['ignore', output === 'pipe' ? 'pipe' : log, log]});
        fs.closeSync(log);
        this.#processes.push(one);
        return one;
    }

    log = name => { try { return fs.readFileSync(path.join(this.folder, name + '.log'), 'utf8'); } catch { return ''; } };
    sandbox = (...words) => execFileSync(path.join(BIN, 'samsynk-sandbox'), ['--data', this.online, ...words], {encoding: 'utf8', maxBuffer: 1 << 28});
    samsynk = (...words) => execFileSync(path.join(BIN, 'samsynk'), ['--socket', this.socket, '--json', ...words], {encoding: 'utf8', env: this.#environment});
    record = number => JSON.parse(this.sandbox('show', number));

    /** A company folder with a SIE file, in CP437 as Visma Administration writes it where the letters are in it. */
    lay(place, number, name) {
        const folder = path.join(this.books, place);
        fs.mkdirSync(folder, {recursive: true});
        const text = `#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#ORGNR ${number.slice(0, 6)}-${number.slice(6)}\r\n#FNAMN "${name}"\r\n`;
        fs.writeFileSync(path.join(folder, 'bok.se'), execFileSync('iconv', ['-f', 'UTF-8', '-t', 'CP437'], {input: text}));
    }

    /** The agent's or the program's file beside the books; empty where there is none. */
    file = (place, name) => { try { return fs.readFileSync(path.join(this.books, place, 'samsynk', name), 'utf8'); } catch { return ''; } };

    choose(place, text) {
        fs.mkdirSync(path.join(this.books, place, 'samsynk'), {recursive: true});
        fs.writeFileSync(path.join(this.books, place, 'samsynk/preferences.yaml'), text);
    }

    async startOnline() {
        this.#start('sandbox', 'samsynk-sandbox', ['--data', this.online, 'serve', '--port', '0']);
        const file = path.join(this.online, 'port');
        await waitFor(() => fs.existsSync(file));
        this.site = 'https://localhost:' + fs.readFileSync(file, 'utf8').trim();
        const [email, password] = fs.readFileSync(path.join(this.online, 'office_sign_in'), 'utf8').split('\n');
        Object.assign(this, {email, password});
    }

    /** `sync`: more of that section; `more`: further lines of the configuration. */
    async startDaemon(sync = '', more = '') {
        const config = path.join(this.folder, 'samsynk.yaml');
        fs.writeFileSync(config, `service:
  url: ${this.site}
  ca_file: ${this.online}/ca.pem
  auth: {issuer: '${this.site}', client_id: samsynk, client_secret_file: ${this.online}/client_secret}
sync: {interval: 1h${sync ? ', ' + sync : ''}}
installations:
  - {id: main, connector: folder, path: ${this.books}}
control: {socket: ${this.socket}}
state: {directory: ${this.folder}/state}
log: {format: json}
${more}`);
        this.daemon = this.#start('samsynkd', 'samsynkd', ['--config', config]);
        await waitFor(() => { try { return JSON.parse(this.samsynk('status')).last_run; } catch { return false; } }, 60);
    }

    /** The address of the local page, with its one-time key. */
    async openLocal() {
        const gateway = this.#start('ui', 'samsynk', ['--socket', this.socket, '--json', 'ui', '--no-open'], 'pipe');
        let text = '';
        gateway.stdout.on('data', part => { text += part; });
        await waitFor(() => text.includes('\n'));
        return JSON.parse(text).url;
    }

    letters = () => JSON.parse(execFileSync('/usr/bin/python3', ['-c', READ_LETTERS, path.join(this.online, 'mail')], {encoding: 'utf8'}));
    /** The newest letter to someone, when it has come. */
    letter = (to, subject) => waitFor(() => this.letters().find(one => one.to.includes(to) && one.subject.includes(subject)));
    linkIn = letter => letter.text.match(/https:\/\/\S+\/spiris\/inbjudan\/\w+/)[0];

    async end() {
        for (const one of this.#processes.reverse())
            if (one.exitCode === null && one.signalCode === null) {
                const ended = new Promise(done => one.once('exit', done));
                one.kill('SIGTERM');
                await Promise.race([ended, new Promise(done => setTimeout(done, 10000))]);
                if (one.exitCode === null && one.signalCode === null) one.kill('SIGKILL');
            }
        fs.rmSync(this.folder, {recursive: true, force: true});
    }
}
