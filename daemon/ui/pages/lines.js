// JSON lines out of a stream of bytes, as they come.

/** Calls `line` for each whole line; what is no JSON is passed over. */
export class LineReader {
    #decoder = new TextDecoder();
    #rest = '';

    constructor(line) { this.line = line; }

    take(bytes) {
        this.#rest += this.#decoder.decode(bytes, {stream: true});
        const lines = this.#rest.split('\n');
        this.#rest = lines.pop();
        for (const text of lines) {
            let value = null;
            try { value = JSON.parse(text); } catch { continue; }
            this.line(value);
        }
    }
}
