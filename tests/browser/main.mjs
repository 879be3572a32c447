// SPDX-License-Identifier: Apache-2.0
// main.mjs BUILD_DIR all [FILE...] | slice | screens DIR: one network, one Chromium, and the tests one after another, since
// all of them share two cores. `slice` leaves out what takes long; ./dev test runs it. Exit 77: something is not installed.
import { run } from './kit.mjs';
import { missing } from './browser.mjs';

const [build, what, ...rest] = process.argv.slice(2);
const ALL = ['launch', 'attack', 'pages', 'lock', 'script', 'story', 'care', 'names'];

if (!build || !['all', 'slice', 'screens'].includes(what)) {
    console.error('usage: node main.mjs BUILD_DIR all [FILE...] | slice | screens DIR');
    process.exit(64);
}
if (missing()) {
    console.error(`skipped: ${missing()} is not there`);
    process.exit(77);
}
if (what === 'screens') {
    const { screens } = await import('./screens.mjs');
    await screens(build, rest[0] ?? 'build/screens');
} else {
    run(build, what === 'slice');
    const wanted = rest.length > 0 ? rest : ALL;
    for (const name of wanted) {
        if (!ALL.includes(name)) throw new Error(`there is no test file '${name}'; there are: ${ALL.join(' ')}`);
        await import(`./test_${name}.mjs`);
    }
}
