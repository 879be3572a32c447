// SPDX-License-Identifier: Apache-2.0
// screens: a picture of every page of every organisation, in both languages, wide and narrow: FOLDER/PAGE.LANGUAGE.WIDTH.png. For
// eyes: no test compares them, since fonts change.
import { mkdirSync, rmSync } from 'node:fs';
import { LANGUAGES, WIDTHS, enter, launch, person, press, unlock } from './browser.mjs';
import { kind, label, paths, speak } from './tour.mjs';
import { World } from './world.mjs';
import { use } from './kit.mjs';
import { coordinator, house, officer } from './rooms.mjs';
import { firstHour, withWizard } from './wizard.mjs';

const ROOMS = { 'fia.torkham': officer, 'coordinator.islamabad': coordinator, 'shelter.peshawar': house };

const OFFICES = ['shelter.peshawar', 'fia.torkham', 'coordinator.islamabad', 'clinic.rawalpindi', 'skills.gujranwala', 'legal.peshawar'];

export async function screens(build, folder) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const world = await World.start(build), browser = await launch();
    use(world, browser);
    let taken = 0;
    try {
        for (const name of OFFICES) {
            const node = world.nodes[name];
            for (const width of WIDTHS) {
                const context = await person(browser, { width });
                const page = await enter(context, world, node);
                const there = await paths(page, node.origin);
                const shoot = async (path, language, what = label(node.role, path)) => {
                    if (path) await page.goto(node.origin + path);
                    await page.evaluate(() => document.fonts.ready.then(() => true));
                    await page.screenshot({ path: `${folder}/${what}.${language}.${width}.png`, fullPage: true });
                    taken++;
                };
                for (const language of LANGUAGES) {
                    await page.goto(node.origin + '/');
                    await speak(page, language);
                    for (const path of there) await shoot(path, language);
                    await ROOMS[name]?.(page, name, (room) => shoot(null, language, room));
                }
                if (name === OFFICES[0]) {
                    for (const language of LANGUAGES) {
                        await page.goto(node.origin + '/');
                        await speak(page, language);
                        await shoot(there.find((one) => kind(one).includes('{reference}')), language, 'referral.before');
                        await shoot('/nothing-here', language, 'refusal');
                        await page.goto(node.origin + '/');
                        await press(page, page.locator('form[action="/do/lock"] button'));
                        await shoot(null, language, 'lock');
                        await unlock(page, world);
                    }
                    const dark = await person(browser, { width, colorScheme: 'dark' });
                    const night = await enter(dark, world, node);
                    await night.screenshot({ path: `${folder}/dark.en.${width}.png`, fullPage: true });
                    await speak(night, 'ur');
                    await night.screenshot({ path: `${folder}/dark.ur.${width}.png`, fullPage: true });
                    taken += 2;
                    await dark.close();
                }
                await context.close();
            }
        }
        for (const width of WIDTHS)
            for (const language of LANGUAGES)
                await withWizard(async (desk) => {
                    const context = await person(browser, { width });
                    await firstHour(context, desk, async (page, what) => {
                        if (what === 'setup.start') await speak(page, language);
                        await page.evaluate(() => document.fonts.ready.then(() => true));
                        await page.screenshot({ path: `${folder}/${what}.${language}.${width}.png`, fullPage: true });
                        taken++;
                    });
                    await context.close();
                }, build);
    } finally {
        await browser.close();
        await world.stop();
    }
    console.log(`screens: ${taken} pictures in ${folder}`);
}
