// SPDX-License-Identifier: Apache-2.0
// tally: how many attacks there were, how many were refused, and which were not. Printed when the process ends, so that a group
// that never ran is seen by its absence.
import assert from 'node:assert/strict';

const groups = new Map();

export function count(group, what, was_refused, why = '') {
    const row = groups.get(group) ?? { tried: 0, refused: 0, skipped: [] };
    row.tried++;
    if (was_refused) row.refused++;
    groups.set(group, row);
    assert.ok(was_refused, `not refused: ${group}: ${what}: ${why}`);
}

export function skip(group, why) {
    const row = groups.get(group) ?? { tried: 0, refused: 0, skipped: [] };
    row.skipped.push(why);
    groups.set(group, row);
}

process.on('exit', () => {
    let tried = 0, refused = 0, skipped = 0;
    for (const [group, row] of groups) {
        tried += row.tried;
        refused += row.refused;
        skipped += row.skipped.length;
        const not = row.skipped.length > 0 ? `; not tried: ${row.skipped.join(', ')}` : '';
        console.log(`attacks: ${group}: refused ${row.refused} of ${row.tried}${not}`);
    }
    if (groups.size > 0) console.log(`attacks: refused: ${refused} of ${tried}, skipped: ${skipped}`);
});
