// Chromium, and what must hold of every page that is looked at: no errors in its console, nothing that axe finds serious, no
// scrolling sideways on a small screen.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SWITCHES = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A Chromium with a home of its own, in which the office's certificate authority is imported. */
export async function launch(office) {
    const home = path.join(office.folder, 'home'), store = path.join(home, '.pki/nssdb');
    fs.mkdirSync(store, {recursive: true});
    execFileSync('certutil', ['-d', 'sql:' + store, '-N', '--empty-password']);
    execFileSync('certutil', ['-d', 'sql:' + store, '-A', '-t', 'C,,', '-n', 'sandbox', '-i', path.join(office.online, 'ca.pem')]);
    return chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: SWITCHES, env: {...process.env, HOME: home}});
}

/** Someone with a browser of their own: cookies, language, a page. What its console complains of is kept in `complaints`. */
export async function visitor(browser, options = {}) {
    const context = await browser.newContext({locale: 'sv-SE', viewport: {width: 1280, height: 900}, ...options});
    context.setDefaultTimeout(20000);
    const page = await context.newPage();
    page.complaints = [];
    // A refused form is an answer with its own status, which Chromium also tells of.
    page.on('console', message => {
        if (message.type() === 'error' && !/the server responded with a status of (4\d\d)/.test(message.text())) page.complaints.push(message.text());
    });
    page.on('pageerror', error => page.complaints.push(String(error)));
    return page;
}

/** Looks at the page as someone with a keyboard, a reader of screens or a telephone would. */
export async function usable(page, name) {
    await page.evaluate(AXE);
    const {violations} = await page.evaluate(() => globalThis.axe.run());
    const serious = violations.filter(one => one.impact === 'serious' || one.impact === 'critical');
    assert.deepEqual(serious.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ').slice(0, 300)}`), [], name);
    const before = page.viewportSize();
    await page.setViewportSize({width: 360, height: 740});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.setViewportSize(before);
    assert.ok(wide <= 360, `${name} is ${wide} pixels wide on a screen of 360`);
    assert.deepEqual(page.complaints, [], name);
}

/** Pictures for the documents: only where SAMSYNK_SCREENSHOTS names a folder. */
export async function picture(page, name) {
    const folder = process.env.SAMSYNK_SCREENSHOTS;
    if (!folder) return;
    fs.mkdirSync(folder, {recursive: true});
    await page.screenshot({path: path.join(folder, name + '.png'), animations: 'disabled'});
}
