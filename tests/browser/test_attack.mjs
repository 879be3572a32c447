// SPDX-License-Identifier: Apache-2.0
// attack: what other pages, programs and users of this machine try, while a person of the shelter is at work. Every attack has
// the living session's cookie and form token where its attacker could at best have them, so that one guard stands alone each
// time; and the same request in its right form is let in, before and after, so that a refusal means something.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { inside, long, node, test, world } from './kit.mjs';
import { attackers } from './attackers.mjs';
import { request, send } from './raw.mjs';
import { count, skip } from './tally.mjs';

const HOUSE = 'shelter.peshawar';
const REFUSALS = [0, 400, 403, 404, 405, 408, 413, 414, 415, 421, 431, 501, 505];
const isLocked = () => world.read(node(HOUSE), 'status')[0].locked;
// What a page of the shelter holds and a refusal does not.
const tells = (text) => /peshawar|torkham|islamabad|[0-9A-Z]{8}[0-9A-Z]<\/bdi>/.test(text);

// A session as its thief would know it: cookie, and the form that locks the node with all that it carries.
async function stolen(page, context) {
    const [cookie] = await context.cookies();
    const form = await page.evaluate(() => {
        const lock = [...document.forms].find((one) => /(^|\/)lock$/.test(one.getAttribute('action')));
        return lock && { action: lock.getAttribute('action'), body: new URLSearchParams(new FormData(lock)).toString() };
    });
    assert.ok(form, 'no page has the form that locks');
    return { cookie: `${cookie.name}=${cookie.value}`, ...form };
}

// The parts of a right request of that session; `wrong` replaces some (null leaves a field out).
function get({ cookie }, wrong = {}) {
    const { port } = node(HOUSE);
    const parts = { line: 'GET / HTTP/1.1', host: `Host: 127.0.0.1:${port}`, cookie: `Cookie: ${cookie}`, more: [], ...wrong };
    return request(parts.line, [parts.host, parts.cookie, ...parts.more]);
}
function post(session, wrong = {}) {
    const { port, origin } = node(HOUSE);
    const parts = {
        line: `POST ${session.action} HTTP/1.1`, host: `Host: 127.0.0.1:${port}`, cookie: `Cookie: ${session.cookie}`,
        origin: `Origin: ${origin}`, type: 'Content-Type: application/x-www-form-urlencoded', body: session.body, more: [], ...wrong,
    };
    const length = 'length' in parts ? parts.length : `Content-Length: ${Buffer.byteLength(parts.body)}`;
    return request(parts.line, [parts.host, parts.cookie, parts.origin, parts.type, length, ...parts.more], parts.body);
}

async function refused(group, what, bytes, options) {
    const answer = await send(node(HOUSE).port, bytes, options);
    count(group, what, REFUSALS.includes(answer.code) && !tells(answer.body), `${answer.code} ${answer.body.slice(0, 200)}`);
}

// BODY between two looks that the right request is let in and that nobody locked the node. At the end the lock itself works.
async function underAttack(body) {
    await inside(HOUSE, {}, async (page, context) => {
        const session = await stolen(page, context);
        const letIn = async () => {
            const answer = await send(node(HOUSE).port, get(session));
            assert.equal(answer.code, 200);
            assert.ok(tells(answer.body), 'the page tells what a refusal must not');
        };
        await letIn();
        await body(session, page, context);
        await letIn();
        assert.equal(isLocked(), false, 'an attack locked the node');
        const answer = await send(node(HOUSE).port, post(session));
        assert.equal(answer.code, 303, 'the right request does lock it');
        assert.equal(isLocked(), true);
    });
}

