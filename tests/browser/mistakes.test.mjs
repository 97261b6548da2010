// What people do wrong: a clear sentence, and nothing half done.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {launch, usable, visitor} from './browser.mjs';
import {comeByLink, fillActivation, goToActivate, signIn} from './people.mjs';
import {Office} from './stage.mjs';

const LINDQVIST = '5560160680', BJORKO = '5560427220', NEW = '5560747569';
const office = new Office();
let browser, byra;

describe('what people do wrong', () => {
    before(async () => {
        office.sandbox('company', 'add', LINDQVIST, 'Lindqvist Bygg AB', '--administrator-name', 'Lisa', '--administrator-email', 'lisa@example.se');
        office.sandbox('company', 'add', BJORKO, 'Björkö Fisk AB', '--online', 'none');
        await office.startOnline();
        browser = await launch(office);
        byra = await visitor(browser);
        await signIn(byra, office);
    });

    after(async () => {
        await browser?.close();
        await office.end();
    });

    test('a bad number, a known one, and a customer without an assignment', async () => {
        const add = async (number, name) => {
            await byra.goto(office.site + '/byra/kunder/ny');
            await byra.getByLabel('Organisationsnummer').fill(number);
            await byra.getByLabel('Företagets namn').fill(name);
            await byra.getByRole('button', {name: 'Lägg till kunden'}).click();
        };
        await add('556060-2345', 'Fel AB');
        await byra.getByRole('alert').getByText('kontrollsiffra').waitFor();
        assert.equal(await byra.getByLabel('Företagets namn').inputValue(), 'Fel AB');
        await usable(byra, 'a form with a complaint');
        await add('555555-5555', 'Fel AB');
        await byra.getByRole('alert').getByText('platshållar').waitFor();
        await add('556016-0680', 'Lindqvist en gång till');
        await byra.getByRole('alert').getByText('är redan kund').waitFor();
        await add(NEW, 'Åkeriet AB');
        await byra.getByText('Åkeriet AB är tillagd.').waitFor();
        await goToActivate(byra, office, 'Åkeriet AB');
        await byra.getByText('Kunden har inget uppdrag hos er.').waitFor();
        await byra.getByRole('link', {name: 'Lägg upp ett uppdrag'}).click();
        await byra.getByLabel('Nytt uppdrag').fill('Bokslut');
        await byra.getByRole('button', {name: 'Lägg till uppdraget'}).click();
        await byra.getByText('Uppdraget Bokslut är tillagt.').waitFor();
    });

    test('missing contact details', async () => {
        await goToActivate(byra, office, 'Björkö Fisk AB');
        await fillActivation(byra, {contact: {name: 'Bo Ek', email: 'bo@example'}});
        await byra.getByRole('button', {name: 'Aktivera'}).click();
        await byra.getByRole('alert').getByText('kan inte stämma').waitFor();
        assert.equal(await byra.getByLabel('Kontaktens namn').inputValue(), 'Bo Ek');
        assert.equal(office.record(BJORKO).collaboration, null);
        assert.deepEqual(office.letters(), []);
    });

    test('a double click, the back button, an old tab', async () => {
        await goToActivate(byra, office, 'Lindqvist Bygg AB');
        await fillActivation(byra);
        await byra.getByRole('button', {name: 'Aktivera'}).dblclick();
        await byra.getByRole('button', {name: 'Påminn'}).waitFor();
        await office.letter('lisa@example.se', 'Godkänn');
        assert.equal(office.sandbox('letters', LINDQVIST).trim().split('\n').length, 1, 'one letter for two clicks, also of those on their way');
        const id = office.record(LINDQVIST).collaboration.id;
        await byra.goBack(); // to the form, which leads on to how it is now
        await byra.getByText('Samarbetet är redan aktiverat.').waitFor();
        await byra.getByRole('button', {name: 'Påminn'}).waitFor();
        assert.equal(office.record(LINDQVIST).collaboration.id, id);

        const customer = await visitor(browser), link = office.linkIn(office.letters()[0]);
        await comeByLink(customer, link);
        const old = await customer.context().newPage();
        await old.goto(`${office.site}/spiris/${LINDQVIST}`);
        await customer.getByRole('button', {name: 'Godkänn'}).click();
        await customer.getByText('Nu kan ni börja.').waitFor();
        await old.getByRole('button', {name: 'Tacka nej'}).click();
        await old.getByRole('alert').getByText('ändrades efter att du öppnade sidan').waitFor();
        assert.equal(office.record(LINDQVIST).collaboration.state, 'active');
        // The office's page was made before the customer answered.
        await byra.getByRole('button', {name: 'Ta tillbaka inbjudan'}).click();
        await byra.getByRole('alert').getByText('ändrades efter att du öppnade sidan').waitFor();

        const stranger = await visitor(browser);
        await stranger.goto(link);
        await stranger.getByText('Inbjudan är redan besvarad').waitFor();
        await usable(stranger, 'a used link');
        await stranger.goto(office.site + '/spiris/inbjudan/abc');
        await stranger.getByText('Länken känns inte igen.').waitFor();
    });

    test('a form from another site, and guessed passwords', async () => {
        const evil = await visitor(browser);
        await signIn(evil, office);
        await evil.goto('about:blank');
        await evil.setContent(`<form method="post" action="${office.site}/byra/kunder/${LINDQVIST}/samarbeten/digitala-fakturor"><input name="step" value="end_now"><button>Vinn</button></form>`);
        await evil.getByRole('button', {name: 'Vinn'}).click();
        await evil.waitForURL(office.site + '/**');
        assert.equal(office.record(LINDQVIST).collaboration.state, 'active');
        const guesser = await visitor(browser);
        await guesser.goto(office.site + '/logga-in');
        for (let i = 0; i < 6; i++) {
            await guesser.getByLabel('E-post').fill(office.email);
            await guesser.getByLabel('Lösenord').fill('gissning ' + i);
            await guesser.getByRole('button', {name: 'Logga in'}).click();
            await guesser.getByRole('alert').waitFor();
        }
        await guesser.getByRole('alert').getByText('För många försök.').waitFor();
    });
});
