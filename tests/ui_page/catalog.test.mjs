// The catalog is read as gettext writes it, and what is no catalog gives no words.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {readCatalog} from '../../daemon/ui/pages/catalog.js';

const PO = fileURLToPath(new URL('../../daemon/client/catalogs/sv.po', import.meta.url));

function compiled(...options) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'samsynk-mo-'));
    try {
        execFileSync('msgfmt', [...options, '-o', path.join(folder, 'sv.mo'), PO]);
        return Uint8Array.from(fs.readFileSync(path.join(folder, 'sv.mo'))).buffer;
    } finally {
        fs.rmSync(folder, {recursive: true});
    }
}

test('Catalog.GivesTheSwedishOfASentence', () => {
    const words = readCatalog(compiled());
    assert.equal(words.get('Synchronize'), 'Synkronisera');
    assert.equal(words.get('Receive invoices'), 'Ta emot fakturor');
    assert.equal(words.get('no such sentence'), undefined);
    assert.equal(words.has(''), false, 'the head is no sentence');
});

test('Catalog.ReadsBothByteOrders', () => {
    const little = readCatalog(compiled('--endianness=little')), big = readCatalog(compiled('--endianness=big'));
    assert.ok(little.size > 100);
    assert.deepEqual([...big], [...little]);
});

test('Catalog.IsEmptyWhereItIsNone', () => {
    for (const text of ['', 'x', '<!doctype html><title>not a catalog at all</title>'])
        assert.equal(readCatalog(Uint8Array.from(Buffer.from(text)).buffer).size, 0, text);
});

test('Catalog.KeepsWhatItCouldReadOfACutOne', () => {
    const whole = compiled();
    for (const length of [28, 100, 1000, whole.byteLength - 1]) assert.doesNotThrow(() => readCatalog(whole.slice(0, length)), String(length));
});
