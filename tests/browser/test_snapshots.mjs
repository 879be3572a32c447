// SPDX-License-Identifier: Apache-2.0
// snapshots: what a screen reader is given in Urdu is what somebody looked at: headings, names of buttons, fields and links, their
// order and their choices. What differs on purpose is written anew by `node tests/browser/main.mjs BUILD_DIR snapshots`.
import assert from 'node:assert/strict';
import { long, test } from './kit.mjs';
import { kept, read, settle } from './snapshots.mjs';

long('the tree of accessibility of the main pages in Urdu is the one that is kept', async () => {
    const found = await read();
    assert.ok(found.size >= 15, `only ${found.size} pages`);
    for (const [room, tree] of found) assert.equal(tree, kept(room), `${room} differs; if it should: node tests/browser/main.mjs BUILD_DIR snapshots`);
});

test('of a tree the form is kept and what changes from run to run is not', () => {
    const tree = (day, reference, n) => `- heading "x ${n}"\n- table:\n  - rowgroup:\n    - row "a b"\n    - row "${reference}":\n      - cell "${day}"\n- text: ${day}\n- link "${reference}":\n  - /url: /referral/${reference}`;
    assert.equal(settle(tree('25 نومبر 2026، 15:50', '6RG2VKA74', 3)), settle(tree('2 دسمبر 2026، 5:01', 'KYB0DC0JE', 12)));
    assert.notEqual(settle('- button "x"'), settle('- button "y"'));
});
