// Reads a gettext catalog (.mo) as its manual describes it: a magic number, and two tables of lengths and offsets.

const MAGIC = 0x950412de;

/** @param {ArrayBuffer} bytes @returns {Map<string, string>} the translation of each sentence; of a broken one what can be read */
export function readCatalog(bytes) {
    const view = new DataView(bytes), sentences = new Map();
    if (bytes.byteLength < 28) return sentences;
    const little = view.getUint32(0, true) === MAGIC;
    if (!little && view.getUint32(0, false) !== MAGIC) return sentences;
    const number = at => view.getUint32(at, little);
    const text = at => new TextDecoder().decode(new Uint8Array(bytes, number(at + 4), number(at)));
    const count = number(8), ids = number(12), translations = number(16);
    try {
        for (let i = 0; i < count; i++) {
            const id = text(ids + 8 * i);
            if (id) sentences.set(id, text(translations + 8 * i));
        }
    } catch (broken) {
        if (!(broken instanceof RangeError)) throw broken; // it ends too early
    }
    return sentences;
}
