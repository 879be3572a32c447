// SPDX-License-Identifier: Apache-2.0
// raw: bytes to a port of this machine, as no browser would send them, and what came back.
import { connect } from 'node:net';

const PATIENCE_MS = 25_000; // a connection that brings no whole request is closed after 15 s (common/http/http.h)

// { code, head, body, ms }; code 0: closed without an answer; -1: neither closed nor answered in time.
export function send(port, bytes, { end = false, patience = PATIENCE_MS } = {}) {
    return new Promise((resolve) => {
        const begun = Date.now();
        let came = Buffer.alloc(0);
        const socket = connect(port, '127.0.0.1');
        const finish = (closed) => {
            clearTimeout(late);
            socket.destroy();
            const text = came.toString('latin1');
            const code = Number(text.match(/^HTTP\/1\.[01] (\d{3})/)?.[1] ?? (closed ? 0 : -1));
            const cut = text.indexOf('\r\n\r\n');
            resolve({ code, head: cut < 0 ? text : text.slice(0, cut), body: cut < 0 ? '' : text.slice(cut + 4), ms: Date.now() - begun });
        };
        const late = setTimeout(() => finish(false), patience);
        socket.on('connect', () => {
            socket.write(bytes);
            if (end) socket.end();
        });
        socket.on('data', (chunk) => {
            came = Buffer.concat([came, chunk]);
            if (isWhole(came.toString('latin1'))) finish(true);
        });
        socket.on('error', () => finish(true));
        socket.on('close', () => finish(true));
    });
}

function isWhole(text) {
    const cut = text.indexOf('\r\n\r\n');
    const length = Number(text.match(/\r\ncontent-length: (\d+)/i)?.[1] ?? NaN);
    return cut >= 0 && Number.isFinite(length) && text.length >= cut + 4 + length;
}

// The text of a request from its lines; a line that is null is left out.
export function request(line, fields, body = '') {
    return `${[line, ...fields.filter((field) => field !== null)].join('\r\n')}\r\n\r\n${body}`;
}
