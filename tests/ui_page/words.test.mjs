// Sentences: which language, and what is filled in.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fillIn, say, sayReason, shownName, wantedLanguage} from '../../daemon/ui/pages/words.js';

test('Words.AreSwedishWhereTheBrowserAsksForSwedish', () => {
    assert.equal(wantedLanguage(null, ['sv-SE', 'en']), 'sv');
    assert.equal(wantedLanguage(null, ['SV']), 'sv');
    assert.equal(wantedLanguage(null, ['en-GB', 'de']), 'en');
    assert.equal(wantedLanguage(null, []), 'sv');
});

test('Words.KeepWhatWasChosen', () => {
    assert.equal(wantedLanguage('en', ['sv']), 'en');
    assert.equal(wantedLanguage('sv', ['en']), 'sv');
    assert.equal(wantedLanguage('fi', ['en']), 'en', 'a language that there is no more');
});

test('Words.FillInWhatIsGivenAndNothingElse', () => {
    assert.equal(fillIn('{n} of {all}', {n: 0, all: 7}), '0 of 7');
    assert.equal(fillIn('{n} of {all}', {n: 1}), '1 of {all}');
    assert.equal(fillIn('{toString} {constructor}', {}), '{toString} {constructor}');
    assert.equal(fillIn('{a}', {a: '{b} $& $1', b: 'x'}), '{b} $& $1', 'a name is never read as a sentence');
});

test('Words.AreTheEnglishOnesWhereThereIsNoTranslation', () => assert.equal(say('{n} not translated', {n: 3}), '3 not translated'));

test('Words.OfNoReasonAreNone', () => {
    assert.equal(sayReason(null), '');
    assert.equal(sayReason({}), '');
    assert.equal(sayReason({message_id: 'because of {what}', args: {what: 'rain'}}), 'because of rain');
});

test('Words.OfOthersCanNotTurnASentence', () => {
    assert.equal(fillIn('{name} failed', {name: 'A\u202eB\u2066\u200f\u061c\ufeff\u009b\u{e0041}'}), 'AB failed');
    assert.equal(fillIn('{name} failed', {name: '\u05d0\u05d1\u2069'}), '\u2068\u05d0\u05d1\u2069 failed', 'a name from right to left stays in its place');
    assert.equal(shownName('Åkeriet ☕ \u202e'), 'Åkeriet ☕ ');
});
