// SPDX-License-Identifier: Apache-2.0
// browser: Debian's Chromium, driven by playwright-core; and how a person gets into a node's page.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// The packages are installed beside what is built (./dev browser), not into the source tree.
const MODULES = fileURLToPath(new URL('../../build/browser/package.json', import.meta.url));
const CHROMIUM = process.env.AMAAN_CHROMIUM ?? '/usr/bin/chromium';
const require = createRequire(MODULES);

// What is missing before any test can run, or ''.
export function missing() {
    if (!existsSync(CHROMIUM)) return `${CHROMIUM} (Debian's package chromium)`;
    for (const name of ['playwright-core', 'axe-core']) {
        try {
            require.resolve(name);
        } catch {
            return `the npm package ${name} in build/browser (./dev browser installs it)`;
        }
    }
    return '';
}

export const AXE = () => require('axe-core').source;

export async function launch(args = []) {
    const { chromium } = require('playwright-core');
    return chromium.launch({
        executablePath: CHROMIUM,
        // As root, as in a build container, Chromium has no sandbox of its own to give.
        chromiumSandbox: process.getuid() !== 0,
        args: ['--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run', ...args],
    });
}

export const WIDTHS = [1000, 360];
export const LANGUAGES = ['en', 'ur'];

// A fresh browser of one person: its own cookies, nothing remembered.
export async function person(browser, { width = 1000, script = true, ...more } = {}) {
    const context = await browser.newContext({
        viewport: { width, height: 720 }, javaScriptEnabled: script, serviceWorkers: 'block', ...more,
    });
    context.setDefaultTimeout(10_000);
    return context;
}

// Opens the launch address and presses the one button of that page.
export async function enter(context, world, node) {
    const page = await context.newPage();
    await page.goto(world.address(node));
    await press(page, page.locator('main form button, form button').first());
    return page;
}

// Presses what sends a form or follows a link, and waits for the page that comes.
export async function pressAlone(page, button) {
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), button.click()]);
}

// What rests before it is sent is sent at once: nobody waits ten seconds in these stories.
export async function sendNow(page) {
    const button = page.locator('form[action="/do/send-now"] button').first();
    while (await button.count()) await pressAlone(page, button);
}

export async function press(page, button) {
    await pressAlone(page, button);
    await sendNow(page);
}

// The lock page: whoever sits there gives the passphrase.
export async function unlock(page, world) {
    await page.locator('form[action="/do/unlock"] input[name="passphrase"]').fill(world.words);
    await press(page, page.locator('form[action="/do/unlock"] button'));
}