test('a name of another host is refused, with whatever cookie', async () => {
    await underAttack(async (session) => {
        const { port } = node(HOUSE);
        const hosts = [`localhost:${port}`, `LOCALHOST:${port}`, `rebind.example:${port}`, 'rebind.example', `127.0.0.1.rebind.example:${port}`,
            `127.0.0.1:${port}.rebind.example`, `rebind.example@127.0.0.1:${port}`, `127.0.0.1`, `127.0.0.1:80`, `127.0.0.1:${port + 1}`,
            `127.0.0.1:0${port}`, `127.0.0.1:${port}/`, `127.0.0.1:${port},rebind.example`, `127.0.0.2:${port}`, `[::1]:${port}`, `[::ffff:127.0.0.1]:${port}`,
            `0.0.0.0:${port}`, `0:${port}`, `127.1:${port}`, `2130706433:${port}`, `0x7f000001:${port}`, `127.0.0.1.:${port}`, `127.0.0.1:${port}\t.x`, ''];
        for (const host of hosts) {
            await refused('host', `GET as '${host}'`, get(session, { host: `Host: ${host}` }));
            await refused('host', `POST as '${host}'`, post(session, { host: `Host: ${host}` }));
        }
        await refused('host', 'no Host', get(session, { host: null }));
        await refused('host', 'an absolute address of another host', get(session, { line: 'GET http://rebind.example/ HTTP/1.1', host: 'Host: rebind.example' }));
    });
});

test('a change that another origin asks for, or that says no origin, is refused', async () => {
    await underAttack(async (session) => {
        const { port, origin } = node(HOUSE);
        const origins = ['null', 'http://rebind.example', `http://rebind.example:${port}`, `http://localhost:${port}`, `https://127.0.0.1:${port}`,
            `http://127.0.0.1:${port + 1}`, 'http://127.0.0.1', `http://127.0.0.1:${port}/`, `HTTP://127.0.0.1:${port}`, `${origin}.rebind.example`,
            `${origin} http://rebind.example`, `http://127.0.0.1:0${port}`, `http://[::1]:${port}`, `http://127.0.0.2:${port}`, `http://x@127.0.0.1:${port}`,
            'file://', 'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'about:blank', '', ' '];
        for (const one of origins) {
            await refused('origin', `POST from '${one}'`, post(session, { origin: `Origin: ${one}` }));
        }
        await refused('origin', 'POST from nowhere', post(session, { origin: null }));
        await refused('origin', 'POST that names its page only', post(session, { origin: `Referer: ${origin}/` }));
        for (const one of ['null', 'http://rebind.example', `http://localhost:${port}`])
            await refused('origin', `GET from '${one}'`, get(session, { more: [`Origin: ${one}`] }));
    });
});

test('what the browser says of another page behind a request is believed', async () => {
    await underAttack(async (session) => {
        for (const site of ['cross-site', 'same-site', 'none', 'Same-Origin', 'same-origin, cross-site', 'x']) {
            await refused('fetch metadata', `POST ${site}`, post(session, { more: [`Sec-Fetch-Site: ${site}`] }));
        }
        for (const site of ['cross-site', 'same-site', 'x', '']) {
            await refused('fetch metadata', `GET ${site}`, get(session, { more: [`Sec-Fetch-Site: ${site}`] }));
        }
        for (const mode of ['cors', 'no-cors', 'same-origin', 'websocket'])
            await refused('fetch metadata', `POST of mode ${mode}`, post(session, { more: ['Sec-Fetch-Site: same-origin', `Sec-Fetch-Mode: ${mode}`] }));
        for (const dest of ['iframe', 'frame', 'embed', 'object', 'worker', 'serviceworker'])
            await refused('fetch metadata', `GET into ${dest}`, get(session, { more: ['Sec-Fetch-Site: same-origin', `Sec-Fetch-Dest: ${dest}`] }));
    });
});

test('a request that two programs could read in two ways is refused', async () => {
    await underAttack(async (session) => {
        const { port } = node(HOUSE);
        const own = `Host: 127.0.0.1:${port}`;
        const smuggled = get(session);
        const odd = {
            'two Hosts': get(session, { more: [own] }),
            'two Hosts, the second another': get(session, { more: ['Host: rebind.example'] }),
            'two lengths': post(session, { more: ['Content-Length: 0'] }),
            'two equal lengths': post(session, { more: [`Content-Length: ${session.body.length}`] }),
            'length and chunked': post(session, { more: ['Transfer-Encoding: chunked'] }),
            'chunked': post(session, { length: 'Transfer-Encoding: chunked', body: `${session.body.length.toString(16)}\r\n${session.body}\r\n0\r\n\r\n` }),
            'chunked by another name': post(session, { more: ['Transfer-Encoding: xchunked'] }),
            'chunked after a tab': post(session, { more: ['Transfer-Encoding:\tchunked'] }),
            'a negative length': post(session, { length: 'Content-Length: -1' }),
            'a length with a plus': post(session, { length: `Content-Length: +${session.body.length}` }),
            'a length with a word behind': post(session, { length: `Content-Length: ${session.body.length}x` }),
            'a length in hex': post(session, { length: 'Content-Length: 0x10' }),
            'a length of two': post(session, { length: `Content-Length: ${session.body.length}, ${session.body.length}` }),
            'a length beyond 64 bits': post(session, { length: 'Content-Length: 99999999999999999999999' }),
            'a space before the colon': get(session, { host: `Host : 127.0.0.1:${port}` }),
            'two cookies': get(session, { more: ['Cookie: x=y'] }),
            'our cookie twice': get(session, { cookie: `Cookie: ${session.cookie}; ${session.cookie}` }),
            'our cookie twice, one of them wrong': get(session, { cookie: `Cookie: ${session.cookie.replace(/.$/, 'x')}; ${session.cookie}` }),
            'two origins': post(session, { more: ['Origin: http://rebind.example'] }),
            'two types': post(session, { more: ['Content-Type: text/plain'] }),
            'a NUL in the path': get(session, { line: 'GET /\0 HTTP/1.1' }),
            'an escaped NUL in the path': get(session, { line: 'GET /%00 HTTP/1.1' }),
            'an escaped NUL in the query': get(session, { line: 'GET /?a=%00 HTTP/1.1' }),
            'a half escape': get(session, { line: 'GET /%4 HTTP/1.1' }),
            'HTTP/1.0': get(session, { line: 'GET / HTTP/1.0' }),
            'HTTP/0.9': 'GET /\r\n\r\n',
            'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
            'HTTP/9.9': get(session, { line: 'GET / HTTP/9.9' }),
            'no version': get(session, { line: 'GET /' }),
            'TLS': Buffer.from('16030100c8010000c40303', 'hex'),
            'an upgrade to a web socket that is no page': get(session, { line: 'GET /socket HTTP/1.1', more: ['Connection: Upgrade', 'Upgrade: websocket'] }),
            'a body under GET, with a request in it': request('GET / HTTP/1.1',
                [own, `Content-Length: ${smuggled.length}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`),
        };
        for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'POST\t', 'LOCK', 'PROPFIND'])
            odd[`method ${method}`] = get(session, { line: `${method} / HTTP/1.1` });
        for (const [what, bytes] of Object.entries(odd)) await refused('smuggling', what, bytes, { end: true });
    });
});

