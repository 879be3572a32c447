// SPDX-License-Identifier: Apache-2.0
// DP29: one press or Escape twice hides the screen, a desk left alone locks, and no person's name stands in an address, a title, the window's history or anything else that a browser keeps
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { openCase } from './hands.mjs';
import { inside, long, node, press, test, unlock, world } from './kit.mjs';
import { CONTACT, PERSON, rooms } from './rooms.mjs';

const POST = 'fia.torkham', OFFICES = [POST, 'shelter.peshawar', 'clinic.rawalpindi', 'skills.gujranwala', 'coordinator.islamabad', 'legal.peshawar'];
// What says who somebody is: of the person of the rooms, of those of config/demo, of whoever sits there.
const NAMES = [...PERSON.split(' '), ...CONTACT.split(' ').slice(-2), 'Demo person'];

// Everything that outlives the page or stands outside of it.
async function kept(page, context) {
    const debug = await context.newCDPSession(page);
    const { entries } = await debug.send('Page.getNavigationHistory');
    await debug.detach();
    const inPage = await page.evaluate(() => JSON.stringify([location.href, document.title, history.state, window.name, document.referrer,
        { ...localStorage }, { ...sessionStorage }, document.cookie]));
    const databases = await page.evaluate(async () => JSON.stringify([(await indexedDB.databases?.()) ?? [], await caches.keys()]));
    assert.equal(databases, '[[],[]]', 'a page keeps a database or a cache of its own');
    return [inPage, ...entries.flatMap((entry) => [entry.url, entry.userTypedURL, entry.title]), JSON.stringify(await context.cookies())].map(decodeURIComponent);
}
const namesIn = (texts) => NAMES.filter((name) => texts.some((text) => text.toLowerCase().includes(name.toLowerCase())));

async function walk(name, way) {
    let looked = 0;
    await inside(name, {}, async (page, context) => {
        await way(page, name, async (label) => {
            looked++;
            assert.deepEqual(namesIn(await kept(page, context)), [], `${label}: ${page.url()}`);
            assert.equal(await page.locator('header #hide button').count(), 1, `${label} has no button that hides it`);
        });
    });
    return looked;
}

long('DP29: no name stands in an address, a title or the history of any page, and each can be hidden by one press', async () => {
    for (const name of OFFICES) assert.ok(await walk(name, rooms) > 5);
});

test('DP29: one press, or Escape twice, hides a person; neither title nor page says whose it was', async () => {
    await inside(POST, {}, async (page) => {
        for (const hide of [() => press(page, page.locator('#hide button')), async () => {
            await page.keyboard.press('Escape');
            await page.keyboard.press('Escape');
            await page.locator('#locked').waitFor();
        }]) {
            await openCase(page, POST, { name: PERSON });
            assert.match(await page.locator('main').innerText(), new RegExp(PERSON), 'it stands there before');
            await hide();
            assert.deepEqual(namesIn([await page.title(), await page.content()]), []);
            await unlock(page, world);
        }
    });
});

test('DP29: a desk that is left alone for eleven minutes shows nothing of anybody', async (t) => {
    if (!world.clock) {
        t.skip('libfaketime is not installed (./dev browser installs it)');
        return;
    }
    const { name, file } = world.clock;
    await inside(name, {}, async (page) => {
        await page.goto(`${node(name).origin}/people`);
        assert.match(await page.content(), /Demo person/);
        writeFileSync(file, `+${Number.parseInt(readFileSync(file, 'utf8').slice(1), 10) + 11}m\n`);
        await page.reload();
        assert.deepEqual(namesIn([await page.title(), await page.content()]), []);
        assert.equal(await page.locator('header nav').count(), 0);
    });
});
