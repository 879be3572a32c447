// SPDX-License-Identifier: Apache-2.0
// launch: how a person gets in, and who does not. The address that `amaan open` gives is good once.
import assert from 'node:assert/strict';
import { enter, node, person, press, test, world, browser, inside } from './kit.mjs';

const HOUSE = 'shelter.peshawar';

test('the address that was printed opens the page, after one press of a button', async () => {
    await inside(HOUSE, {}, async (page) => {
        assert.equal(new URL(page.url()).pathname, '/');
        assert.ok(await page.locator('main a[href^="/referral/"]').count() > 0, 'what waits for the shelter is there');
    });
});

test('to look at a launch address uses nothing up; to press its button twice does not let anybody in twice', async () => {
    const context = await person(browser), other = await person(browser);
    try {
        const address = world.address(node(HOUSE));
        const first = await context.newPage(), second = await other.newPage();
        await first.goto(address);
        await second.goto(address);
        await press(first, first.locator('form button').first());
        assert.equal(new URL(first.url()).pathname, '/');
        await press(second, second.locator('form button').first());
        assert.equal((await second.goto(node(HOUSE).origin + '/')).status(), 403);
    } finally {
        await context.close();
        await other.close();
    }
});

test('the cookie is for this origin only, no script reads it, and it goes with the browser', async () => {
    await inside(HOUSE, {}, async (page, context) => {
        const cookies = await context.cookies();
        assert.equal(cookies.length, 1);
        const [cookie] = cookies;
        assert.equal(cookie.httpOnly, true);
        assert.equal(cookie.sameSite, 'Strict');
        assert.equal(cookie.expires, -1);
        assert.match(cookie.name, new RegExp(`^amaan-${node(HOUSE).port}-`));
        assert.equal(await page.evaluate(() => document.cookie), '');
    });
});

test('the pages of two organisations in one browser do not disturb each other', async () => {
    await inside(HOUSE, {}, async (page, context) => {
        const here = await page.locator('main').innerText();
        const other = await enter(context, world, node('clinic.rawalpindi'));
        assert.notEqual(await other.locator('main').innerText(), here);
        assert.equal((await context.cookies()).length, 2);
        await page.reload();
        assert.equal(await page.locator('main').innerText(), here);
    });
});

test('without the cookie there is one sentence on how to get in, and no name of anybody', async () => {
    const context = await person(browser);
    try {
        const page = await context.newPage();
        for (const path of ['/', '/inbox', '/nothing-here']) {
            const answer = await page.goto(node(HOUSE).origin + path);
            assert.equal(answer.status(), 403);
            const text = await page.locator('body').innerText();
            assert.match(text, /amaan open/);
            assert.doesNotMatch(text, /peshawar|torkham/);
        }
    } finally {
        await context.close();
    }
});
