// SPDX-License-Identifier: Apache-2.0
// snapshots: what a screen reader is given of the main pages in Urdu: the tree of accessibility as text, without what changes from
// one run to the next. `node main.mjs BUILD_DIR snapshots` writes snapshots/ROOM.txt anew; look at the difference before it is kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inside, node, press, unlock, world } from './kit.mjs';
import { coordinator, house, officer } from './rooms.mjs';
import { speak } from './tour.mjs';

const FOLDER = fileURLToPath(new URL('snapshots/', import.meta.url));
// The form, not its fill: of tables the head and how the cells are named, of times, references and counts the kind.
export function settle(tree) {
    const lines = tree
        .replace(/^(\s*- status:).*$(\n\1.*$)*/gm, '$1 (the line)')
        .replace(/\d{1,2} [\u0600-\u06ff]+ \d{4}(، \d{1,2}:\d{2})?/g, 'DAY')
        .replace(/\b[0-9A-Z]{9}\b/g, 'REFERENCE')
        .replace(/\/url: (\/[a-z]+\/?).*$/gm, '/url: $1')
        .replace(/^\s*- option "[a-z]+\.[a-z-]+"\n/gm, '') // members, in the order of their keys
        .replace(/(?<![\w.=])\d+(?![\w.])/g, 'N')
        .split('\n');
    const kept = [];
    let hidden = -1, rows = 0;
    for (const line of lines) {
        const depth = line.search(/\S/), is_row = /^\s*- '?row\b/.test(line);
        if (hidden >= 0 && depth > hidden) continue;
        hidden = -1;
        if (/^\s*- '?table\b/.test(line)) rows = 0;
        if (is_row && ++rows > 1) hidden = depth; // below the head
        else kept.push(line.trimEnd());
    }
    return kept.join('\n') + '\n';
}

async function take(page, name, found) {
    // How far a letter is, is another thing from one second to the next.
    await page.locator('.events .tag').evaluateAll((tags) => tags.forEach((tag) => tag.remove()));
    found.set(name, settle(await page.locator('body').ariaSnapshot()));
}

// { room -> tree } of the pages that people work with most.
export async function read() {
    const found = new Map(), WANTED = ['screening.case', 'screening.screen', 'screening.outcome', 'screening.services', 'screening.consent',
        'screening.send', 'screening.send.read', 'coordinator.board.shown', 'coordinator.timeline', 'shelter.referral.open', 'shelter.referral.refused'];
    for (const [name, rooms] of [['fia.torkham', officer], ['coordinator.islamabad', coordinator], ['shelter.peshawar', house]])
        await inside(name, {}, async (page) => {
            await speak(page, 'ur');
            const { origin, role } = node(name);
            for (const path of ['/', '/inbox']) {
                await page.goto(origin + path);
                await take(page, `${role}.${path.slice(1) || 'home'}`, found);
            }
            await rooms(page, name, (room) => WANTED.includes(room) && take(page, room, found));
            if (name !== 'shelter.peshawar') return;
            await page.goto(origin + '/capacity');
            await take(page, 'shelter.capacity', found);
            await press(page, page.locator('form[action="/do/lock"] button'));
            await take(page, 'lock', found);
            await unlock(page, world);
        });
    return found;
}

export const kept = (room) => {
    try {
        return readFileSync(`${FOLDER}${room}.txt`, 'utf8');
    } catch {
        return '';
    }
};
export function write(found) {
    mkdirSync(FOLDER, { recursive: true });
    for (const [room, tree] of found) writeFileSync(`${FOLDER}${room}.txt`, tree);
    console.log(`snapshots: ${found.size} in tests/browser/snapshots`);
}
