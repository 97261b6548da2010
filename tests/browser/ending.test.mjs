// A collaboration ends: by the office and by the customer, now and on a date; the local program is told.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, usable, visitor} from './browser.mjs';
import {comeByLink, signIn} from './people.mjs';
import {Office, waitFor} from './stage.mjs';

const LINDQVIST = '5560160680', EKSTROM = '5560360793';
const office = new Office();
let browser, byra, customer;

describe('a collaboration ends', () => {
    before(async () => {
        for (const [number, name, place, email] of [[LINDQVIST, 'Lindqvist Bygg AB', 'Lindqvist', 'lisa@example.se'], [EKSTROM, 'Ekströms Måleri AB', 'Ekstrom', 'lisa@example.se']]) {
            office.sandbox('company', 'add', number, name, '--administrator-name', 'Lisa', '--administrator-email', email);
            office.sandbox('activate', number);
            office.sandbox('prefs', number, '--receive-invoices', 'yes');
            office.lay(place, number, name);
        }
        await office.startOnline();
        const letter = await office.letter('lisa@example.se', 'Lindqvist');
        browser = await launch(office);
        customer = await visitor(browser);
        await comeByLink(customer, office.linkIn(letter));
        for (const number of [LINDQVIST, EKSTROM]) {
            await customer.goto(`${office.site}/spiris/${number}`);
            await customer.getByRole('button', {name: 'Godkänn'}).click();
            await customer.getByText('Nu kan ni börja.').waitFor();
        }
        await office.startDaemon();
        byra = await visitor(browser);
        await signIn(byra, office);
    });

    after(async () => {
        await browser?.close();
        await office.end();
    });

    test('by the office, at once, and the choices stay', async () => {
        await waitFor(() => office.file('Lindqvist', 'preferences.yaml').includes('receive_invoices: true'));
        await byra.goto(`${office.site}/byra/kunder/${LINDQVIST}/samarbeten/digitala-fakturor`);
        await byra.getByRole('button', {name: 'Avsluta nu'}).click();
        await byra.getByText('Samarbetet är avslutat.').waitFor();
        await waitFor(() => office.file('Lindqvist', 'collaboration.yaml').includes('state: ended'));
        assert.match(office.file('Lindqvist', 'preferences.yaml'), /receive_invoices: true/);
        assert.equal(office.record(LINDQVIST).preferences.receive_invoices, true);
        await office.letter('lisa@example.se', 'är avslutat');
        await byra.getByRole('link', {name: 'Aktivera'}).waitFor(); // it can begin anew
        await usable(byra, 'ended');
    });

    test('by the customer, on a date that can be moved', async () => {
        await customer.goto(`${office.site}/spiris/${EKSTROM}`);
        await customer.getByRole('button', {name: 'Avsluta på datum'}).click();
        await customer.getByRole('alert').getByText('Välj en sista dag.').waitFor();
        for (const day of ['2099-12-31', '2099-06-30']) {
            await customer.getByLabel('Sista dag').fill(day);
            await customer.getByRole('button', {name: 'Avsluta på datum'}).click();
            await customer.getByText(`Samarbetet avslutas efter ${day}.`).waitFor();
            await waitFor(() => office.file('Ekstrom', 'collaboration.yaml').includes(day));
        }
        assert.match(office.file('Ekstrom', 'collaboration.yaml'), /state: ending/);
        await office.letter(office.email, '2099-06-30');
        await usable(customer, 'ending');
    });
});
