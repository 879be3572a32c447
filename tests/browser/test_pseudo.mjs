// SPDX-License-Identifier: Apache-2.0
// pseudo: every page with texts that are 40 % longer and run from the right, as no language of ours does yet: nothing leaves the
// window and nothing is cut off. The pages are those of tests/unit/pages, which test_page writes (PAGE_PSEUDO): no node speaks it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WIDTHS } from './browser.mjs';
import { overflow } from './facts.mjs';
import { browser, buildFolder, long, person } from './kit.mjs';

const TYPES = { css: 'text/css', js: 'text/javascript', woff2: 'font/woff2', html: 'text/html; charset=utf-8' };

// What is wider or higher than the box that it is cut off by.
const cut = (page) => page.evaluate(() => [...document.querySelectorAll('body *:not(option, optgroup, script, svg *)')].filter((one) => {
    const style = getComputedStyle(one);
    const isCutting = one.localName === 'button' || [style.overflowX, style.overflowY].some((how) => ['hidden', 'clip', 'scroll', 'auto'].includes(how));
    if (!isCutting || one.matches('textarea, input, select, .stack thead') || style.clipPath !== 'none' || !one.checkVisibility()) return false;
    return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
}).map((one) => `cut off: <${one.localName} class="${one.className}"> "${one.textContent.trim().slice(0, 50)}"`));

// A picture is drawn as wide as its numbers need; a label of it may not be wider than it is.
const labels = (page) => page.evaluate(() => [...document.querySelectorAll('svg text')].filter((one) => {
    const box = one.getBoundingClientRect(), whole = one.ownerSVGElement.getBoundingClientRect();
    return box.left < whole.left - 2 || box.right > whole.right + 2;
}).map((one) => `leaves its picture: "${one.textContent.slice(0, 50)}"`));

long('with texts that are 40 % longer and run from the right nothing leaves the window and nothing is cut off', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'amaan-pseudo-'));
    try {
        const wrote = spawnSync(path.join(buildFolder(), 'tests/unit/test_page'), { env: { ...process.env, PAGES_WRITE: folder }, encoding: 'utf8' });
        assert.equal(wrote.status, 0, wrote.stdout + wrote.stderr);
        const pages = readdirSync(folder).filter((name) => name.endsWith('.pseudo.html') && !name.startsWith('live.'));
        assert.ok(pages.length > 20, `only ${pages.length} pages`);
        const found = [], made = path.join(buildFolder(), 'nodes/web/page');
        for (const width of WIDTHS) {
            const context = await person(browser, { width });
            await context.route('**/*', (route) => {
                const name = path.basename(new URL(route.request().url()).pathname), end = name.split('.').pop();
                const from = name === 'style.css' ? `${made}/style.made.css` : end === 'woff2' ? `${made}/${name}` : end === 'html' ? `${folder}/${name}` : '';
                return from ? route.fulfill({ body: readFileSync(from), contentType: TYPES[end] }) : route.fulfill({ status: 204, body: '' });
            });
            const page = await context.newPage();
            for (const name of pages) {
                await page.goto(`http://127.0.0.1/${name}`);
                await page.evaluate(() => document.fonts.ready.then(() => true));
                assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
                assert.match(await page.locator('h1').innerText(), /^\[.*~+.*\]/s, 'the texts are the longer ones');
                for (const open of [false, true]) {
                    if (open) await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
                    for (const look of [overflow, cut, labels]) for (const one of await look(page)) found.push(`${name} ${width}${open ? ' unfolded' : ''}: ${one}`);
                }
            }
            await context.close();
        }
        assert.equal(found.length, 0, `${found.length} findings:\n${[...new Set(found)].slice(0, 40).join('\n')}`);
    } finally {
        rmSync(folder, { recursive: true });
    }
});
