// Each of the three situations, from the office's first click to the local books and back.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, picture, usable, visitor} from './browser.mjs';
import {activate, chooseOnline, comeByLink, fillActivation, goToActivate, invoicing, signIn} from './people.mjs';
import {Office, waitFor} from './stage.mjs';

const LINDQVIST = '5560160680', EKSTROM = '5560360793', BJORKO = '5560427220';
const office = new Office();
let browser, byra, local;

describe('the three situations', () => {
    before(async () => {
        office.sandbox('company', 'add', LINDQVIST, 'Lindqvist Bygg AB', '--administrator-name', 'Lisa Lindqvist', '--administrator-email', 'lisa@example.se');
        office.sandbox('company', 'add', EKSTROM, 'Ekströms Måleri AB', '--online', 'spiris', '--administrator-name', 'Eva Ekström', '--administrator-email', 'eva@example.se');
        office.sandbox('company', 'add', BJORKO, 'Björkö Fisk AB', '--online', 'none');
        for (const [place, number, name] of [['Lindqvist', LINDQVIST, 'Lindqvist Bygg AB'], ['Ekstrom', EKSTROM, 'Ekströms Måleri AB'], ['Bjorko', BJORKO, 'Björkö Fisk AB']])
            office.lay(place, number, name);
        await office.startOnline();
        await office.startDaemon();
        browser = await launch(office);
        byra = await visitor(browser);
        await signIn(byra, office);
        local = await visitor(browser);
        await local.goto(await office.openLocal());
        await local.getByRole('heading', {name: 'Företag'}).waitFor();
    });

    after(async () => {
        await browser?.close();
        await office.end();
    });

    /** What the customer chooses online is in the local books, and what is chosen there is online. */
    async function bothWays(customer, number, place) {
        await waitFor(() => office.file(place, 'collaboration.yaml').includes('state: active'));
        await chooseOnline(customer, office, number, 'Ta emot e-faktura', 'Ja');
        await waitFor(() => office.file(place, 'preferences.yaml').includes('receive_invoices: true'));
        await local.goto(local.url().replace(/#.*/, '#/company/' + number));
        await local.getByRole('heading', {name: office.record(number).name}).waitFor();
        await local.getByRole('group', {name: 'Skicka alla fakturor'}).getByLabel('Ja').check();
        await local.getByRole('button', {name: 'Spara'}).click();
        await local.getByText('Sparat.').waitFor();
        await waitFor(() => office.record(number).preferences.send_all_invoices === true);
        await customer.goto(invoicing(office, number));
        assert.ok(await customer.getByRole('group', {name: 'Skicka alla fakturor'}).getByLabel('Ja').isChecked());
    }

    test('a customer that has the function is asked to approve', async () => {
        await goToActivate(byra, office, 'Lindqvist Bygg AB');
        await byra.getByText('Kunden har redan funktionen.').waitFor();
        assert.equal(await byra.getByRole('group', {name: 'Obligatoriska kontaktuppgifter'}).count(), 0);
        await usable(byra, 'activate');
        await fillActivation(byra, {payee: 'Byrån'});
        await byra.getByRole('button', {name: 'Aktivera'}).click();
        await byra.getByText('ett mejl har gått ut till Lindqvist Bygg AB').waitFor();
        await waitFor(() => office.file('Lindqvist', 'collaboration.yaml').includes('awaiting: approval'));

        const letter = await office.letter('lisa@example.se', 'Godkänn samarbetet');
        assert.equal(letter.language, 'sv');
        const customer = await visitor(browser);
        await comeByLink(customer, office.linkIn(letter));
        await usable(customer, 'approve');
        await customer.getByRole('button', {name: 'Godkänn'}).click();
        await customer.getByText('Nu kan ni börja.').waitFor();
        await picture(customer, 'spiris');
        await office.letter(office.email, 'har godkänt samarbetet');
        await bothWays(customer, LINDQVIST, 'Lindqvist');
        assert.match(office.file('Lindqvist', 'collaboration.yaml'), /payee: office/);
        await picture(customer, 'bokforing');
        await picture(local, 'foretagsinstallningar');
    });

    test('one that is on Spiris without the function gets both', async () => {
        await activate(byra, office, 'Ekströms Måleri AB', {recipient: 'Kunden'});
        await byra.getByText('Du har aktiverat både samarbetet och funktionen').waitFor();
        assert.equal(office.record(EKSTROM).function, 'active');
        const letter = await office.letter('eva@example.se', 'har aktiverat Digitala fakturor & dokument');
        const customer = await visitor(browser);
        await comeByLink(customer, office.linkIn(letter));
        await customer.getByRole('button', {name: 'Godkänn'}).click();
        await customer.getByText('Nu kan ni börja.').waitFor();
        await bothWays(customer, EKSTROM, 'Ekstrom');
        assert.match(office.file('Ekstrom', 'collaboration.yaml'), /invoice_recipient: customer/);
    });

    test('one that is not on Spiris gets an administrator, who accepts the terms', async () => {
        await goToActivate(byra, office, 'Björkö Fisk AB');
        const contact = byra.getByRole('group', {name: 'Obligatoriska kontaktuppgifter'});
        await contact.getByText('Säkerställ att uppgifterna är korrekta.').waitFor();
        await picture(byra, 'aktivera');
        await fillActivation(byra, {contact: {name: 'Bo Ek', email: 'bo@example.se'}});
        await byra.getByRole('group', {name: 'Språk i mejlen till kunden'}).getByLabel('Engelska').check();
        await byra.getByRole('button', {name: 'Aktivera'}).click();
        await byra.getByText('kundens administratör på Spiris är skapad').waitFor();
        await byra.getByText('bo@example.se').first().waitFor();
        await waitFor(() => office.file('Bjorko', 'collaboration.yaml').includes('awaiting: terms'));

        const letter = await office.letter('bo@example.se', '');
        assert.equal(letter.language, 'en');
        assert.match(letter.text, /terms/);
        const customer = await visitor(browser);
        await customer.goto(office.linkIn(letter));
        await usable(customer, 'invitation');
        await comeByLink(customer, office.linkIn(letter));
        await usable(customer, 'terms');
        await customer.getByRole('button', {name: 'Godkänn villkoren'}).click();
        await customer.getByRole('alert').getByText('Kryssa i').waitFor();
        assert.equal(office.record(BJORKO).collaboration.state, 'invited');
        await customer.getByLabel('Jag godkänner villkoren för tjänsten').check();
        await customer.getByRole('button', {name: 'Godkänn villkoren'}).click();
        await customer.getByText('Nu kan ni börja samarbetet.').waitFor();
        await bothWays(customer, BJORKO, 'Bjorko');
    });

    test('every page that was met can be used by all', async () => {
        for (const address of ['/', '/byra/kunder', '/byra/kunder/ny', `/byra/kunder/${LINDQVIST}`, `/byra/kunder/${LINDQVIST}/uppdrag`, `/byra/kunder/${LINDQVIST}/samarbeten`,
            `/byra/kunder/${LINDQVIST}/samarbeten/digitala-fakturor`, '/device', '/nix']) {
            await byra.goto(office.site + address);
            await byra.getByText('Det här är en sandlåda').waitFor();
            await usable(byra, address);
        }
        await byra.goto(office.site + '/byra/kunder');
        await picture(byra, 'byrastod');
        await byra.getByRole('button', {name: 'English'}).click();
        await byra.getByText('This is a sandbox').waitFor();
        await byra.getByRole('heading', {name: 'Customers'}).waitFor();
        await usable(byra, 'in English');
    });
});
