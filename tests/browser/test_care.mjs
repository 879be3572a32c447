// SPDX-License-Identifier: Apache-2.0
// care: the stories of docs/CARE.md clicked through from the officer's page to the provider's and on to the coordinator's, each
// person in a browser of her own; and what one decided is read by the other in her page. What each story is seen as (language,
// width, script, colours) stands beside it, and the last test counts that every pair of values occurs.
import assert from 'node:assert/strict';
import { browser, enter, long, node, person, press, test, unlock, world } from './kit.mjs';
import {
    agree, arrowTo, ask, enterKey, findServices, follow, form, look, openCase, origin, pressKey, refer, referSomebody, send, sendInVain, spaceOn, stateIs, tabTo,
} from './hands.mjs';
import { speak } from './tour.mjs';

const POST = 'fia.torkham', AIRPORT = 'fia.islamabad-airport', HOUSE = 'shelter.peshawar', CLINIC = 'clinic.rawalpindi';
const SKILLS = 'skills.gujranwala', LAW = 'legal.peshawar', LAW_2 = 'legal.islamabad', COORDINATOR = 'coordinator.islamabad';

const trace = (name, reference, ...more) => world.read(node(name), 'trace', reference, ...more)[0];
const until = (name, reference, state) => trace(name, reference, '--until', state, '--timeout', '30');

const LOOKS = { language: ['en', 'ur'], width: [1000, 360], script: [true, false], colours: ['light', 'dark'] };
const STORIES = [];

// A story, with a page for each of the offices that it names.
function story(kind, sentence, [language, width, script, colours], offices, body) {
    STORIES.push({ language, width, script, colours });
    kind(`${sentence} (${language}, ${width} px, ${script ? 'with' : 'without'} script, ${colours})`, async () => {
        const contexts = [];
        try {
            const pages = [];
            for (const name of offices) {
                const context = await person(browser, { width, script, colorScheme: colours });
                contexts.push(context);
                const page = await enter(context, world, node(name));
                if (await page.locator('form[action="/do/unlock"]').count()) await unlock(page, world);
                await speak(page, language);
                pages.push(page);
            }
            await body(...pages);
        } finally {
            for (const context of contexts) await context.close();
        }
    });
}
const today = () => new Date(Date.now() + 5 * 3600_000).toISOString().slice(0, 10); // Pakistan's day
const tomorrow = () => new Date(Date.now() + 29 * 3600_000).toISOString().slice(0, 10);

// The page is opened again until what is looked for stands there.
async function until_(page, again, wanted) {
    for (let tries = 0; tries < 60; tries++) {
        await again();
        if (await wanted.count()) return;
        await page.waitForTimeout(250);
    }
    assert.fail(`it does not come: ${await page.locator('main').innerText()}`);
}
// What is confidential is shown once somebody opens it.
async function opened(page) {
    if (await form(page, 'show').count()) await send(page, 'show');
}
const reads = (page, name, reference, where, word) => until_(page, () => look(page, name, reference), page.locator(where, { hasText: word }));
// Both sides read the same.
async function both(state, reference, ...sides) {
    for (const [page, name] of sides) {
        until(name, reference, state);
        await stateIs(page, name, reference, state);
    }
}
const boardRow = async (page, reference, more = '') => {
    await page.goto(`${origin(COORDINATOR)}/board${more}`);
    if (await form(page, 'board').count()) {
        await send(page, 'board');
        if (more) await page.goto(`${origin(COORDINATOR)}/board${more}`);
    }
    return page.locator(`main tr:has(a:has-text("${reference}"))`);
};
// The coordinator's row of it says so, as soon as the members' word has come.
async function onBoard(page, reference, state) {
    for (let tries = 0; tries < 60; tries++) {
        const row = await boardRow(page, reference, '?all=yes');
        if (await row.locator(`.tag.${state}`).count()) return row;
        await page.waitForTimeout(250);
    }
    assert.fail(`the board does not say that ${reference} is ${state}: ${await page.locator('main').innerText()}`);
}

