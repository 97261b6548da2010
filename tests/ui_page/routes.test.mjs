// Addresses: a place, or a key that opens the page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keyOf, placeOf} from '../../daemon/ui/pages/routes.js';

test('Route.GivesTheView', () => {
    assert.deepEqual(placeOf('#/company/5560160680'), {view: 'company', company: '5560160680'});
    assert.deepEqual(placeOf('#/company/556016-0680'), {view: 'company', company: '556016-0680'});
    assert.deepEqual(placeOf('#/held'), {view: 'held'});
    assert.deepEqual(placeOf('#/signin'), {view: 'signin'});
});

test('Route.IsAllCompaniesWhereItIsNothingKnown', () => {
    for (const hash of ['', '#', '#/', '#/nothing', '#/company/', '#/company/../held', '#/company/1?x', '#/company/<b>'])
        assert.deepEqual(placeOf(hash), {view: 'companies'}, hash);
});

test('Key.IsNoPlaceAndAPlaceIsNoKey', () => {
    const key = 'A9_-'.repeat(8);
    assert.equal(keyOf('#' + key), key);
    for (const hash of ['', '#/', '#/held', '#/company/5560160680', '#' + key.slice(1), '#' + key + '/']) assert.equal(keyOf(hash), null, hash);
});
