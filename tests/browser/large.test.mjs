// Ten thousand companies: the page opens in under a second, and a search follows what is typed without a pause.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {launch, visitor} from './browser.mjs';
import {Office} from './stage.mjs';

const COUNT = 10000;
const office = new Office();
let browser, page;

describe('ten thousand companies', () => {
    before(async () => {
        office.sandbox('bulk', String(COUNT));
        for (const line of office.sandbox('show').trim().split('\n')) {
            const {company, name} = JSON.parse(line), folder = path.join(office.books, 'B' + company);
            fs.mkdirSync(folder);
            fs.writeFileSync(path.join(folder, 'bok.se'), `#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#ORGNR ${company}\r\n#FNAMN "${name}"\r\n`);
        }
        await office.startOnline();
        await office.startDaemon('push: false');
        browser = await launch(office);
        page = await visitor(browser);
        await page.goto(await office.openLocal());
        await page.getByText(`${COUNT} av ${COUNT} företag`).waitFor();
    }, {timeout: 300000});

    after(async () => {
        await browser?.close();
        await office.end();
    });

    const least = times => Math.min(...times);

    // Others may be at work on this machine: the least of some tries is what the page itself takes.
    test('opens in under a second', async () => {
        const times = [];
        for (let i = 0; i < 5; i++) {
            await page.reload();
            await page.getByText(`${COUNT} av ${COUNT} företag`).waitFor();
            times.push(await page.evaluate(() => performance.getEntriesByName('shown')[0].startTime));
        }
        console.log(`10,000 companies are shown after ${times.map(Math.round)} ms`);
        assert.ok(least(times) < 1000, String(times));
    });

    test('filters without a pause', async () => {
        const times = await page.evaluate(() => {
            const field = document.getElementById('search'), all = [];
            for (let round = 0; round < 3; round++)
                for (const text of ['b', 'bo', 'bolag 9', 'bolag 99', '559000', 'x', '']) {
                    const began = performance.now();
                    field.value = text;
                    field.dispatchEvent(new Event('input'));
                    document.body.getBoundingClientRect(); // laid out
                    all[text] = Math.min(all[text] ?? Infinity, performance.now() - began);
                }
            return Object.entries(all);
        });
        console.log(`a keystroke takes ${times.map(([text, time]) => `“${text}” ${Math.round(time)}`).join(', ')} ms`);
        for (const [text, time] of times) assert.ok(time < 50, `“${text}”: ${time} ms`);
        await page.getByLabel('Sök företag').fill('bolag 9999');
        await page.getByText(`1 av ${COUNT} företag`).waitFor();
    });

    test('the office’s list of customers opens and searches as fast', async () => {
        await page.goto(office.site + '/logga-in');
        await page.getByLabel('E-post').fill(office.email);
        await page.getByLabel('Lösenord').fill(office.password);
        await page.getByRole('button', {name: 'Logga in'}).click();
        const times = [];
        for (let i = 0; i < 5; i++) {
            await page.goto(office.site + '/byra/kunder');
            await page.getByText(`${COUNT} kunder`).waitFor();
            times.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd));
        }
        assert.ok(least(times) < 1000, String(times));
        await page.getByLabel('Sök kund').fill('Bolag 9999');
        await page.getByText('1 kund', {exact: true}).waitFor();
    });
});
