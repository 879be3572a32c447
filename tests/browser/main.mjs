// SPDX-License-Identifier: Apache-2.0
// main.mjs BUILD_DIR all [FILE...] | slice | screens DIR | snapshots: one network, one Chromium, and the tests one after another, since
// all of them share two cores. `slice` leaves out what takes long; ./dev test runs it. Exit 77: something is not installed.
import { run } from './kit.mjs';
import { missing } from './browser.mjs';

const [build, what, ...rest] = process.argv.slice(2);
// Snapshots first: they are of the network as the demo leaves it.
const ALL = ['snapshots', 'launch', 'attack', 'pages', 'lock', 'script', 'story', 'care', 'names', 'pseudo', 'wizard'];

if (!build || !['all', 'slice', 'screens', 'snapshots'].includes(what)) {
    console.error('usage: node main.mjs BUILD_DIR all [FILE...] | slice | screens DIR | snapshots');
    process.exit(64);
}
if (missing()) {
    console.error(`skipped: ${missing()} is not there`);
    process.exit(77);
}
if (what === 'screens') {
    const { screens } = await import('./screens.mjs');
    await screens(build, rest[0] ?? 'build/screens');
} else if (what === 'snapshots') {
    const { together } = await import('./kit.mjs');
    const { read, write } = await import('./snapshots.mjs');
    await together(build, async () => write(await read()));
} else {
    run(build, what === 'slice');
    const wanted = rest.length > 0 ? rest : ALL;
    for (const name of wanted) {
        if (!ALL.includes(name)) throw new Error(`there is no test file '${name}'; there are: ${ALL.join(' ')}`);
        await import(`./test_${name}.mjs`);
    }
}