test('a change under GET changes nothing, by whatever name it asks for the other method', async () => {
    await underAttack(async (session) => {
        for (const more of [[], ['X-HTTP-Method-Override: POST'], ['X-HTTP-Method: POST'], ['X-Method-Override: POST']])
            await refused('method', `GET ${session.action} ${more}`, get(session, { line: `GET ${session.action}?${session.body} HTTP/1.1`, more }));
        await refused('method', '_method', get(session, { line: `GET ${session.action}?_method=POST&${session.body} HTTP/1.1` }));
        await refused('method', 'HEAD', get(session, { line: `HEAD ${session.action} HTTP/1.1` }), { end: true });
    });
});

test('a form without its token, or with another, is refused', async () => {
    await underAttack(async (session) => {
        await inside('clinic.rawalpindi', {}, async (page, context) => {
            const foreign = await stolen(page, context);
            const own = new URLSearchParams(session.body);
            const name = [...own.keys()].find((key) => /^[0-9a-f]{64}$/.test(own.get(key)));
            assert.ok(name, 'the form carries its token');
            const token = own.get(name);
            const forms = { 'no body': '', 'no token': 'x=1', 'an empty token': `${name}=`, 'another token': `${name}=${'0'.repeat(64)}`,
                'half of it': `${name}=${token.slice(0, 32)}`, 'more than it': `${name}=${token}0`,
                'another node\'s': foreign.body, 'twice': `${name}=${token}&${name}=${token}`, 'under another name': `x${name}=${token}`,
                'with a NUL': `${name}=${token}%00`, 'bad escapes': `${name}=${token}&a=%zz`, 'in JSON': JSON.stringify({ [name]: token }) };
            for (const [what, body] of Object.entries(forms)) await refused('form token', what, post(session, { body }));
            for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded; charset=utf-7', ''])
                await refused('form token', `as ${type}`, post(session, { type: `Content-Type: ${type}` }));
            await refused('form token', 'without a type', post(session, { type: null }));
            for (const cookie of ['', 'x=y', session.cookie.replace(/.$/, (c) => (c === '0' ? '1' : '0')), foreign.cookie, session.cookie.replace('=', 'x='),
                session.cookie.slice(0, -1), `"${session.cookie}"`]) {
                await refused('cookie', `POST with '${cookie.slice(0, 20)}'`, post(session, { cookie: `Cookie: ${cookie}` }));
                await refused('cookie', `GET with '${cookie.slice(0, 20)}'`, get(session, { cookie: `Cookie: ${cookie}` }));
            }
        });
    });
});

