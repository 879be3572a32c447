// SPDX-License-Identifier: Apache-2.0
// tour: every page of every organisation, found by following the links as a person would, so that a new page is in the tests
// without a list of pages; and those that no link leads to.
import { press } from './browser.mjs';

const REFERENCE = /\b[0-9A-Z]{9}\b/g; // words of addresses are in small letters
export const kind = (path) => path.replace(REFERENCE, '{reference}').replace(/\?.*/, '');
// "/referral/7K2MQ4XTA" of the shelter: "shelter.referral"
export const label = (role, path) => `${role}.${kind(path).replace(/\{reference\}/g, '').split('/').filter(Boolean).join('-') || 'home'}`;

// Paths that are there for whoever is inside `page`, the first `each` of each kind.
export async function paths(page, origin, each = 1) {
    const found = [], waiting = ['/'], seen = new Set(['/']), of = new Map();
    while (waiting.length > 0) {
        const path = waiting.shift();
        if ((of.get(kind(path)) ?? 0) >= each) continue;
        of.set(kind(path), (of.get(kind(path)) ?? 0) + 1);
        const answer = await page.goto(origin + path);
        if (!answer || answer.status() !== 200) throw new Error(`${path}: ${answer?.status()}`);
        found.push(path);
        const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => link.href));
        for (const link of links) {
            const url = new URL(link);
            const next = url.pathname + url.search;
            if (url.origin !== origin || seen.has(next) || next.startsWith('/asset/')) continue;
            seen.add(next);
            waiting.push(next);
        }
    }
    return found;
}

const BUTTON = { en: 'eng', ur: 'urd' };

export async function speak(page, language) {
    if ((await page.evaluate(() => document.documentElement.lang)) === language) return;
    await press(page, page.locator(`form[action="/language"] button[value="${BUTTON[language]}"]`).first());
    const now = await page.evaluate(() => document.documentElement.lang);
    if (now !== language) throw new Error(`the page speaks ${now}, not ${language}`);
}
