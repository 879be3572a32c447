// SPDX-License-Identifier: Apache-2.0
// wizard: a computer without a desk, and its first hour in the browser. look(LABEL) is called at each page. The papers are those of
// the demo's stewards, who do not know this desk: it is refused at the end, and nothing is believed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildFolder, enter, node, pressAlone, world } from './kit.mjs';

export const NAME = 'fia.spinwam', WORDS = 'seven invented words of a wizard', SERVES_WITHIN_MS = 60_000;

// BODY with the home of a wizard that serves; both are gone after it.
export async function withWizard(body, build = buildFolder()) {
    const folder = mkdtempSync(path.join(tmpdir(), 'amaan-')), home = path.join(folder, 'home');
    const process = spawn(path.resolve(build, 'nodes/amaan-node'), ['setup', '--cost', 'floor', '--', home], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => process.once('exit', resolve));
    try {
        await new Promise((resolve, reject) => {
            const late = setTimeout(() => reject(new Error('the wizard did not serve in time')), SERVES_WITHIN_MS);
            createInterface({ input: process.stdout }).once('line', () => { clearTimeout(late); resolve(); });
        });
        return await body({ name: NAME, home, stick: stick(folder) });
    } finally {
        process.kill('SIGTERM');
        await ended;
        rmSync(folder, { recursive: true });
    }
}

// What a steward gives on a stick.
function stick(folder) {
    const from = path.resolve(node('fia.torkham').home, '../..'), to = path.join(folder, 'stick');
    mkdirSync(to);
    for (const name of ['root.amaan', 'roster.amaan', 'profiles.amaan']) copyFileSync(path.join(from, name), path.join(to, name));
    copyFileSync(path.join(from, 'broker/broker.amaan'), path.join(to, 'broker.amaan'));
    return to;
}

async function act(page, name, fields, button = 'button') {
    const form = page.locator(`form[action="/setup/${name}"]`).last();
    for (const [field, value] of Object.entries(fields)) {
        const one = form.locator(`[name="${field}"]`);
        if (await one.evaluate((element) => element.localName) === 'select') await one.selectOption(value);
        else await one.fill(value);
    }
    page.setDefaultTimeout(SERVES_WITHIN_MS); // a passphrase is hashed
    await pressAlone(page, form.locator(button).first());
}

// All steps, as far as stewards who do not know the desk let it come.
export async function firstHour(context, desk, look) {
    const page = await enter(context, world, desk);
    await look(page, 'setup.start');
    await act(page, 'create', { name: NAME, role: 'screening', person: 'Demo person', passphrase: WORDS, again: 'other words that differ' });
    assert.ok(await page.locator('.errors').count() > 0, 'two passphrases that differ are told');
    await look(page, 'setup.start.refused');
    await act(page, 'create', { name: NAME, role: 'screening', person: 'Demo person', passphrase: WORDS, again: WORDS });
    assert.ok(await page.locator('.aloud').count() > 0, 'there is something to read aloud');
    assert.ok(await page.locator('svg').count() > 0, 'there is a square for a camera');
    await look(page, 'setup.request');
    await act(page, 'papers', { folder: desk.stick });
    await look(page, 'setup.compare');
    await act(page, 'compare', {}, 'button[value="yes"]');
    assert.match(await page.locator('.errors').innerText(), /setup-join/);
    await look(page, 'setup.compare.refused');
    return page;
}