story(long, 'an urgent shelter referral is accepted, the person comes, is served, and is asked afterwards how she is',
    ['ur', 360, false, 'light'], [POST, HOUSE, COORDINATOR], async (officer, house, coordinator) => {
        const { reference } = await referSomebody(officer, POST, HOUSE, 'shelter', { priority: 'tonight', wanted: { tonight: 'yes' } });
        until(HOUSE, reference, 'requested');
        await house.goto(`${origin(HOUSE)}/inbox`);
        await press(house, house.locator(`a[href="/referral/${reference}"]`).first());
        await send(house, 'show');
        await both('opened', reference, [officer, POST]);
        await look(house, HOUSE, reference);
        await send(house, 'accept');
        await both('accepted', reference, [officer, POST], [house, HOUSE]);
        await onBoard(coordinator, reference, 'accepted');
        await send(house, 'start');
        await both('in-service', reference, [officer, POST], [house, HOUSE]);
        await send(house, 'complete', { given: 'shelter' });
        await both('completed', reference, [officer, POST], [house, HOUSE]);
        await onBoard(coordinator, reference, 'completed');
        await send(house, 'follow-up', { result: 'safe-and-well', after: '30' });
        await reads(officer, POST, reference, '.events li', 'محفوظ');
    });

story(long, 'a shelter that is full is not offered, and why is said; asked all the same it sends the sender elsewhere, who reads where to',
    ['en', 1000, true, 'dark'], [POST, HOUSE], async (officer, house) => {
        const alias = await openCase(officer, POST);
        await agree(officer, POST, alias, HOUSE, 'shelter');
        const tell = async (status, available) => {
            await house.goto(`${origin(HOUSE)}/capacity`);
            await send(house, 'capacity-set', { unit: 'female-bed', maximum: '6', available, status }, form(house, 'capacity-set').last());
        };
        await tell('full', '0');
        const leftOut = officer.locator('main details:has(ul.tasks) li', { hasText: HOUSE });
        await until_(officer, () => findServices(officer, POST, alias, { service: 'shelter' }), leftOut);
        assert.match(await leftOut.first().textContent(), /full/i);
        const reference = await refer(officer, POST, alias, HOUSE, 'shelter');
        until(HOUSE, reference, 'requested');
        await look(house, HOUSE, reference);
        await send(house, 'redirect', { suggest: 'shelter.rawalpindi', reason: 'at-capacity' });
        await both('redirected', reference, [officer, POST], [house, HOUSE]);
        assert.match(await officer.locator('.events').innerText(), /shelter\.rawalpindi/);
        await tell('open', '3');
        await until_(officer, () => findServices(officer, POST, alias, { service: 'shelter' }), officer.locator('section.card', { hasText: HOUSE }));
    });

story(long, 'a referral waits on a list until there is room, and is accepted then',
    ['en', 360, true, 'dark'], [POST, HOUSE], async (officer, house) => {
        const { reference } = await referSomebody(officer, POST, HOUSE, 'supplies');
        until(HOUSE, reference, 'requested');
        await look(house, HOUSE, reference);
        await send(house, 'waitlist', { day: tomorrow() });
        await both('waitlisted', reference, [officer, POST], [house, HOUSE]);
        await send(house, 'accept');
        await both('accepted', reference, [officer, POST]);
    });

story(long, 'a referral is declined with a reason, and the officer asks another member, whom the person agreed to',
    ['ur', 1000, true, 'light'], [POST, LAW, LAW_2, COORDINATOR], async (officer, law, second, coordinator) => {
        const { alias, reference } = await referSomebody(officer, POST, LAW, 'legal', { priority: 'normal' });
        until(LAW, reference, 'requested');
        await look(law, LAW, reference);
        await send(law, 'decline', { reason: 'at-capacity', suggest: LAW_2 });
        await both('declined', reference, [officer, POST], [law, LAW]);
        await onBoard(coordinator, reference, 'declined');
        assert.match(await officer.locator('.events').innerText(), /legal\.islamabad/);
        await sendInVain(officer, 'refer-again', { to: LAW_2 });
        await agree(officer, POST, alias, LAW_2, 'legal');
        await look(officer, POST, reference);
        await send(officer, 'refer-again', { to: LAW_2 });
        await officer.goto(`${origin(POST)}/sent`);
        const again = (await officer.locator('main a[href^="/referral/"]').first().getAttribute('href')).split('/').pop();
        assert.notEqual(again, reference);
        until(LAW_2, again, 'requested');
        await look(second, LAW_2, again);
        await send(second, 'accept');
        await both('accepted', again, [officer, POST], [second, LAW_2]);
    });

