// Ages, numbers, and the words for what a run did. In English, as no catalog is read here.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {age, changeWords, choiceWord, companyLabel, holdWords, localTime, prettyNumber, problemWords, ruleWords, runWords} from '../../daemon/ui/pages/phrases.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const before = minutes => age(new Date(NOW - minutes * 60000).toISOString(), NOW);

test('Age.IsInTheLargestUnitThatFits', () => {
    assert.equal(age(null, NOW), 'never');
    assert.equal(before(0), 'just now');
    assert.equal(before(0.99), 'just now');
    assert.equal(before(1), '1 min ago');
    assert.equal(before(59), '59 min ago');
    assert.equal(before(60), '1 h ago');
    assert.equal(before(48 * 60 - 1), '47 h ago');
    assert.equal(before(48 * 60), '2 days ago');
    assert.equal(before(-5), 'just now', 'a clock that goes behind the daemon’s');
});

test('Number.HidesAPersonsLastDigits', () => {
    assert.equal(prettyNumber('5560160680'), '556016-0680');
    assert.equal(prettyNumber('5501011232'), '550101-****');
    assert.equal(prettyNumber(null), '?');
});

test('Choice.IsNotNoBeforeItIsMade', () => {
    assert.equal(choiceWord(true), 'yes');
    assert.equal(choiceWord(false), 'no');
    assert.equal(choiceWord(null), 'not chosen');
});

test('Time.OfNothingIsADash', () => assert.equal(localTime(null), '–'));

test('Change.SaysWhereItCameFrom', () => {
    const change = {kind: 'to_local', preference: 'receive_invoices', from: null, to: true};
    assert.equal(changeWords(change), 'receive invoices: not chosen → yes (fetched from the online service)');
    assert.equal(changeWords({...change, kind: 'to_online'}), 'receive invoices: not chosen → yes (sent to the online service)');
    assert.equal(changeWords({...change, kind: 'chosen', by: 'eva'}), 'receive invoices: not chosen → yes (chosen by eva)');
    assert.equal(changeWords({kind: 'collaboration', collaboration: 'ending'}), 'the collaboration is ending');
});

test('Hold.SaysWhichSideWouldBeOverwritten', () => {
    assert.equal(holdWords({kind: 'mass_change', planned: 'online', count: 7}), '7 local choices would be overwritten at once');
    assert.equal(holdWords({kind: 'mass_change', planned: 'local', count: 7}), '7 online choices would be overwritten at once');
});

test('Hold.SaysThatAPlaceOnlyFollows', () =>
    assert.equal(holdWords({kind: 'followed_choice', count: 1}), 'a choice was made in a place that follows another one'));

test('Rule.SaysThatNothingIsSentFromAPlaceThatFollows', () => {
    assert.match(ruleWords('local_changed'), /it is sent/);
    for (const rule of ['fill_online', 'local_changed', 'first_contact']) assert.match(ruleWords(rule, true), /a person must decide/);
    for (const rule of ['agree', 'fill_local', 'online_changed']) assert.equal(ruleWords(rule, true), ruleWords(rule));
});

test('Problem.NamesTheCompanyOnce', () => {
    const reason = {message_id: '{company} is not there.', args: {company: 'Bo AB'}};
    assert.equal(problemWords({name: 'Bo AB', reason}), 'Bo AB is not there.');
    assert.equal(problemWords({name: 'Ek AB', reason}), 'Ek AB: Bo AB is not there.');
    assert.equal(problemWords({name: '', place: 'Ek', reason}), 'Ek: Bo AB is not there.');
});

test('Run.SaysWhatBecameOfIt', () => {
    const counts = {companies: 3, synced: 1, changed: 2, waiting: 0, held: 1, failed: 1};
    assert.equal(runWords({outcome: 'completed', counts}), '3 companies: 1 synced, 2 changes, 0 waiting, 1 held, 1 failed.');
    assert.equal(runWords({outcome: 'cancelled', counts}), 'The run was stopped.');
    assert.equal(runWords({outcome: 'failed', counts, error: {message_id: 'No answer from {host}.', args: {host: 'x'}}}), 'No answer from x.');
    assert.equal(runWords({outcome: 'failed', counts, error: null}), 'The run failed.');
});

test('Label.IsWhatCanBeShownOfTheName', () => {
    assert.equal(companyLabel({name: 'Bygg\u202e AB'}), 'Bygg AB');
    assert.equal(companyLabel({name: '\u202e', place: 'x'}), '?');
    assert.equal(problemWords({name: '\u05d0\u202e', reason: {message_id: 'It failed.', args: {}}}), '\u2068\u05d0\u2069: It failed.');
});