test('what is too big is refused, whole or in its beginning', async () => {
    await underAttack(async (session) => {
        const big = 'a'.repeat(100_000);
        const sizes = {
            'a long path': get(session, { line: `GET /${big} HTTP/1.1` }),
            'a long query': get(session, { line: `GET /?${big} HTTP/1.1` }),
            'a long header': get(session, { more: [`X-Long: ${big}`] }),
            'a long cookie': get(session, { cookie: `Cookie: ${session.cookie}; x=${big}` }),
            'a thousand headers': get(session, { more: Array.from({ length: 1000 }, (_, i) => `X-${i}: aaaaaaaaaaaaaaaa`) }),
            'a big body': post(session, { body: `${session.body}&a=${big}${big}${big}` }),
            'a body that is to be 10 GB': post(session, { length: 'Content-Length: 10000000000' }),
            'ten thousand fields': post(session, { body: `${session.body}${'&a=b'.repeat(10_000)}` }),
            'a request line without end': 'G'.repeat(200_000),
        };
        for (const [what, bytes] of Object.entries(sizes)) await refused('size', what, bytes);
    });
});

long('who sends slowly is cut off, and nobody waits for him', async () => {
    await underAttack(async (session) => {
        const { port } = node(HOUSE);
        const half = get(session).slice(0, -4);
        const slow = Array.from({ length: 60 }, () => drip(port, half));
        const begun = Date.now();
        const answer = await send(port, get(session));
        assert.equal(answer.code, 200);
        assert.ok(Date.now() - begun < 3000, `a person waited ${Date.now() - begun} ms`);
        for (const one of slow) {
            const { ms, text } = await one;
            count('slow', 'a byte a second', ms < 25_000 && !tells(text), `still there after ${ms} ms: ${text.slice(0, 80)}`);
        }
        const body = post(session);
        await refused('slow', 'a body that does not come', body.slice(0, -10));
    });
});

// A connection that sends HALF a request and then a byte a second for ever; resolves when it is closed.
function drip(port, half) {
    return new Promise((resolve) => {
        const begun = Date.now();
        let text = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(`${half}\r\nX: `));
        const more = setInterval(() => socket.write('a'), 1000);
        const late = setTimeout(() => socket.destroy(), 30_000);
        socket.on('data', (chunk) => (text += chunk));
        socket.on('error', () => {});
        socket.on('close', () => {
            clearInterval(more);
            clearTimeout(late);
            resolve({ ms: Date.now() - begun, text });
        });
    });
}

test('another user of this machine is not let in, with the cookie or with a fresh address', async () => {
    if (process.getuid() !== 0) {
        skip('another user', 'only root can try as another user');
        return;
    }
    await underAttack(async (session) => {
        const address = world.address(node(HOUSE));
        const uid = 65534; // nobody
        const program = `const bytes = Buffer.from(process.argv[1], 'base64');
            const socket = require('net').connect(${node(HOUSE).port}, '127.0.0.1', () => socket.write(bytes));
            socket.on('data', (chunk) => process.stdout.write(chunk));
            socket.on('error', () => {});`;
        const asOther = (bytes, as) => spawnSync(process.execPath, ['-e', program, Buffer.from(bytes).toString('base64')],
            { uid: as, gid: as, encoding: 'utf8', timeout: 20_000, cwd: '/' });
        const { pathname, search } = new URL(address);
        for (const [what, bytes] of Object.entries({
            'the cookie': get(session), 'a form': post(session), 'a launch address': get(session, { line: `GET ${pathname}${search} HTTP/1.1`, cookie: null }),
            'the button of a launch address': post(session, { line: 'POST /launch HTTP/1.1', cookie: null, body: search.slice(1) }),
        })) {
            const ran = asOther(bytes, uid);
            assert.equal(ran.error, undefined);
            count('another user', what, !/^HTTP\/1\.1 [23]/.test(ran.stdout) && !tells(ran.stdout), ran.stdout.slice(0, 200));
        }
        const mine = asOther(get(session).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), 0);
        assert.match(mine.stdout, /^HTTP\/1\.1 200/, 'the same program as this user is let in');
    });
});

