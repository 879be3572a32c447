// SPDX-License-Identifier: Apache-2.0
// attackers: pages of other origins of this machine: another port, another loopback address, another name, a stranger's name. Each
// page makes one attack on ?target=, and then sets its title to "done", or to "read: ..." if it got hold of an answer.
import { createServer } from 'node:http';

const PAGES = {
    'a form that sends itself': `document.body.append(form()); document.forms[0].submit();`,
    'a form that looks': `document.body.append(form()); document.forms[0].method = 'get'; document.forms[0].submit();`,
    'a form into a frame': `const frame = document.createElement('iframe'); frame.name = 'f'; document.body.append(frame, form());
        document.forms[0].target = 'f'; frame.onload = done; document.forms[0].submit(); setTimeout(done, 1000);`,
    'a form as plain text': `document.body.append(form()); document.forms[0].enctype = 'text/plain'; document.forms[0].submit();`,
    'a form as multipart': `document.body.append(form()); document.forms[0].enctype = 'multipart/form-data'; document.forms[0].submit();`,
    'a form of no origin': `const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts allow-forms';
        frame.srcdoc = '<body>' + form().outerHTML + '<script>document.forms[0].submit()<\\/script>'; document.body.append(frame); setTimeout(done, 1000);`,
    'a link that is followed': `location.href = target + '/';`,
    'a frame': `const frame = document.createElement('iframe'); frame.src = target + '/'; frame.onload = () => {
        try { if (frame.contentDocument.body.innerText) return read(frame.contentDocument.body.innerText); } catch {} done(); }; document.body.append(frame);`,
    'an object': `const object = document.createElement('object'); object.data = target + '/'; object.onload = object.onerror = done; document.body.append(object); setTimeout(done, 1000);`,
    'an embed': `const embed = document.createElement('embed'); embed.src = target + '/'; document.body.append(embed); setTimeout(done, 1000);`,
    'a picture': `const image = new Image(); image.onload = () => read('picture'); image.onerror = done; image.src = target + '/';`,
    'a script': `const script = document.createElement('script'); script.onload = () => read('script'); script.onerror = done; script.src = target + '/'; document.head.append(script);`,
    'a style sheet': `const link = document.createElement('link'); link.rel = 'stylesheet'; link.onload = () => read('style'); link.onerror = done; link.href = target + '/'; document.head.append(link);`,
    'a request that reads': `fetch(target + '/', { credentials: 'include' }).then((got) => got.text()).then(read, done);`,
    'a request that does not read': `fetch(target + action, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams(fields) }).then(done, done);`,
    'a request with a header': `fetch(target + action, { method: 'POST', credentials: 'include', headers: { 'Idempotency-Key': 'x' }, body: new URLSearchParams(fields) })
        .then((got) => got.text()).then(read, done);`,
    'a beacon': `navigator.sendBeacon(target + action, new URLSearchParams(fields)); setTimeout(done, 500);`,
    'an event source': `const source = new EventSource(target + '/', { withCredentials: true }); source.onmessage = () => read('event'); source.onerror = () => { source.close(); done(); };`,
    'a web socket': `const socket = new WebSocket(target.replace('http', 'ws') + '/'); socket.onopen = () => read('socket'); socket.onerror = done;`,
    'a window that is looked into': `const other = window.open(target + '/', 'w'); setTimeout(() => { try { if (other.document.body.innerText) return read(other.document.body.innerText); } catch {} done(); }, 1000);`,
    'a window whose frames are counted': `const other = window.open(target + '/', 'w'); setTimeout(() => { if (other && !other.closed && other.length > 0) return read('frames'); done(); }, 1000);`,
    'a preload': `const link = document.createElement('link'); link.rel = 'prefetch'; link.href = target + '/'; document.head.append(link); setTimeout(done, 800);`,
};

const html = (script) => `<!doctype html><meta charset="utf-8"><title>attacking</title><body><script>
const given = new URLSearchParams(location.hash.slice(1));
const target = given.get('target'), action = given.get('action'), fields = given.get('fields');
let over = false;
function done() { if (!over) { over = true; document.title = 'done'; } }
function read(text) { if (!over) { over = true; document.title = 'read: ' + text.slice(0, 100); } }
function form() {
    const form = document.createElement('form');
    form.method = 'post'; form.action = target + action;
    for (const [name, value] of new URLSearchParams(fields)) {
        const input = document.createElement('input');
        input.type = 'hidden'; input.name = name; input.value = value; form.append(input);
    }
    return form;
}
${script}
</script></body>`;

export async function attackers() {
    const attacks = Object.keys(PAGES);
    const server = createServer((request, response) => {
        const index = Number(new URL(request.url, 'http://x').pathname.slice(1));
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.setHeader('Referrer-Policy', 'unsafe-url');
        response.end(attacks[index] ? html(PAGES[attacks[index]]) : '');
    });
    await new Promise((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address();
    return {
        attacks,
        origins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://127.0.0.2:${port}`, `http://attacker.example:${port}`],
        address: (origin, attack, target, session) =>
            `${origin}/${attacks.indexOf(attack)}#${new URLSearchParams({ target, action: session.action, fields: session.body })}`,
        close: () => server.close(),
    };
}
