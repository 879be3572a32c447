// SPDX-License-Identifier: Apache-2.0
// kit: what every test of this folder has: the network, the browser, a page of a node as its person sees it.
import { after, before, test as plain } from 'node:test';
import { enter, launch, person, press, pressAlone, sendNow, unlock } from './browser.mjs';
import { World } from './world.mjs';

let build, slice_only;
export let world, browser;

// Names that a stranger's DNS points at this machine; see test_attack.mjs.
const NAMES = '--host-resolver-rules=MAP *.example 127.0.0.1';

export function run(build_dir, slice) {
    build = build_dir;
    slice_only = slice;
    before(async () => {
        world = await World.start(build);
        browser = await launch([NAMES]);
    }, { timeout: 180_000 });
    after(async () => {
        await browser?.close();
        await world?.stop();
    });
}

// Without tests: a network and a browser that somebody else started (screens.mjs).
export function use(a_world, a_browser) {
    world = a_world;
    browser = a_browser;
}

// BODY with a network and a browser, without tests.
export async function together(build_dir, body) {
    use(await World.start(build_dir), await launch());
    try {
        await body();
    } finally {
        await browser.close();
        await world.stop();
    }
}

// A test that takes long is not part of the slice.
export const test = (name, body) => plain(name, { timeout: 300_000 }, body);
export const long = (name, body) => plain(name, { timeout: 900_000, skip: slice_only && 'not in the slice: ./dev browser' }, body);

export const buildFolder = () => build;
export const isSlice = () => slice_only;
export const node = (name) => world.nodes[name];

// BODY with a page of that node, inside, and unlocked; the browser of that person is closed after it.
export async function inside(name, options, body) {
    const context = await person(browser, options);
    try {
        const page = await enter(context, world, node(name));
        if (await page.locator('form[action="/do/unlock"]').count()) await unlock(page, world); // as another test left it
        return await body(page, context);
    } finally {
        await context.close();
    }
}

export { enter, person, press, pressAlone, sendNow, unlock };
