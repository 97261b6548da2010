// Two books of one company on the local page, and a company that tells no number: each is opened as itself.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {launch, usable, visitor} from './browser.mjs';
import {Office, waitFor} from './stage.mjs';

const OVE = '7505052261', FARM = 'Ove Lantbruk', SHOP = 'Ove & co, 100% på nätet', NAMELESS = 'Åsa #1?', LINDQVIST = '5560160680';
const COMPANIES = `companies: {'${OVE}': {leads: 'main:${FARM}', follow: ['main:${SHOP}']}, '${LINDQVIST}': main:Lindqvist}\n`;
const office = new Office();
let browser, page, home;

const chosen = (place, line) => office.file(place, 'preferences.yaml').includes(line);
const facts = name => page.locator('dt', {hasText: new RegExp(`^${name}$`)}).locator('xpath=following-sibling::dd[1]');
const goHome = async () => { await page.goto(home); await page.getByRole('heading', {name: 'Företag', exact: true}).waitFor(); };

describe('a place that follows another one', () => {
    before(async () => {
        office.sandbox('company', 'add', OVE, 'Ove Persson');
        office.sandbox('activate', OVE);
        office.sandbox('approve', OVE);
        for (const place of [FARM, SHOP]) office.lay(place, OVE, 'Ove Persson');
        office.sandbox('company', 'add', LINDQVIST, 'Lindqvist Bygg AB');
        for (const place of ['Lindqvist', 'Kopia']) office.lay(place, LINDQVIST, 'Lindqvist Bygg AB');
        office.choose(FARM, 'receive_invoices: true\n');
        fs.mkdirSync(path.join(office.books, NAMELESS));
        fs.writeFileSync(path.join(office.books, NAMELESS, 'bok.se'), '#FLAGGA 0\r\n#SIETYP 4\r\n#FNAMN "Vavstugan"\r\n');
        await office.startOnline();
        await office.startDaemon('push: false', COMPANIES);
        browser = await launch(office);
        page = await visitor(browser);
        await page.goto(await office.openLocal());
        await page.getByText('5 av 5 företag').waitFor();
        home = page.url();
    });

    after(async () => {
        await browser?.close();
        await office.end();
    });

    test('the list says what follows what, and each row opens its own place', async () => {
        await page.getByText(`följer main:${FARM}`).waitFor();
        await usable(page, 'companies');
        const follower = page.getByRole('row', {name: new RegExp('följer main:')});
        await follower.getByRole('link', {name: 'Ove Persson'}).click();
        await page.getByText(`Den här platsen följer main:${FARM}.`).waitFor();
        assert.equal(await facts('Plats').textContent(), `main: ${SHOP}`);
        await goHome();
        await page.getByRole('row', {name: /Ove Persson/}).filter({hasNotText: 'följer'}).getByRole('link').click();
        await page.getByRole('button', {name: 'Spara'}).waitFor();
        assert.equal(await facts('Plats').textContent(), `main: ${FARM}`);
        assert.ok(page.url().endsWith('#/company/' + OVE));
        await facts('Följs av').getByText(`main:${SHOP}`).click();
        await page.getByText(`Den här platsen följer main:${FARM}.`).waitFor();
    });

    test('nothing can be chosen in a follower, and it says where', async () => {
        await usable(page, 'follower');
        assert.equal(await page.getByRole('radio').count(), 4);
        assert.equal(await page.getByRole('radio', {disabled: true}).count(), 4);
        assert.ok(await page.getByRole('group', {name: 'Ta emot fakturor'}).getByLabel('Ja').isChecked());
        assert.equal(await page.getByRole('button', {name: 'Spara'}).count(), 0);
        assert.equal(await page.getByRole('button', {name: 'Släpp anspråket'}).count(), 0);
        await page.getByText('Varför det är som det är').click();
        await page.getByText('Båda sidor är lika.').first().waitFor();
        await page.getByText('Vad som har ändrats').click();
        await page.getByRole('listitem').filter({hasText: 'ta emot fakturor: ej valt → ja (hämtat från onlinetjänsten)'}).waitFor();
        assert.equal(await page.getByText('skickat till onlinetjänsten').count(), 0, 'that was the leading place');
        await page.getByRole('link', {name: `main:${FARM}`}).first().click();
        await page.getByRole('button', {name: 'Spara'}).waitFor();
    });

    test('a choice where it leads comes to both, and the view still says what follows', async () => {
        await page.getByRole('group', {name: 'Skicka alla fakturor'}).getByLabel('Ja').check();
        await page.getByRole('button', {name: 'Spara'}).click();
        await page.getByText('Sparat.').waitFor();
        await facts('Följs av').getByText(`main:${SHOP}`).waitFor();
        await waitFor(() => chosen(SHOP, 'send_all_invoices: true') && office.record(OVE).preferences.send_all_invoices === true);
    });

    test('a held choice of the follower names it, and both answers say what they do', async () => {
        const hold = async () => {
            office.choose(SHOP, 'receive_invoices: false\nsend_all_invoices: true\n');
            await goHome();
            await page.getByRole('button', {name: 'Synkronisera', exact: true}).click();
            await page.getByRole('link', {name: 'Kräver beslut (1)'}).click();
            await page.getByRole('heading', {name: 'ett val har gjorts i en plats som följer en annan'}).waitFor();
        };
        await hold();
        await usable(page, 'held');
        await page.getByRole('link', {name: 'Ove Persson'}).click();
        await page.getByText(`Den här platsen följer main:${FARM}.`).waitFor();
        await page.getByRole('group', {name: 'Ta emot fakturor'}).getByText('Det skiljer sig från valet i platsen som leder').waitFor();
        await page.getByText('ett annat val gjordes i').waitFor();
        await page.getByText('Varför det är som det är').click();
        await page.locator('details').getByText('Det skiljer sig från valet i platsen som leder').waitFor();
        await page.goBack();
        await page.getByRole('button', {name: 'Återställ platsen'}).click();
        await page.getByRole('dialog').getByRole('button', {name: 'Ja'}).click();
        await page.getByText('Inget väntar på beslut.').waitFor();
        await waitFor(() => chosen(SHOP, 'receive_invoices: true'));
        assert.equal(office.record(OVE).preferences.receive_invoices, true);
        await hold();
        await page.getByRole('button', {name: 'Välj så för företaget'}).click();
        await page.getByRole('dialog').getByRole('button', {name: 'Ja'}).click();
        await page.getByText('Inget väntar på beslut.').waitFor();
        await waitFor(() => chosen(FARM, 'receive_invoices: false') && office.record(OVE).preferences.receive_invoices === false);
    });

    test('a copy that does not count is opened as itself, and leads to the one that does', async () => {
        await goHome();
        await page.getByRole('row', {name: /Lindqvist Bygg AB/}).filter({hasText: 'undantag'}).getByRole('link').click();
        await page.getByText('Samsynk låter den här platsen vara').waitFor();
        assert.equal(await facts('Plats').textContent(), 'main: Kopia');
        assert.equal(await page.getByRole('radio', {disabled: true}).count(), 4);
        await page.getByRole('link', {name: 'main:Lindqvist'}).click();
        await page.getByRole('button', {name: 'Spara'}).waitFor();
        assert.equal(await facts('Plats').textContent(), 'main: Lindqvist');
    });

    test('a company that tells no number is opened, and says what is missing', async () => {
        await goHome();
        await page.getByRole('link', {name: 'Vavstugan'}).click();
        await page.getByText('Här går det inte att välja något').waitFor();
        await page.getByText('saknar organisationsnummer').waitFor();
        assert.equal(await facts('Plats').textContent(), `main: ${NAMELESS}`);
        assert.equal(await page.getByRole('radio', {disabled: true}).count(), 4);
        await usable(page, 'nameless');
        await page.getByText('Varför det är som det är').click();
        await page.getByText('bok.se').first().waitFor();
        await page.getByRole('button', {name: 'Synkronisera', exact: true}).click();
        await page.getByText(/^1 företag: /).first().waitFor();
        await page.reload();
        await page.getByText('Här går det inte att välja något').waitFor();
    });
});
