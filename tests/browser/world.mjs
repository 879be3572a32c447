// SPDX-License-Identifier: Apache-2.0
// world: a real broker and eight real nodes in the middle of their work (tests/demo/demo.sh --world), for one run of the tests.
// It ends when this process ends: its standard input is ours.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const DEMO = fileURLToPath(new URL('../demo/demo.sh', import.meta.url));
const NODES = 8;
const READY_WITHIN_MS = 120_000; // under ASan on a busy machine of two cores it takes 15 s

function isFree(port) {
    return new Promise((resolve) => {
        const server = createServer();
        server.once('error', () => resolve(false));
        server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
}

// The first of NODES free ports in a row, below those that the kernel gives out by itself.
async function freePorts() {
    for (let tries = 0; tries < 50; tries++) {
        const first = 10_000 + Math.floor(Math.random() * 20_000);
        const free = [];
        for (let i = 0; i < NODES; i++) free.push(await isFree(first + i));
        if (free.every(Boolean)) return first;
    }
    throw new Error('no free ports on 127.0.0.1');
}

export class World {
    nodes = {}; // name -> { name, role, port, home, origin }
    words = '';
    amaan = '';
    clock = null; // { name, file }: the node whose clock can be put forward (tests/demo/work.sh)
    #process;

    static async start(build) {
        const world = new World();
        const ports = await freePorts();
        world.#process = spawn('sh', [DEMO, path.resolve(build), '--world', '--ports', String(ports)],
            { stdio: ['pipe', 'pipe', 'inherit'] });
        await world.#untilReady();
        return world;
    }

    #untilReady() {
        return new Promise((resolve, reject) => {
            const last = [];
            const late = setTimeout(() => {
                this.stop();
                reject(new Error(`the network was not up in time; its last words:\n${last.join('\n')}`));
            }, READY_WITHIN_MS);
            this.#process.on('exit', (code) => {
                clearTimeout(late);
                reject(new Error(`the network ended with ${code}; its last words:\n${last.join('\n')}`));
            });
            createInterface({ input: this.#process.stdout }).on('line', (line) => {
                last.push(line);
                if (last.length > 12) last.shift();
                const [word, ...rest] = line.split(' ');
                if (word === 'node') {
                    const [name, role, port, home] = rest;
                    this.nodes[name] = { name, role, port: Number(port), home, origin: `http://127.0.0.1:${port}` };
                } else if (word === 'words') {
                    this.words = rest.join(' ');
                } else if (word === 'program') {
                    this.amaan = rest.join(' ');
                } else if (word === 'clock') {
                    this.clock = { name: rest[0], file: rest[1] };
                } else if (word === 'ready') {
                    clearTimeout(late);
                    resolve();
                }
            });
        });
    }

    // The command `amaan VERB` at that node; its standard output. It fails loudly.
    ask(node, verb, ...rest) {
        const ran = this.run(node, verb, ...rest);
        if (ran.status !== 0) throw new Error(`amaan ${verb} at ${node.name}: ${ran.stderr}${ran.stdout}`);
        return ran.stdout;
    }

    // The same, and the caller looks at { status, stdout, stderr }. `input` in the last place may be an object { input }.
    run(node, verb, ...rest) {
        const options = typeof rest.at(-1) === 'object' ? rest.pop() : {};
        return spawnSync(this.amaan, [verb, '--home', node.home, ...rest], { encoding: 'utf8', timeout: 60_000, ...options });
    }

    // The lines of an answer in JSON.
    read(node, verb, ...rest) {
        return this.ask(node, verb, ...rest, '--json').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    }

    unlock(node) {
        this.ask(node, 'unlock', '--passphrase-fd', '0', { input: this.words });
    }

    // A launch address: good once and for a minute.
    address(node) {
        const said = this.ask(node, 'open', ...(this.#prints ??= this.#canPrint(node)));
        const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
        if (!found) throw new Error(`amaan open at ${node.name} printed no address: ${said}`);
        return found[0];
    }

    #prints;
    #canPrint(node) {
        return this.run(node, 'open', '--help').stdout.includes('--print') ? ['--print'] : [];
    }

    async stop() {
        if (!this.#process || this.#process.exitCode !== null) return;
        const ended = new Promise((resolve) => this.#process.once('exit', resolve));
        this.#process.stdin.end();
        await ended;
    }
}