test('a name that a stranger points at this machine shows nothing, in a real browser', async () => {
    await underAttack(async (session, page, context) => {
        const { port } = node(HOUSE);
        for (const host of ['rebind.example', 'localhost', '127.0.0.1.example']) {
            const other = await context.newPage();
            const answer = await other.goto(`http://${host}:${port}/`);
            count('rebinding', `look at ${host}`, answer.status() === 421 && !tells(await other.content()), String(answer.status()));
            const read = await other.evaluate((path) => fetch(path, { credentials: 'include' }).then(async (got) => `${got.status} ${await got.text()}`,
                (error) => `blocked ${error}`), '/');
            count('rebinding', `fetch as ${host}`, /^(421|blocked)/.test(read) && !tells(read), read.slice(0, 200));
            const sent = await other.evaluate(([path, body]) => fetch(path, { method: 'POST', body, credentials: 'include',
                headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }).then((got) => String(got.status), (error) => `blocked ${error}`),
            [session.action, session.body]);
            count('rebinding', `send as ${host}`, /^(421|403|blocked)/.test(sent), sent);
            await other.close();
        }
    });
});

// What no frame asked for, as a prefetch, is of nobody's page.
function isOf(page, answer) {
    try {
        return answer.frame().page() === page;
    } catch {
        return false;
    }
}

async function crossOrigin(which) {
    const servers = await attackers();
    const reached = new Set(); // attacks that came as far as the node: it was the node that refused those
    try {
        await underAttack(async (session, page, context) => {
            const { origin } = node(HOUSE);
            for (const attacker of servers.origins.filter(which)) {
                for (const attack of servers.attacks) {
                    const other = await context.newPage();
                    const codes = [];
                    const onResponse = (answer) => {
                        // A refusal is a page, and it may have its own style.
                        if (!answer.url().startsWith(origin) || answer.url().startsWith(`${origin}/asset/`)) return;
                        if (isOf(page, answer)) return; // the person's own page looks what is new
                        codes.push(answer.status());
                        reached.add(attack);
                    };
                    // Chromium hides an answer that our headers forbid to embed, but it says so.
                    const onFailure = (failed) => {
                        if (failed.url().startsWith(origin) && /BLOCKED_BY_(RESPONSE|ORB)/.test(failed.failure().errorText)) reached.add(attack);
                    };
                    context.on('response', onResponse).on('requestfailed', onFailure);
                    await other.goto(servers.address(attacker, attack, origin, session));
                    // The attack page says when it has done what it could; one that went to the node has no title of ours.
                    await other.waitForFunction(() => document.title !== 'attacking', undefined, { timeout: 15_000 }).catch(() => {});
                    const shown = (await Promise.all(other.frames().map((frame) => frame.content().catch(() => '')))).join('\n');
                    const title = await other.title().catch(() => '');
                    const let_in = codes.some((code) => code < 400);
                    count('cross-origin', `${attack} from ${attacker}`, !let_in && !tells(shown) && !title.startsWith('read:'), `${codes} ${title} ${shown.slice(0, 300)}`);
                    for (const one of context.pages()) if (one !== page) await one.close();
                    context.off('response', onResponse).off('requestfailed', onFailure);
                }
            }
        });
        const least = ['a form that sends itself', 'a form into a frame', 'a link that is followed', 'a frame', 'an embed', 'a picture', 'a script',
            'a style sheet', 'a request that does not read', 'a beacon', 'a preload', 'a window that is looked into'];
        for (const attack of least) assert.ok(reached.has(attack), `${attack} never came to the node, so nothing was shown`);
    } finally {
        servers.close();
    }
}

const isNeighbour = (origin) => origin.includes('localhost');
test('a page of another origin in the same browser reads nothing and changes nothing', () => crossOrigin(isNeighbour));
long('nor does one of another port, another loopback address or a stranger\'s name', () => crossOrigin((one) => !isNeighbour(one)));
