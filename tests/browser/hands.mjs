// SPDX-License-Identifier: Apache-2.0
// hands: what an officer, a provider and a coordinator do in their pages, step by step, by pressing what is there. Nothing here
// knows a verb's answer: what came of it is read from a page, or asked of the node by whoever calls.
import assert from 'node:assert/strict';
import { node, press } from './kit.mjs';

export const origin = (name) => node(name).origin;
export const form = (page, verb) => page.locator(`main form[action="/do/${verb}"]`);
export const look = (page, name, reference) => page.goto(`${origin(name)}/referral/${reference}`);
const told = async (page) => (await page.locator('.errors').count()) ? page.locator('.errors').innerText() : '';

// Presses a form's button, after its fields were filled, and fails with what the page says when it says that it did not work.
export async function send(page, verb, fields = {}, where = form(page, verb).first()) {
    const fold = page.locator(`main details:not([open]):has(form[action="/do/${verb}"])`);
    while ((await fold.count()) && !(await where.isVisible())) await fold.first().locator('> summary').click();
    for (const [name, value] of Object.entries(fields)) {
        const field = where.locator(`[name="${name}"]`).first();
        const kind = await field.evaluate((one) => one.localName === 'select' ? 'select' : one.type);
        if (kind === 'select') await field.selectOption(value);
        else if (kind === 'checkbox' || kind === 'radio') await where.locator(`[name="${name}"][value="${value}"]`).check();
        else await field.fill(value);
    }
    await press(page, where.locator('button').last());
    assert.equal(await told(page), '', `${verb} did not work`);
}
// The same, where it is to be refused: what the page says.
export async function sendInVain(page, verb, fields = {}) {
    await assert.rejects(send(page, verb, fields), /did not work/);
    return told(page);
}

// --- the officer -------------------------------------------------------------------------------------------------------------

const KNOWN = { origin: 'screening', age_band: '26-40', minor: 'no', gender: 'female', languages: 'pus', risk: 'high' };

// A new case through the page; its alias.
export async function openCase(page, name, known = {}) {
    await page.goto(`${origin(name)}/cases`);
    await send(page, 'case-open', { ...KNOWN, ...known });
    return new URL(page.url()).pathname.split('/').pop();
}

// Who may be asked for a service, in the order of the page: [{ name, card }].
export async function findServices(page, name, alias, fields) {
    await page.goto(`${origin(name)}/services/${alias}`);
    await send(page, 'match', fields);
    const cards = await page.locator('main section.card').all();
    return Promise.all(cards.map(async (card) => ({ name: await card.locator('h3 bdi').innerText(), card })));
}

// The page on which the person is asked about one member and one service.
export async function ask(page, name, alias, to, service, more = {}) {
    const found = (await findServices(page, name, alias, { service, ...more })).find((one) => one.name === to);
    assert.ok(found, `${to} is not offered for ${service}`);
    await press(page, found.card.locator('form[action="/do/preview"] button'));
    assert.equal(await told(page), '');
    assert.ok(await page.locator('blockquote').count() > 0, 'there is something to read out');
}

export async function agree(page, name, alias, to, service, { groups = '', ...more } = {}) {
    await ask(page, name, alias, to, service, more);
    await send(page, 'case-consent', { 'consent.given_by': 'person', 'consent.how': 'spoken', 'consent.language': 'urd', 'consent.interpreter': 'yes',
        ...(groups ? { 'consent.groups': groups } : {}) });
}

// Shows what the member will read, sends it, and returns the reference of the new referral.
export async function refer(page, name, alias, to, service, priority = 'urgent') {
    await page.goto(`${origin(name)}/send/${alias}`);
    const before = await sent(page);
    await send(page, 'preview', { each: `to=${to} service=${service}`, priority });
    await press(page, page.locator(`form[action="/do/refer"]:has(input[name="to"][value="${to}"]) button`).first());
    assert.equal(await told(page), '', 'it was not sent');
    const now = (await sent(page)).filter((one) => !before.includes(one));
    assert.equal(now.length, 1, 'one referral more was sent');
    return now[0];
}
const sent = (page) => page.locator('main a[href^="/referral/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href').split('/').pop()));

// A case, what the person agreed to, and the referral: all through the pages. { alias, reference }
export async function referSomebody(page, name, to, service, { priority = 'urgent', known = {}, wanted = {}, groups = '' } = {}) {
    const alias = await openCase(page, name, known);
    await agree(page, name, alias, to, service, { ...wanted, groups });
    return { alias, reference: await refer(page, name, alias, to, service, priority) };
}

// --- both --------------------------------------------------------------------------------------------------------------------

// What the page says of a referral's state.
export async function stateIs(page, name, reference, state) {
    await look(page, name, reference);
    assert.equal(await page.locator(`.status .tag.${state}`).count(), 1, `at ${name} ${reference} is not ${state}: ${await page.locator('main').innerText()}`);
}

// --- with the keyboard alone --------------------------------------------------------------------------------------------------

// TAB until `is` is true of what has the focus; what has it must be seen on the way.
export async function tabTo(page, is, what) {
    for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate((test) => {
            const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
            const there = new Function('element', `return ${test}`)(element);
            return { there, name: element.textContent.trim().slice(0, 30) || element.name, body: element === document.body,
                how: `${style.outlineStyle} ${style.outlineWidth}, from ${box.top} to ${box.bottom} of ${innerHeight}`,
                seen: (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2) && box.bottom > 0 && box.top < innerHeight };
        }, is);
        assert.ok(at.body || at.seen, `the focus on "${at.name}" is not seen: ${at.how}`);
        if (at.there) return;
    }
    assert.fail(`the keyboard does not come to ${what}`);
}
export const enterKey = (page) => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
// Chooses in a list by its arrows, as one does who sees no mouse.
export async function arrowTo(page, name, value) {
    await tabTo(page, `element.localName === 'select' && element.name === '${name}'`, name);
    for (let i = 0; i < 40 && (await page.evaluate(() => document.activeElement.value)) !== value; i++) await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.value), value, `${name} cannot be chosen by its arrows`);
}
export async function spaceOn(page, is, what) {
    await tabTo(page, is, what);
    await page.keyboard.press('Space');
}
// The button of a form, and the page that comes.
export async function pressKey(page, verb) {
    await tabTo(page, `element.localName === 'button' && element.closest('form[action="/do/${verb}"]')`, `the button of ${verb}`);
    await enterKey(page);
    assert.equal(await told(page), '', `${verb} did not work`);
    if (verb !== 'send-now' && await form(page, 'send-now').count()) await pressKey(page, 'send-now');
}
export async function follow(page, href) {
    await tabTo(page, `element.localName === 'a' && element.getAttribute('href') === '${href}'`, href);
    await enterKey(page);
}
