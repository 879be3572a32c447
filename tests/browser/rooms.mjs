// SPDX-License-Identifier: Apache-2.0
// rooms: what no link leads to. Beside every address of an office (tour.mjs): the case of a person from its opening to what each
// will read, the form of questions, a referral that was opened, a form that was refused, a coordinator's board and one of its
// rows. look(LABEL) is called while the page shows it. Nothing is sent to anybody.
import { agree, ask, findServices, form, look as open, openCase, origin, send, sendInVain } from './hands.mjs';
import { node, press, world } from './kit.mjs';
import { label, paths } from './tour.mjs';

export const PERSON = 'Ostravelle Quandrine', CONTACT = 'ask for the woman with the green shawl';
const HOUSE = 'shelter.peshawar', TO = HOUSE, SERVICE = 'shelter';

export async function rooms(page, name, look, each = 1) {
    const { role } = node(name);
    for (const path of await paths(page, origin(name), each)) {
        await page.goto(origin(name) + path);
        await look(label(role, path));
    }
    if (role === 'screening') await officer(page, name, look);
    if (role === 'coordinator') await coordinator(page, name, look);
    if (name === HOUSE) await house(page, name, look);
}

// As the pages are passed on the way of one person.
export async function officer(page, name, look) {
    const alias = await openCase(page, name, { name: PERSON, safe_contact: CONTACT, district: 'PK513' });
    await look('screening.case');
    await page.goto(`${origin(name)}/screen/${alias}`);
    await look('screening.screen.before');
    await send(page, 'screen');
    await look('screening.screen');
    await send(page, 'screen-answer', { answer: 'yes' });
    await page.goto(`${origin(name)}/outcome/${alias}`);
    await look('screening.outcome');
    await page.goto(`${origin(name)}/consent/${alias}`);
    await look('screening.consent.before');
    await findServices(page, name, alias, { service: SERVICE, tonight: 'yes' });
    await look('screening.services');
    await ask(page, name, alias, TO, SERVICE);
    await look('screening.consent');
    await agree(page, name, alias, TO, SERVICE);
    await look('screening.consent.after');
    await page.goto(`${origin(name)}/send/${alias}`);
    await look('screening.send');
    await send(page, 'preview', { each: `to=${TO} service=${SERVICE}`, priority: 'tonight' });
    await look('screening.send.read');
    await page.goto(`${origin(name)}/cases`);
    await send(page, 'case-find', { name: PERSON });
    await look('screening.cases.found');
    await page.goto(`${origin(name)}/arrivals`);
    await send(page, 'triage');
    await look('screening.arrivals.triage');
}

export async function coordinator(page, name, look) {
    await page.goto(`${origin(name)}/board`);
    if (await form(page, 'board').count()) await send(page, 'board');
    await look('coordinator.board.shown');
    await press(page, page.locator('main tr:has(.tag.late) a').first());
    await look('coordinator.timeline');
}

export async function house(page, name, look) {
    const { reference } = world.read(node(name), 'inbox').flatMap((one) => one.items ?? [one]).find((one) => one.state === 'opened');
    await open(page, name, reference);
    if (await form(page, 'show').count()) await send(page, 'show');
    await look('shelter.referral.open');
    await page.locator('main details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    await look('shelter.referral.unfolded');
    await open(page, name, reference);
    await sendInVain(page, 'redirect', { suggest: '', reason: 'not-eligible-age' });
    await look('shelter.referral.refused');
}
