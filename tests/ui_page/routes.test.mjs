// Addresses: a place, or a key that opens the page.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {addressOf, keyOf, placeOf, referenceOf} from '../../daemon/ui/pages/routes.js';

test('Route.GivesTheView', () => {
    assert.deepEqual(placeOf('#/company/5560160680'), {view: 'company', company: '5560160680'});
    assert.deepEqual(placeOf('#/company/556016-0680'), {view: 'company', company: '556016-0680'});
    assert.deepEqual(placeOf('#/held'), {view: 'held'});
    assert.deepEqual(placeOf('#/signin'), {view: 'signin'});
});

const LEADER = {company: '7505052261', installation: 'main', place: 'D01', follows: null, state: 'synced', reason: null};

test('Company.IsNamedByItsNumberOrByItsPlaceWhereThatMeansAnotherOne', () => {
    assert.equal(referenceOf(LEADER), '7505052261');
    assert.equal(referenceOf({...LEADER, place: 'D02', follows: 'main:D01'}), 'main:D02');
    assert.equal(referenceOf({...LEADER, company: null}), 'main:D01');
    assert.equal(referenceOf({...LEADER, state: 'ignored'}), 'main:D01');
    assert.equal(referenceOf({...LEADER, state: 'held', reason: {code: 'duplicate'}}), 'main:D01');
    assert.equal(referenceOf({...LEADER, state: 'held', reason: {code: 'first_contact'}}), '7505052261');
    assert.equal(referenceOf({installation: 'main', place: 'D02'}), 'main:D02', 'as a held row names it');
});

test('Company.HasAnAddressWhateverItsPlaceIsCalled', () => {
    for (const place of ['Ovnbol2000', 'Åsa & Örjan 100% #1?', '%', 'a:b', 'a/b', '<b>', '..', "it's", '漢字', ' ', 'rad\nrad'])
        assert.deepEqual(placeOf(addressOf({company: null, installation: 'main', place})), {view: 'company', company: 'main:' + place}, place);
    assert.equal(addressOf(LEADER), '#/company/7505052261');
    assert.deepEqual(placeOf('#/company/main:Ovnbol2000'), {view: 'company', company: 'main:Ovnbol2000'});
});

test('Route.IsAllCompaniesWhereItIsNothingKnown', () => {
    for (const hash of ['', '#', '#/', '#/nothing', '#/company/', '#/company/../held', '#/company/1?x', '#/company/<b>', '#/company/main', '#/company/main%3A', '#/company/%', '#/company/:x'])
        assert.deepEqual(placeOf(hash), {view: 'companies'}, hash);
});

test('Key.IsNoPlaceAndAPlaceIsNoKey', () => {
    const key = 'A9_-'.repeat(8);
    assert.equal(keyOf('#' + key), key);
    for (const hash of ['', '#/', '#/held', '#/company/5560160680', '#' + key.slice(1), '#' + key + '/']) assert.equal(keyOf(hash), null, hash);
});
