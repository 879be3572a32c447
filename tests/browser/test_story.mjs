// SPDX-License-Identifier: Apache-2.0
// story: people at work in their pages, from the officer's to the provider's and back; with the keyboard alone; and what a tired
// hand does: presses twice, goes back, reloads, has the same page open twice. Nothing is ever sent twice.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inside, long, node, press, pressAlone, sendNow, test, world } from './kit.mjs';
import { enterKey, tabTo } from './hands.mjs';
import { speak } from './tour.mjs';

const POST = 'fia.torkham', HOUSE = 'shelter.peshawar';
const DEMO = fileURLToPath(new URL('../../config/demo/05_fia.torkham_shelter.peshawar_supplies.json', import.meta.url));
const trace = (name, reference, ...more) => world.read(node(name), 'trace', reference, ...more)[0];
const decided = (name, reference, what) => (trace(name, reference).decisions ?? []).filter((one) => one.decision === what);
const until = (name, reference, state) => trace(name, reference, '--until', state, '--timeout', '30');

// A new referral from the officers at Torkham to the shelter, which has arrived there. Its note is invented.
function refer(note = 'Asks for a warm coat. Word for the slip: ostrovanel.') {
    const folder = mkdtempSync(path.join(tmpdir(), 'amaan-'));
    try {
        const file = path.join(folder, 'referral.json');
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(DEMO, 'utf8')), note }));
        const reference = world.ask(node(POST), 'refer', '--to', HOUSE, '--service', 'supplies', file, '--reference-only').trim();
        until(HOUSE, reference, 'requested');
        return reference;
    } finally {
        rmSync(folder, { recursive: true });
    }
}
const act = (page, verb) => page.locator(`form[action="/do/${verb}"]`).first();
const look = (page, name, reference) => page.goto(`${node(name).origin}/referral/${reference}`);
// Opens the fold that a form is in, as a person would.
async function unfold(page, verb) {
    const fold = page.locator(`details:has(form[action="/do/${verb}"])`);
    if (await fold.count()) await fold.locator('summary').click();
}

for (const [language, width, script] of [['ur', 360, false], ['en', 1000, true], ['ur', 1000, true], ['en', 360, false]]) {
    (language === 'ur' && !script ? test : long)(`the shelter reads a referral, accepts it, and the officer's page says so (${language}, ${width} px, ${script ? 'with' : 'without'} script)`, async () => {
        const reference = refer();
        await inside(HOUSE, { width, script }, async (page) => {
            await speak(page, language);
            await page.goto(`${node(HOUSE).origin}/inbox`);
            await press(page, page.locator(`a[href="/referral/${reference}"]`).first());
            assert.doesNotMatch(await page.locator('main').innerText(), /ostrovanel/, 'a note is not shown before somebody opens the letter');
            await press(page, act(page, 'show').locator('button'));
            assert.match(await page.locator('main').innerText(), /ostrovanel/);
            until(POST, reference, 'opened');
            await press(page, act(page, 'accept').locator('button'));
            assert.equal(trace(HOUSE, reference).state, 'accepted');
        });
        until(POST, reference, 'accepted');
        await inside(POST, { width, script }, async (page) => {
            await speak(page, language);
            await page.goto(`${node(POST).origin}/sent`);
            await press(page, page.locator(`a[href="/referral/${reference}"]`).first());
            assert.equal(await page.locator('.status .tag.accepted').count(), 1);
        });
    });
}

test('a referral is declined with a reason; without one nothing is sent', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await unfold(page, 'decline');
        const form = act(page, 'decline');
        await form.evaluate((one) => { one.noValidate = true; }); // as a browser that does not look before it sends
        await press(page, form.locator('button'));
        assert.ok(await page.locator('[role="alert"], .errors').count() > 0, 'it says what is missing');
        assert.equal(trace(HOUSE, reference).state, 'requested');
        await look(page, HOUSE, reference);
        await unfold(page, 'decline');
        await act(page, 'decline').locator('select[name="reason"]').selectOption('at-capacity');
        await press(page, act(page, 'decline').locator('button'));
    });
    assert.equal(until(POST, reference, 'declined').state, 'declined');
    assert.equal(decided(POST, reference, 'declined').length, 1);
});

test('what was pressed by mistake is taken back, and the other side never hears of it', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await pressAlone(page, act(page, 'accept').locator('button'));
        assert.equal(await act(page, 'decline').count(), 0, 'nothing else can be done meanwhile');
        await pressAlone(page, page.locator('#rests form[action="/do/undo"] button'));
        assert.equal(await page.locator('#rests').count(), 0);
        await unfold(page, 'decline');
        await act(page, 'decline').locator('select[name="reason"]').selectOption('at-capacity');
        await press(page, act(page, 'decline').locator('button'));
    });
    assert.equal(until(POST, reference, 'declined').state, 'declined');
    assert.equal(decided(POST, reference, 'accepted').length, 0);
});

test('what nobody takes back is sent by itself, and an open page shows it', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await pressAlone(page, act(page, 'accept').locator('button'));
        await page.locator('.status .tag.accepted').waitFor({ timeout: 60_000 });
        assert.equal(await page.locator('#rests').count(), 0);
    });
    assert.equal(until(POST, reference, 'accepted').state, 'accepted');
});

test('pressed twice fast it is sent once', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await Promise.all([page.waitForNavigation(), act(page, 'accept').locator('button').dblclick()]);
        await page.waitForLoadState('load');
        assert.equal(await page.locator('[role="alert"]').count(), 0, 'the second press is no error');
        assert.equal(await page.locator('#rests li').count(), 1, 'one thing is about to be sent');
        await sendNow(page);
    });
    assert.equal(decided(HOUSE, reference, 'accepted').length, 1);
});

