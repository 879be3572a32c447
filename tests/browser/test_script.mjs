// SPDX-License-Identifier: Apache-2.0
// script: the three comforts of the small script, each in a real browser. Every other test of this folder also runs without it.
import assert from 'node:assert/strict';
import { inside, node, press, test, world } from './kit.mjs';

const HOUSE = 'shelter.peshawar';
const LATER_MS = 21_000; // above script.js EVERY_MS
const home = (page) => page.goto(`${node(HOUSE).origin}/`);
const locked = (page) => page.locator('#locked').waitFor();

test('what changes by itself is read again, and a desk that was locked meanwhile shows the lock page without a click', async () => {
    await inside(HOUSE, {}, async (page) => {
        await page.clock.install();
        await home(page);
        await page.locator('#line').evaluate((line) => { line.innerHTML = 'old'; });
        const answered = page.waitForResponse((response) => response.url().endsWith('/live'));
        await page.clock.fastForward(LATER_MS);
        await answered;
        await page.waitForFunction(() => document.getElementById('line').innerText !== 'old');
        world.ask(node(HOUSE), 'lock');
        await page.clock.fastForward(LATER_MS);
        await locked(page);
        world.unlock(node(HOUSE));
    });
});

test('a page whose program is away says that what stands there may be old, and takes it back', async () => {
    await inside(HOUSE, {}, async (page) => {
        await page.clock.install();
        await home(page);
        assert.equal(await page.locator('#gone').isVisible(), false);
        await page.route('**/live', (route) => route.abort());
        for (let i = 0; i < 2; i++) {
            const failed = page.waitForEvent('requestfailed');
            await page.clock.fastForward(LATER_MS);
            await failed;
        }
        await page.locator('#gone').waitFor({ state: 'visible' });
        await page.unroute('**/live');
        await page.clock.fastForward(LATER_MS);
        await page.locator('#gone').waitFor({ state: 'hidden' });
    });
});

test('Escape, twice, hides the screen; once does nothing', async () => {
    await inside(HOUSE, {}, async (page) => {
        await home(page);
        await page.keyboard.press('Escape');
        await page.waitForFunction(() => performance.now() > 0);
        assert.equal(await page.locator('#locked').count(), 0);
        await page.keyboard.press('Escape');
        await locked(page);
    });
});

test('what is locked in one window is gone from the others without a click', async () => {
    await inside(HOUSE, {}, async (page, context) => {
        const other = await context.newPage();
        await other.goto(`${node(HOUSE).origin}/inbox`);
        await home(page);
        await press(page, page.locator('form[action="/do/lock"] button'));
        await locked(other);
        world.unlock(node(HOUSE));
    });
});

test('a form in which something was written asks before it is left, and one that was sent does not', async () => {
    await inside(HOUSE, {}, async (page) => {
        await page.goto(`${node(HOUSE).origin}/people`);
        let asked = 0;
        page.on('dialog', (dialog) => {
            asked += 1;
            return dialog.accept();
        });
        await page.goto(`${node(HOUSE).origin}/inbox`);
        assert.equal(asked, 0, 'nothing was written');
        await page.goto(`${node(HOUSE).origin}/people`);
        await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
        await page.locator('main form input[type="text"], main form input[name="person"], main form input[type="password"]').first().pressSequentially('Zarwina');
        await page.goto(`${node(HOUSE).origin}/inbox`);
        assert.equal(asked, 1, 'something was written');
    });
});
