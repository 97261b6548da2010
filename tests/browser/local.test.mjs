// The local page: Synkronisera with its progress, a held change, a daemon that goes away, and who has no key.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, picture, usable, visitor} from './browser.mjs';
import {Office, waitFor} from './stage.mjs';

const COMPANIES = [['Lindqvist', '5560160680', 'Lindqvist Bygg AB'], ['Ekstrom', '5560360793', 'Ekströms Måleri AB'], ['Bjorko', '5560427220', 'Björkö Fisk AB'], ['Akeriet', '5560747569', 'Ångermanlands Åkeri AB']];
const office = new Office();
let browser, page, address;

describe('the local page', () => {
    before(async () => {
        for (const [place, number, name] of COMPANIES) {
            office.sandbox('company', 'add', number, name);
            office.sandbox('activate', number);
            if (place !== 'Bjorko') office.sandbox('approve', number);
            office.lay(place, number, name);
        }
        office.lay('Okant', '5560511114', 'Okända Bolaget AB');
        office.sandbox('prefs', '5560360793', '--receive-invoices', 'no');
        office.choose('Ekstrom', 'receive_invoices: true\n');
        office.choose('Bjorko', 'send_all_invoices: true\n');
        await office.startOnline();
        await office.startDaemon('first_contact: hold, push: false');
        browser = await launch(office);
        page = await visitor(browser);
        address = await office.openLocal();
        await page.goto(address);
    });

    after(async () => {
        await browser?.close();
        await office.end();
    });

    test('all companies, with their reasons, can be searched and filtered', async () => {
        await page.getByText('5 av 5 företag').waitFor();
        await page.getByText('finns inte bland onlinekontots företag').waitFor();
        assert.ok(!page.url().includes(address.split('#')[1]), 'the key is out of the address');
        await picture(page, 'alla-foretag');
        await usable(page, 'companies');
        await page.getByLabel('Sök företag').fill('åkeri');
        await page.getByText('1 av 5 företag').waitFor();
        await page.getByLabel('Sök företag').fill('');
        await page.getByRole('button', {name: 'väntar 1'}).click();
        await page.getByText('1 av 5 företag').waitFor();
        await page.getByRole('link', {name: 'Björkö Fisk AB'}).waitFor();
        await page.getByRole('button', {name: 'alla 5'}).click();
    });

    test('Synkronisera carries over what was chosen, and says what came of it', async () => {
        office.sandbox('prefs', '5560160680', '--receive-invoices', 'yes');
        await page.evaluate(() => { // it may be there for some milliseconds only
            globalThis.seen = [];
            const note = () => globalThis.seen.push(...[...document.querySelectorAll('.progress .row')].map(one => `${one.firstChild.localName} ${one.textContent}`));
            new MutationObserver(note).observe(document.querySelector('.progress'), {childList: true, subtree: true, characterData: true});
        });
        await page.getByRole('button', {name: 'Synkronisera', exact: true}).click();
        await page.getByText('Lindqvist Bygg AB: ta emot fakturor: ej valt → ja (hämtat från onlinetjänsten)').waitFor();
        await page.getByText(/^5 företag: .* 1 ändringar/).first().waitFor();
        const seen = await page.evaluate(() => globalThis.seen);
        assert.ok(seen.some(one => one.startsWith('progress Väntar på sin tur')), String(seen));
        assert.ok(seen.some(one => /^progress (Läser|Jämför|Synkroniserar)/.test(one)), String(seen));
        assert.match(office.file('Lindqvist', 'preferences.yaml'), /receive_invoices: true/);
        await usable(page, 'synced');
    });

    test('what somebody else does is seen without a reload', async () => {
        office.samsynk('set', '5560747569', '--send-all-invoices', 'yes');
        await page.getByRole('row', {name: /Ångermanlands Åkeri AB/}).getByText('ja').waitFor();
    });

    test('a held change is approved', async () => {
        await page.getByRole('link', {name: 'Kräver beslut (1)'}).click();
        await page.getByRole('row', {name: /Ekströms Måleri AB/}).getByText('ta emot fakturor').waitFor();
        await picture(page, 'kraver-beslut');
        await usable(page, 'held');
        await page.getByRole('button', {name: 'Ta det lokala'}).click();
        await page.getByRole('dialog').getByRole('button', {name: 'Nej'}).click();
        assert.equal(office.record('5560360793').preferences.receive_invoices, false, 'not before it is said twice');
        await page.getByRole('button', {name: 'Ta det lokala'}).click();
        await page.getByRole('dialog').getByRole('button', {name: 'Ja'}).click();
        await page.getByText('Inget väntar på beslut.').waitFor();
        await waitFor(() => office.record('5560360793').preferences.receive_invoices === true);
    });

    test('the dialogue of one company, a wish that waits, the back button, English', async () => {
        await page.goto(page.url().replace(/#.*/, '#/company/5560427220'));
        await page.getByText('Arkiv › Inställningar › Företagsinställningar › Spiris').waitFor();
        await page.getByText('Valet är sparat här och skickas när samarbetet har blivit aktivt').waitFor();
        await page.getByText('inbjudet: väntar på att kunden godkänner').waitFor();
        await usable(page, 'company');
        await page.getByText('Varför det är som det är').click();
        await page.getByText('Det är valt lokalt men inte i onlinetjänsten: det skickas.').waitFor();
        await page.getByRole('group', {name: 'Ta emot fakturor'}).getByLabel('Nej').check();
        await page.getByRole('button', {name: 'Spara'}).dblclick();
        await page.getByText('Sparat.').waitFor();
        await waitFor(() => office.record('5560427220').preferences.receive_invoices === false);
        await page.goBack();
        await page.getByRole('heading', {name: 'Kräver beslut'}).waitFor();
        await page.getByRole('button', {name: 'English'}).click();
        await page.getByRole('heading', {name: 'Held'}).waitFor();
        await page.getByRole('button', {name: 'Svenska'}).click();
    });

    test('nothing is done in a company that the address does not say, and what is chosen while the page asks again stays', async () => {
        const group = which => page.getByRole('group', {name: which});
        await page.goto(page.url().replace(/#.*/, '#/company/5560160680'));
        await page.getByRole('heading', {name: 'Lindqvist Bygg AB'}).waitFor();
        const asked = [];
        await page.route('**/v1/companies/5560747569', async route => { // slow, and asked for twice before the first answer comes
            asked.push(route);
            if (asked.length === 1) office.samsynk('set', '5560427220', '--send-all-invoices', 'no');
            if (asked.length === 2) await asked[0].continue();
        });
        await page.goto(page.url().replace(/#.*/, '#/company/5560747569'));
        assert.equal(await page.getByRole('heading', {name: 'Lindqvist Bygg AB'}).count(), 0);
        await page.getByRole('heading', {name: 'Ångermanlands Åkeri AB'}).waitFor();
        await group('Ta emot fakturor').getByLabel('Nej').check();
        const answered = page.waitForResponse('**/v1/companies/5560747569');
        await asked[1].continue();
        await answered;
        await page.unroute('**/v1/companies/5560747569');
        await page.getByRole('button', {name: 'Spara'}).click();
        await page.getByText('Sparat.').waitFor();
        await waitFor(() => office.record('5560747569').preferences.receive_invoices === false);
    });

    test('all of it by keyboard', async () => {
        const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
        const at = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);
        const tabTo = async what => {
            for (let i = 0; i < 40; i++) {
                await press('Tab');
                if (await at() === what) return;
            }
            assert.fail(`the focus never came to “${what}”`);
        };
        await page.goto(page.url().replace(/#.*/, '#/'));
        await page.getByRole('heading', {name: 'Företag'}).waitFor();
        await tabTo('Synkronisera');
        await press('Enter');
        await page.getByText(/^5 företag: /).first().waitFor();
        await tabTo('search');
        await page.keyboard.type('lindqvist');
        await page.getByText('1 av 5 företag').waitFor();
        await tabTo('Lindqvist Bygg AB');
        await press('Enter');
        await page.getByRole('heading', {name: 'Lindqvist Bygg AB'}).waitFor();
        await tabTo('Synkronisera');
        await press('Tab', 'Space');
        await tabTo('Spara');
        await press('Enter');
        await page.getByText('Sparat.').waitFor();
        await waitFor(() => office.file('Lindqvist', 'preferences.yaml').includes('send_all_invoices:'));
    });

    test('a used key opens nothing, and a daemon that went away is told of', async () => {
        const late = await visitor(browser);
        await late.goto(address);
        await late.getByRole('alert').getByText('Enter').waitFor();
        assert.equal(await late.getByRole('row').count(), 0);
        office.daemon.kill('SIGTERM');
        await page.getByRole('alert').getByText('samsynkd').waitFor();
        await office.startDaemon('first_contact: hold, push: false');
        await page.getByRole('alert').getByText('samsynkd').waitFor({state: 'hidden', timeout: 60000});
    });
});