test('the same form sent twice at once, as by two presses that overtake each other, is done once', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await press(page, act(page, 'accept').locator('button'));
        await unfold(page, 'schedule');
        const form = act(page, 'schedule');
        const today = new Date().toISOString().slice(0, 10);
        await form.locator('input[name="day"]').fill(today);
        // A hidden frame takes the answers: the page that was pressed stays as it is and sends the same key again.
        await form.evaluate(async (one) => {
            const tabs = [0, 1].map(() => one.cloneNode(true));
            for (const [i, copy] of tabs.entries()) {
                copy.target = `tab${i}`;
                document.body.append(copy);
                copy.querySelector('input[name="day"]').value = one.querySelector('input[name="day"]').value;
                window.open('about:blank', copy.target);
            }
            for (const copy of tabs) copy.submit();
        });
        await page.waitForTimeout(0);
        for (const other of page.context().pages()) if (other !== page) await other.waitForURL(/referral/);
        await page.reload();
        await sendNow(page);
    });
    assert.equal(decided(HOUSE, reference, 'scheduled').length, 1);
});

test('back and pressed again, or reloaded, it is not sent again', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await press(page, act(page, 'accept').locator('button'));
        for (let i = 0; i < 3; i++) await page.reload();
        await page.goBack();
        if (await act(page, 'accept').count()) await press(page, act(page, 'accept').locator('button'));
        await page.goForward().catch(() => {});
        await page.reload();
    });
    assert.equal(decided(HOUSE, reference, 'accepted').length, 1);
    assert.equal(trace(HOUSE, reference).state, 'accepted');
});

test('of two tabs that decide the first counts, and the second is told so', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page, context) => {
        const second = await context.newPage(), third = await context.newPage();
        for (const one of [page, second, third]) await look(one, HOUSE, reference);
        await unfold(page, 'decline');
        await act(page, 'decline').locator('select[name="reason"]').selectOption('at-capacity');
        await press(page, act(page, 'decline').locator('button'));
        await press(second, act(second, 'accept').locator('button'));
        await unfold(third, 'waitlist');
        await press(third, act(third, 'waitlist').locator('button'));
        for (const one of [second, third])
            assert.ok(await one.locator('[role="alert"], .errors').count() > 0, `it does not say that it did not work: ${await one.locator('main').innerText()}`);
    });
    assert.equal(trace(HOUSE, reference).state, 'declined');
    assert.equal(decided(HOUSE, reference, 'accepted').length + decided(HOUSE, reference, 'waitlisted').length, 0);
});

test('two tabs that accept the same referral send one answer', async () => {
    const reference = refer();
    await inside(HOUSE, {}, async (page, context) => {
        const second = await context.newPage();
        for (const one of [page, second]) await look(one, HOUSE, reference);
        await press(page, act(page, 'accept').locator('button'));
        await press(second, act(second, 'accept').locator('button'));
    });
    assert.equal(decided(HOUSE, reference, 'accepted').length, 1);
});

for (const language of ['en', 'ur']) {
    test(`with the keyboard alone: from the way in to the answer (${language})`, async () => {
        const reference = refer();
        const { browser, person } = await import('./kit.mjs');
        const context = await person(browser);
        try {
            const page = await context.newPage();
            await page.goto(world.address(node(HOUSE)));
            await tabTo(page, `element.localName === 'button'`, 'the button of the way in');
            await enterKey(page);
            if (language === 'ur') {
                await tabTo(page, `element.value === 'urd'`, 'the language');
                await enterKey(page);
            }
            await page.keyboard.press('Tab');
            assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main', 'the first TAB offers to skip the head of the page');
            await tabTo(page, `element.getAttribute('href') === '/inbox'`, 'what was received');
            await enterKey(page);
            await tabTo(page, `element.getAttribute('href') === '/referral/${reference}'`, 'the referral');
            await enterKey(page);
            await tabTo(page, `element.closest('form[action="/do/show"]') && element.localName === 'button'`, 'the button that opens');
            await enterKey(page);
            assert.match(await page.locator('main').innerText(), /ostrovanel/);
            await tabTo(page, `element.localName === 'summary' && element.parentElement.querySelector('form[action="/do/waitlist"]')`, 'the waiting list');
            await page.keyboard.press('Space');
            await tabTo(page, `element.closest('form[action="/do/waitlist"]') && element.localName === 'button'`, 'its button');
            await enterKey(page);
            assert.equal(trace(HOUSE, reference).state, 'opened', 'it rests first');
            await tabTo(page, `element.closest('form[action="/do/send-now"]') && element.localName === 'button'`, 'the button that sends at once');
            await enterKey(page);
            assert.equal(trace(HOUSE, reference).state, 'waitlisted');
        } finally {
            await context.close();
        }
    });
}

test('what a stranger wrote into a letter is text in the page and nothing else', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>{{@token}}"\'>&amp; ostrovanel';
    const reference = refer(hostile);
    await inside(HOUSE, {}, async (page) => {
        await look(page, HOUSE, reference);
        await press(page, act(page, 'show').locator('button'));
        const note = await page.locator('main').innerText();
        assert.match(note, /<img src=x onerror="document\.title=1"><script>document\.title=2<\/script>\{\{@token\}\}"'>&amp;/);
        assert.equal(await page.locator('main img, main script').count(), 0);
        assert.doesNotMatch(await page.title(), /^[12]$/);
    });
});
