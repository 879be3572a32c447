// SPDX-License-Identifier: Apache-2.0
// pages: every page of every organisation in both languages, wide and narrow: accessible, nothing outside of the window, nothing
// that runs the wrong way; and the same magnified, dark, in forced colours, without a script.
import assert from 'node:assert/strict';
import { LANGUAGES, WIDTHS } from './browser.mjs';
import { all, axe, listen, overflow } from './facts.mjs';
import { browser, inside, isSlice, long, node, person, press, test, world } from './kit.mjs';
import { coordinator, house, officer } from './rooms.mjs';
import { kind, label, paths, speak } from './tour.mjs';

const OFFICES = ['fia.torkham', 'shelter.peshawar', 'clinic.rawalpindi', 'skills.gujranwala', 'coordinator.islamabad', 'legal.peshawar'];
let looked = 0;
process.on('exit', () => looked > 0 && console.log(`pages: looked at ${looked} pages x languages x widths`));

// Every page of that office as `options` show it; FINDINGS of BODY for each.
async function everywhere(name, options, languages, body, each = 1) {
    const found = [];
    await inside(name, options, async (page) => {
        const { origin, role } = node(name);
        const heard = listen(page, origin);
        const there = await paths(page, origin, each);
        assert.ok(there.length >= 3, `only ${there} at ${name}`);
        for (const language of languages) {
            await speak(page, language);
            for (const path of there) {
                await page.goto(origin + path);
                looked++;
                for (const one of await body(page, language)) found.push(`${label(role, path)} (${path}) ${language}: ${one}`);
            }
        }
        found.push(...heard);
    });
    return found;
}
const none = (found) => assert.equal(found.length, 0, `${found.length} findings:\n${[...new Set(found)].slice(0, 40).join('\n')}`);

for (const name of OFFICES) {
    for (const width of WIDTHS) {
        const one = name === 'shelter.peshawar' ? test : long;
        one(`every page of ${name} at ${width} px in English and Urdu is accessible and stays in the window`, async () => {
            none(await everywhere(name, { width }, LANGUAGES, all, isSlice() ? 1 : 6));
        });
    }
}

for (const [name, rooms] of [['fia.torkham', officer], ['coordinator.islamabad', coordinator], ['shelter.peshawar', house]]) {
    long(`what ${name} comes to by its buttons is accessible and stays in the window, in English and Urdu, wide and narrow`, async () => {
        const found = [];
        for (const width of WIDTHS)
            for (const language of LANGUAGES)
                await inside(name, { width }, async (page) => {
                    await speak(page, language);
                    await rooms(page, name, async (room) => {
                        looked++;
                        for (const one of await all(page, language)) found.push(`${room} ${language} ${width}: ${one}`);
                    });
                });
        none(found);
    });
}

test('a page that is refused, one that is not there, the locked desk and the way in are pages like the others', async () => {
    for (const width of WIDTHS) {
        await inside('shelter.peshawar', { width }, async (page, context) => {
            const { origin } = node('shelter.peshawar');
            const stranger = await (await person(browser, { width })).newPage();
            for (const language of LANGUAGES) {
                await page.goto(origin + '/');
                await speak(page, language);
                await page.goto(origin + '/nothing-here');
                none((await all(page, language)).map((one) => `not there: ${one}`));
                looked++;
            }
            await stranger.goto(origin + '/');
            none((await all(stranger, 'en')).map((one) => `closed: ${one}`));
            await stranger.goto(world.address(node('shelter.peshawar')));
            none((await all(stranger, 'en')).map((one) => `launch: ${one}`));
            looked += 2;
            await page.goto(origin + '/');
            await press(page, page.locator('form[action="/do/lock"] button'));
            for (const language of LANGUAGES) {
                await speak(page, language);
                none((await all(page, language)).map((one) => `locked: ${one}`));
                looked++;
            }
            await stranger.context().close();
        });
    }
});

test('magnified to 400 % everything is there, in one column', async () => {
    // 1280 px at 400 % are 320 px (WCAG 2.2, 1.4.10).
    const options = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 };
    none(await everywhere('shelter.peshawar', options, LANGUAGES, overflow));
    if (!isSlice()) for (const name of OFFICES) none(await everywhere(name, options, LANGUAGES, overflow, 6));
});

test('in the dark everything can still be read', async () => {
    none(await everywhere('shelter.peshawar', { colorScheme: 'dark' }, ['ur'], async (page) => {
        const found = await axe(page);
        const [red, green, blue] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g).map(Number);
        if (red + green + blue > 200) found.push(`the page is not dark: ${red} ${green} ${blue}`);
        return found;
    }));
});

test('under forced colours what may be pressed still has an edge, and what has the focus shows it', async () => {
    none(await everywhere('shelter.peshawar', { forcedColors: 'active' }, ['en'], async (page) => {
        const found = await page.evaluate(() => {
            const edges = [];
            for (const element of document.querySelectorAll('button, input:not([type=hidden]), select, .tag, .status')) {
                if (!element.checkVisibility()) continue;
                const style = getComputedStyle(element);
                if (style.borderTopStyle === 'none' && style.outlineStyle === 'none' && style.borderInlineStartStyle === 'none')
                    edges.push(`<${element.localName} class="${element.className}"> "${element.textContent.trim().slice(0, 30)}" has no edge`);
            }
            return edges;
        });
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        if (outline === 'none') found.push('the focus is not seen');
        return found;
    }));
});

long('without a script the same pages are there and say the same', async () => {
    const texts = { true: [], false: [] };
    for (const script of [true, false]) {
        none(await everywhere('shelter.peshawar', { script }, ['en'], async (page) => {
            texts[script].push(`${kind(new URL(page.url()).pathname)}\n${await page.locator('main').innerText()}`);
            return [];
        }));
    }
    assert.deepEqual(texts.false, texts.true);
});

long('a picture of the accessibility tree in Urdu names every button and link', async () => {
    none(await everywhere('shelter.peshawar', {}, ['ur'], async (page) => {
        const tree = await page.locator('body').ariaSnapshot();
        return [...tree.matchAll(/^\s*- (?:'|")?(button|link|textbox|combobox|checkbox)(?:'|")?:?\s*$/gm)].map(([line]) => `without a name: ${line.trim()}`);
    }));
});