story(long, 'the officer asks first, without a word of who it is; the shelter keeps a bed; then the referral goes there',
    ['en', 360, false, 'dark'], [POST, HOUSE], async (officer, house) => {
        const alias = await openCase(officer, POST, { name: 'Ostravelle' });
        const found = (await findServices(officer, POST, alias, { service: 'shelter', tonight: 'yes' })).find((one) => one.name === HOUSE);
        await press(officer, found.card.locator('form[action="/do/enquire"] button'));
        const theirs = house.locator('section.card:has(form[action="/do/answer-enquiry"])').first();
        await until_(house, () => house.goto(`${origin(HOUSE)}/enquiries`), theirs);
        assert.doesNotMatch(await house.locator('main').innerText(), /Ostravelle/);
        await send(house, 'answer-enquiry', { answer: 'yes', hours: '4' }, theirs.locator('form'));
        await until_(officer, () => officer.goto(`${origin(POST)}/enquiries`), officer.locator('section.card', { hasText: 'The place is kept until' }).first());
        await agree(officer, POST, alias, HOUSE, 'shelter');
        const reference = await refer(officer, POST, alias, HOUSE, 'shelter', 'tonight');
        until(HOUSE, reference, 'requested');
        await stateIs(house, HOUSE, reference, 'requested');
    });

story(test, 'a person who wants no help is read her rights and the hotlines, and nothing is sent',
    ['ur', 1000, false, 'dark'], [POST], async (officer) => {
        await officer.goto(`${origin(POST)}/sent`);
        const before = await officer.locator('main a[href^="/referral/"]').count();
        const alias = await openCase(officer, POST);
        await ask(officer, POST, alias, HOUSE, 'shelter');
        await officer.locator('details.declines > summary').click();
        const read = await officer.locator('details.declines').innerText();
        for (const line of ['15', '1099', '1121']) assert.ok(read.includes(line), `the number ${line} is read out`);
        await send(officer, 'case-close', {}, form(officer, 'case-close').last());
        await officer.goto(`${origin(POST)}/sent`);
        assert.equal(await officer.locator('main a[href^="/referral/"]').count(), before);
        await officer.goto(`${origin(POST)}/case/${alias}`);
        assert.equal(await form(officer, 'case-consent').count(), 0);
    });

story(long, 'the person is met at a neutral point by whoever says the code, and arrives',
    ['en', 360, true, 'light'], [POST, HOUSE], async (officer, house) => {
        const { reference } = await referSomebody(officer, POST, HOUSE, 'shelter', { priority: 'tonight' });
        until(HOUSE, reference, 'requested');
        await look(house, HOUSE, reference);
        await send(house, 'show');
        await send(house, 'accept');
        const from = new Date(Date.now() + 2 * 3600_000 + 5 * 3600_000).toISOString().slice(0, 16); // Pakistan's time
        await send(house, 'hand-over-propose', { point: '1', from, way_minutes: '45', who: 'a-woman' });
        const comes = async (page, name, word) => until_(page, () => look(page, name, reference), page.locator(`h2 .tag.${word}`));
        await look(officer, POST, reference);
        await opened(officer);
        await comes(officer, POST, 'proposed');
        await send(officer, 'hand-over-agree');
        await comes(house, HOUSE, 'agreed');
        const said = await officer.locator('.digits').innerText();
        assert.match(said, /^\d{4,8}$/);
        assert.equal(await house.locator('.digits').innerText(), said, 'both know the same code');
        await send(officer, 'handed-over');
        await comes(house, HOUSE, 'handed-over');
        await send(house, 'arrived');
        await comes(officer, POST, 'arrived');
    });

