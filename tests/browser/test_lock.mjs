// SPDX-License-Identifier: Apache-2.0
// lock: when a desk is locked, hidden or left alone, nothing of the people whom it serves is to be had from the browser: not by the
// back button, not from its cache, not in another window, not by an old cookie.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { enter, inside, node, press, test, unlock, world } from './kit.mjs';

const HOUSE = 'shelter.peshawar';
// A referral that waits at the shelter, and words of it that nobody may read on a locked desk.
function waiting() {
    const { reference } = world.read(node(HOUSE), 'inbox').flatMap((one) => one.items ?? [one]).find((one) => one.state === 'opened');
    const [shown] = world.read(node(HOUSE), 'trace', reference);
    return { reference, words: [reference, shown.peer].filter(Boolean) };
}
const holds = (text, words) => words.filter((word) => text.includes(word));
// What a page holds, without the address that was asked for and that the lock page comes back to.
const reads = async (page) => ((await page.content().catch(() => '')) + (await page.title().catch(() => ''))).replaceAll(/\/referral\/[0-9A-Z]{9}/g, '');

for (const [what, press_it] of Object.entries({
    locked: (page) => press(page, page.locator('form[action="/do/lock"] button')),
    hidden: (page) => press(page, page.locator('form[action="/do/screen-lock"] button')),
    'locked by the command of this machine': async (page) => {
        world.ask(node(HOUSE), 'lock');
        await page.reload();
    },
})) {
    test(`a desk that was ${what} shows nothing of a referral by the back button, by its cache or in another window`, async () => {
        await inside(HOUSE, {}, async (page, context) => {
            const { reference, words } = waiting();
            const address = `${node(HOUSE).origin}/referral/${reference}`;
            const second = await context.newPage();
            for (const one of [page, second]) {
                await one.goto(address);
                assert.ok(holds(await reads(one), words).length > 0, 'the referral is shown to whoever may see it');
            }
            await page.goto(node(HOUSE).origin + '/inbox');
            await press_it(page);
            assert.deepEqual(holds(await reads(page), words), [], 'the page after it');
            for (const step of ['goBack', 'goBack', 'goForward']) {
                await page[step]({ waitUntil: 'load' }).catch(() => {});
                assert.deepEqual(holds(await reads(page), words), [], `${step} shows it: ${page.url()}`);
            }
            await page.goto(address);
            assert.deepEqual(holds(await reads(page), words), [], 'its own address shows it');
            for (const cache of ['only-if-cached', 'force-cache']) {
                const kept = await page.evaluate(([url, how]) => fetch(url, { cache: how, mode: 'same-origin' }).then((got) => got.text(), () => ''),
                    [`/referral/${reference}`, cache]);
                assert.deepEqual(holds(kept.replaceAll(`/referral/${reference}`, ''), words), [], `the cache has it (${cache})`);
            }
            await second.reload();
            assert.deepEqual(holds(await reads(second), words), [], 'the other window has it after a reload');
        });
    });
}

test('a form that was open when the desk was locked changes nothing, and says so', async () => {
    await inside(HOUSE, {}, async (page) => {
        const { reference } = waiting();
        await page.goto(`${node(HOUSE).origin}/referral/${reference}`);
        world.ask(node(HOUSE), 'lock');
        const button = page.locator('form[action="/do/accept"] button');
        await press(page, button);
        world.unlock(node(HOUSE));
        assert.equal(world.read(node(HOUSE), 'trace', reference)[0].state, 'opened');
    });
});

test('whoever unlocks sees the page that was asked for, and an old cookie opens nothing before', async () => {
    await inside(HOUSE, {}, async (page) => {
        const { origin } = node(HOUSE);
        await press(page, page.locator('form[action="/do/lock"] button'));
        assert.equal(await page.locator('form[action="/do/unlock"]').count(), 1);
        await page.goto(origin + '/inbox');
        await unlock(page, world);
        assert.equal(new URL(page.url()).pathname, '/inbox');
        assert.ok(await page.locator('main a[href^="/referral/"]').count() > 0);
    });
});

test('a wrong passphrase leaves the desk locked and says so without a word of what is inside', async () => {
    await inside(HOUSE, {}, async (page) => {
        await press(page, page.locator('form[action="/do/lock"] button'));
        await page.locator('form[action="/do/unlock"] input[name="passphrase"]').fill('not the words');
        await press(page, page.locator('form[action="/do/unlock"] button'));
        assert.equal(await page.locator('[role="alert"], .errors').count(), 1, 'it says that it did not work');
        assert.equal(await page.locator('a[href^="/referral/"]').count(), 0);
        assert.doesNotMatch(await page.content(), /not the words/);
        await unlock(page, world);
    });
});

test('a desk that nobody touched for eleven minutes asks who is there; one touched every nine minutes does not', async (t) => {
    if (!world.clock) {
        t.skip('libfaketime is not installed (./dev browser installs it)');
        return;
    }
    const { name, file } = world.clock;
    const later = (minutes) => writeFileSync(file, `+${(now += minutes)}m\n`);
    let now = Number.parseInt(readFileSync(file, 'utf8').slice(1), 10);
    await inside(name, {}, async (page, context) => {
        const inbox = `${node(name).origin}/inbox`;
        for (let i = 0; i < 3; i++) {
            later(9);
            assert.equal((await page.goto(inbox)).status(), 200, 'touched after nine minutes');
            assert.ok(await page.locator('nav').count() > 0);
        }
        later(11);
        const answer = await page.goto(inbox);
        assert.ok(answer.status() === 403 || await page.locator('form[action="/do/unlock"]').count() === 1, `left alone, and it answered ${answer.status()}`);
        assert.equal(await page.locator('nav').count(), 0);
        const again = await enter(context, world, node(name));
        assert.ok(again.url().startsWith(node(name).origin), 'a new address of the command lets in again');
    });
});

test('a page that only reads itself again counts as left alone', async (t) => {
    if (!world.clock) {
        t.skip('libfaketime is not installed (./dev browser installs it)');
        return;
    }
    const { name, file } = world.clock;
    const later = (minutes) => writeFileSync(file, `+${Number.parseInt(readFileSync(file, 'utf8').slice(1), 10) + minutes}m\n`);
    await inside(name, {}, async (page) => {
        await page.goto(`${node(name).origin}/inbox`);
        later(6);
        assert.match(await page.evaluate(() => fetch('/live').then((answer) => answer.text())), /id="live"/);
        later(6);
        await page.goto(`${node(name).origin}/inbox`);
        assert.equal(await page.locator('nav').count(), 0);
        await unlock(page, world);
    });
});

test('a launch address that was not used for a minute is worth nothing', async (t) => {
    if (!world.clock) {
        t.skip('libfaketime is not installed (./dev browser installs it)');
        return;
    }
    const { name, file } = world.clock;
    await inside(name, {}, async (page, context) => {
        await context.clearCookies();
        await page.goto(world.address(node(name)));
        writeFileSync(file, `+${Number.parseInt(readFileSync(file, 'utf8').slice(1), 10) + 2}m\n`);
        await press(page, page.locator('form button').first());
        assert.equal((await page.goto(node(name).origin + '/')).status(), 403);
    });
});
