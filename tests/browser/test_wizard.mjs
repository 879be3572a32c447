// SPDX-License-Identifier: Apache-2.0
// wizard: the first hour of an office, in both languages, wide and narrow: each of its pages is a page like the others.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES, WIDTHS } from './browser.mjs';
import { all, listen } from './facts.mjs';
import { browser, long, person, test } from './kit.mjs';
import { speak } from './tour.mjs';
import { firstHour, WORDS, withWizard } from './wizard.mjs';

// Every file below the folder.
const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)).filter((name) => statSync(name).isFile());

for (const width of WIDTHS) {
    for (const language of LANGUAGES) {
        const one = width === 360 && language === 'ur' ? test : long;
        one(`a desk is made in the browser and asks to enter the network (${language}, ${width} px)`, async () => {
            await withWizard(async (desk) => {
                const context = await person(browser, { width }), found = [];
                try {
                    await firstHour(context, desk, async (page, label) => {
                        if (label === 'setup.start') {
                            found.push(...listen(page, new URL(page.url()).origin));
                            await speak(page, language);
                        }
                        for (const finding of await all(page, language)) found.push(`${label}: ${finding}`);
                        assert.doesNotMatch(await page.content(), new RegExp(WORDS), 'the passphrase is in no page');
                    });
                } finally {
                    await context.close();
                }
                assert.deepEqual(found.filter((finding) => !/status of 4\d\d/.test(finding)), []);
                assert.ok(existsSync(path.join(desk.home, 'node.key')));
                for (const file of files(desk.home)) assert.ok(!readFileSync(file).includes(WORDS), `${file} holds the passphrase`);
            });
        });
    }
}
