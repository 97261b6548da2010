// Searching, filtering and sorting many companies.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {counts, found, indexed, sorted} from '../../daemon/ui/pages/list.js';

const company = (name, number, place, state = 'synced', more = {}) =>
    ({name, company: number, place, state, collaboration: 'active', last_success_at: null, ...more});

const ROWS = indexed([company('Östbergs El AB', '5560160680', 'Ostberg'), company('Ångermanlands Åkeri AB', '5560747569', 'Akeriet', 'failed'),
    company('Zetas Bygg AB', '5560360793', 'Zeta', 'held'), company('', null, 'Okänd', 'failed')]);

const names = rows => rows.map(row => row.company.name || row.company.place);

test('List.FindsByNameNumberAndPlace', () => {
    assert.deepEqual(names(found(ROWS, 'åkeri', '')), ['Ångermanlands Åkeri AB']);
    assert.deepEqual(names(found(ROWS, 'ÅKERI', '')), ['Ångermanlands Åkeri AB']);
    assert.deepEqual(names(found(ROWS, '556036-0793', '')), ['Zetas Bygg AB']);
    assert.deepEqual(names(found(ROWS, '5560360', '')), ['Zetas Bygg AB']);
    assert.deepEqual(names(found(ROWS, 'ostberg', '')), ['Östbergs El AB']);
    assert.deepEqual(names(found(ROWS, 'okänd', '')), ['Okänd']);
});

test('List.FindsThoseThatHaveEveryWord', () => {
    assert.deepEqual(names(found(ROWS, ' ab  bygg ', '')), ['Zetas Bygg AB']);
    assert.deepEqual(found(ROWS, 'bygg el', ''), []);
    assert.equal(found(ROWS, '  ', '').length, 4);
});

test('List.FiltersByStateBesideTheSearch', () => {
    assert.equal(found(ROWS, '', 'failed').length, 2);
    assert.deepEqual(names(found(ROWS, 'ab', 'failed')), ['Ångermanlands Åkeri AB']);
});

test('List.CountsEachState', () => assert.deepEqual(counts(ROWS), {synced: 1, failed: 2, held: 1}));

test('List.SortsNamesInSwedishOrder', () => {
    assert.deepEqual(names(sorted(ROWS, 'name')), ['Okänd', 'Zetas Bygg AB', 'Ångermanlands Åkeri AB', 'Östbergs El AB']);
    assert.deepEqual(names(sorted(ROWS, 'name', true)), ['Östbergs El AB', 'Ångermanlands Åkeri AB', 'Zetas Bygg AB', 'Okänd']);
});

test('List.PutsWhatNeedsAPersonFirst', () => {
    assert.deepEqual(sorted(ROWS, 'state').map(row => row.company.state), ['failed', 'failed', 'held', 'synced']);
});

test('List.PutsThoseThatNeverSucceededBeforeTheOldest', () => {
    const rows = indexed([company('new', '1', '', 'synced', {last_success_at: '2026-11-02T08:00:00Z'}), company('never', '2', ''),
        company('old', '3', '', 'synced', {last_success_at: '2026-10-02T08:00:00Z'})]);
    assert.deepEqual(names(sorted(rows, 'age')), ['never', 'old', 'new']);
});

test('List.LeavesWhatItSortsAsItWas', () => {
    const before = names(ROWS);
    sorted(ROWS, 'name');
    assert.deepEqual(names(ROWS), before);
});
