// JSON lines that come in parts.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {LineReader} from '../../daemon/ui/pages/lines.js';

function read(parts) {
    const got = [], reader = new LineReader(value => got.push(value));
    for (const part of parts) reader.take(part);
    return got;
}

const bytes = text => new TextEncoder().encode(text);

test('Lines.AreTheSameHoweverTheyAreCut', () => {
    const text = bytes('{"name":"Åkeri 🚚"}\n{"n":2}\n');
    for (let cut = 0; cut <= text.length; cut++)
        assert.deepEqual(read([text.slice(0, cut), text.slice(cut)]), [{name: 'Åkeri 🚚'}, {n: 2}], `cut at ${cut}`);
    assert.deepEqual(read([...text].map(one => Uint8Array.of(one))), [{name: 'Åkeri 🚚'}, {n: 2}]);
});

test('Lines.AreGivenWhenTheyAreWhole', () => {
    assert.deepEqual(read([bytes('{"n":1}\n{"n"')]), [{n: 1}]);
});

test('Lines.ThatAreNoJsonArePassedOver', () => {
    assert.deepEqual(read([bytes('\n<html>\n{"n":1}\n')]), [{n: 1}]);
});