story(long, 'what is overdue stands on the coordinator\'s board; she telephones, reminds and suggests somebody else, and both sides read it',
    ['ur', 360, true, 'dark'], [COORDINATOR, HOUSE, POST], async (coordinator, house, officer) => {
        const row = (await boardRow(coordinator, '', '?late=yes')).filter({ hasText: HOUSE }).first();
        const reference = await row.locator('a').innerText();
        await press(coordinator, row.locator('a'));
        assert.match(await coordinator.locator('main').innerText(), new RegExp(reference));
        await send(coordinator, 'call-note', { whom: 'recipient', result: 'promised' });
        await send(coordinator, 'nudge');
        await send(coordinator, 'reassign', { to: 'shelter.rawalpindi' });
        await sendInVain(coordinator, 'escalate'); // there is one coordinator only, and the page says so
        assert.match(await coordinator.locator('.errors').innerText(), /no-deputy/);
        await until_(house, () => house.goto(`${origin(HOUSE)}/`), house.locator('tr', { hasText: reference }).filter({ hasText: 'یاد دلایا گیا' }));
        await until_(officer, () => officer.goto(`${origin(POST)}/`), officer.locator('tr', { hasText: reference }).filter({ hasText: 'shelter.rawalpindi' }));
        await look(house, HOUSE, reference);
        await send(house, 'decline', { reason: 'at-capacity' });
        await onBoard(coordinator, reference, 'declined');
    });

story(long, 'the person takes her consent back: the other side has nothing of her any more, and proves it',
    ['en', 1000, false, 'light'], [POST, LAW], async (officer, law) => {
        const { reference } = await referSomebody(officer, POST, LAW, 'legal', { known: { name: 'Ostravelle' }, groups: 'name' });
        until(LAW, reference, 'requested');
        await look(law, LAW, reference);
        await send(law, 'show');
        assert.match(await law.locator('main').innerText(), /Ostravelle/);
        await look(officer, POST, reference);
        await send(officer, 'withdraw-consent', {});
        await until_(law, () => look(law, LAW, reference), law.locator('main:not(:has-text("Ostravelle"))'));
        await opened(law);
        assert.doesNotMatch(await law.locator('main').innerText(), /Ostravelle/);
        for (let tries = 0; tries < 60 && !/"purged"/.test(world.ask(node(POST), 'shared', reference, '--json')); tries++) await officer.waitForTimeout(250);
        assert.match(world.ask(node(POST), 'shared', reference, '--json'), /"state":"purged"/);
    });

story(long, 'help with a livelihood goes step by step, and the officer reads each step',
    ['ur', 1000, true, 'dark'], [POST, SKILLS], async (officer, skills) => {
        const { reference } = await referSomebody(officer, POST, SKILLS, 'livelihood', { priority: 'normal' });
        until(SKILLS, reference, 'requested');
        await look(skills, SKILLS, reference);
        await send(skills, 'accept');
        await send(skills, 'start');
        for (const milestone of ['skills-training', 'start-up-kit', 'placement']) await send(skills, 'milestone', { milestone });
        await send(skills, 'complete', { given: 'livelihood' });
        await both('completed', reference, [officer, POST], [skills, SKILLS]);
        const steps = await skills.locator('.events').innerText();
        assert.equal(await officer.locator('.events li').count(), await skills.locator('.events li').count(), steps);
    });

