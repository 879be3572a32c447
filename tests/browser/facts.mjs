// SPDX-License-Identifier: Apache-2.0
// facts: what must hold on every page, looked at in the page as it stands. Each returns findings, one sentence each; none: [].
import { AXE } from './browser.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function axe(page) {
    // By the debugger, not by a <script>: the page's own policy forbids that, and stays as it is.
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE());
    const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then((result) => ({ passes: result.passes.length, violations: result.violations.map((one) =>
            `axe ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((at) => at.target.join(' ')).join(' | ')}`) })), TAGS);
    if (found.passes < 5) return [`axe looked at almost nothing: ${found.passes} rules passed`];
    return found.violations;
}

// Nothing is wider than the window, and nothing stands outside of it on either side. (scrollWidth alone does not see what
// overflows to the left of a page that is written from the right.)
export function overflow(page) {
    return page.evaluate(() => {
        const found = [], wide = document.documentElement.clientWidth;
        // For the ear only: there for a screen reader, and cut down to nothing for the eye.
        const isCutAway = (element) => {
            for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath !== 'none') return true;
            return false;
        };
        if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${wide}`);
        for (const element of document.querySelectorAll('body *')) {
            if (element.closest('.skip, option, [hidden]') || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
            if (isCutAway(element)) continue;
            const box = element.getBoundingClientRect();
            if (box.width < 2 || box.height < 2) continue;
            if (box.left < -1 || box.right > wide + 1)
                found.push(`<${element.localName} class="${element.className}"> "${element.textContent.trim().slice(0, 40)}" reaches from ${Math.round(box.left)} to ${Math.round(box.right)} of ${wide}`);
        }
        return found.slice(0, 5);
    });
}

// References, telephones, times and numbers of identity stand alone as to their direction.
export function isolated(page) {
    return page.evaluate(() => {
        const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const apart = /\b[0-9A-Z]{9}\b|\+92|\b\d{5}-\d{7}-\d\b|\b\d{1,2}:\d{2}\b/;
        for (let node; (node = walk.nextNode()); ) {
            if (apart.test(node.data) && !node.parentElement.closest('bdi, time, svg text, [dir=ltr], [dir=auto], option, script, style'))
                found.push(`not isolated: "${node.data.trim().slice(0, 60)}"`);
        }
        return found;
    });
}

// On a page in Urdu what is not Urdu stands in <bdi> or says its language, so that it is read aloud rightly and breaks no line.
export function strangers(page) {
    return page.evaluate(() => {
        if (document.documentElement.lang !== 'ur') return [];
        const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; (node = walk.nextNode()); ) {
            const words = node.data.replace(/[\w-]+[./][\w./-]+/g, ''); // names of files
            if (/[A-Za-z]{2,}/.test(words) && !node.parentElement.closest('bdi, time, code, option, [lang=en], [dir=ltr], [dir=auto], script, style'))
                found.push(`not in Urdu: "${node.data.trim().slice(0, 60)}"`);
        }
        return found;
    });
}

export function frame(page, language) {
    return page.evaluate((lang) => {
        const found = [], root = document.documentElement;
        if (root.lang !== lang) found.push(`lang is ${root.lang}, not ${lang}`);
        if (root.dir !== (lang === 'ur' ? 'rtl' : 'ltr')) found.push(`dir is ${root.dir}`);
        if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} headings of the page`);
        if (!document.title.trim()) found.push('no title');
        if (document.compatMode !== 'CSS1Compat') found.push('quirks mode');
        for (const form of document.forms) {
            if (form.method === 'post' && !/^\/launch$/.test(form.getAttribute('action')) && !form.querySelector('input[type=hidden][name=form]')) found.push(`a form without its token: ${form.getAttribute('action')}`);
            for (const secret of form.querySelectorAll('input[type=password]')) if (!secret.autocomplete) found.push(`a secret whose autocomplete is not said: ${secret.name}`);
        }
        for (const id of new Set([...document.querySelectorAll('[id]')].map((one) => one.id)))
            if (document.querySelectorAll(`#${CSS.escape(id)}`).length > 1) found.push(`the id ${id} stands there twice`);
        // The fonts are ours: what is shown in Urdu is not left to what the machine has.
        return found;
    }, language);
}

// The font that Urdu text is really set in is one that came with the page.
export async function ownFonts(page) {
    await page.evaluate(() => document.fonts.ready.then(() => true));
    return page.evaluate(() => {
        if (document.documentElement.lang !== 'ur') return [];
        return [...document.fonts].some((font) => font.status === 'loaded') ? [] : ['no font of ours was loaded'];
    });
}

export async function all(page, language) {
    const found = [];
    for (const look of [(one) => frame(one, language), overflow, isolated, strangers, ownFonts, axe]) found.push(...(await look(page)));
    return found;
}

// Collects what a page asks of others and what Chromium complains about, from now on.
export function listen(page, origin) {
    const found = [];
    page.on('request', (request) => {
        if (!request.url().startsWith(`${origin}/`)) found.push(`asks ${request.url()}`);
    });
    page.on('requestfailed', (request) => {
        // A font that still comes when the next page is asked for is given up, and that is well.
        if (!/ERR_ABORTED/.test(request.failure().errorText)) found.push(`failed: ${request.url()}: ${request.failure().errorText}`);
    });
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) found.push(`Chromium says: ${message.text().slice(0, 200)}`);
    });
    page.on('pageerror', (error) => found.push(`script: ${error.message}`));
    return found;
}