story(long, 'a doctor makes an appointment, the person does not come, a second one is kept',
    ['en', 360, false, 'light'], [POST, CLINIC, COORDINATOR], async (officer, clinic, coordinator) => {
        const { reference } = await referSomebody(officer, POST, CLINIC, 'medical');
        until(CLINIC, reference, 'requested');
        await look(clinic, CLINIC, reference);
        await send(clinic, 'accept');
        await send(clinic, 'schedule', { day: today() });
        await both('scheduled', reference, [officer, POST], [clinic, CLINIC]);
        await send(clinic, 'no-show');
        await both('no-show', reference, [officer, POST], [clinic, CLINIC]);
        await onBoard(coordinator, reference, 'no-show');
        await send(clinic, 'schedule', { day: tomorrow() });
        await send(clinic, 'start');
        await send(clinic, 'complete', { given: 'medical' });
        await both('completed', reference, [officer, POST], [clinic, CLINIC]);
    });

story(long, 'with the keyboard alone: a case, what the person agrees to, the referral, the shelter\'s yes, and the end of it at the board',
    ['en', 1000, true, 'light'], [POST, HOUSE, COORDINATOR], async (officer, house, coordinator) => {
        await officer.goto(`${origin(POST)}/`);
        await follow(officer, '/cases');
        for (const [field, value] of Object.entries({ age_band: '26-40', minor: 'no', gender: 'female', languages: 'pus' })) await arrowTo(officer, field, value);
        await pressKey(officer, 'case-open');
        const alias = new URL(officer.url()).pathname.split('/').pop();
        await follow(officer, `/services/${alias}`);
        await arrowTo(officer, 'service', 'shelter');
        await pressKey(officer, 'match');
        await tabTo(officer, `element.localName === 'button' && element.closest('form[action="/do/preview"]')?.elements.to.value === '${HOUSE}'`, HOUSE);
        await enterKey(officer);
        for (const [field, value] of Object.entries({ 'consent.given_by': 'person', 'consent.how': 'spoken', 'consent.language': 'pus' })) await arrowTo(officer, field, value);
        await spaceOn(officer, `element.name === 'consent.interpreter'`, 'the interpreter');
        await pressKey(officer, 'case-consent');
        await follow(officer, `/send/${alias}`);
        await spaceOn(officer, `element.name === 'each'`, 'what was agreed to');
        await arrowTo(officer, 'priority', 'urgent');
        await pressKey(officer, 'preview');
        await pressKey(officer, 'refer');
        await tabTo(officer, `/^\\/referral\\//.test(element.getAttribute('href'))`, 'what was sent');
        await enterKey(officer);
        const reference = new URL(officer.url()).pathname.split('/').pop();
        until(HOUSE, reference, 'requested');
        await house.goto(`${origin(HOUSE)}/`);
        await follow(house, '/inbox');
        await follow(house, `/referral/${reference}`);
        for (const verb of ['show', 'accept', 'start']) await pressKey(house, verb);
        await spaceOn(house, `element.localName === 'summary' && element.parentElement.querySelector('form[action="/do/complete"]')`, 'the end of it');
        await pressKey(house, 'complete');
        until(POST, reference, 'completed');
        await officer.goto(`${origin(POST)}/`);
        await follow(officer, '/sent');
        await follow(officer, `/referral/${reference}`);
        assert.equal(await officer.locator('.status .tag.completed').count(), 1);
        await coordinator.goto(`${origin(COORDINATOR)}/`);
        await follow(coordinator, '/board');
        if (await form(coordinator, 'board').count()) await pressKey(coordinator, 'board');
        await spaceOn(coordinator, `element.name === 'all'`, 'the ended ones');
        await tabTo(coordinator, `element.localName === 'button' && element.closest('form[action="/board"]')`, 'the button that shows them');
        await enterKey(coordinator);
        assert.ok((await coordinator.locator('main').innerText()).includes(reference), 'the board has it');
    });

test('the stories are seen in every pair of looks', () => {
    const axes = Object.keys(LOOKS);
    for (const [i, one] of axes.entries())
        for (const other of axes.slice(i + 1))
            for (const a of LOOKS[one])
                for (const b of LOOKS[other])
                    assert.ok(STORIES.some((seen) => seen[one] === a && seen[other] === b), `no story with ${one} ${a} and ${other} ${b}`);
});
