/* SPDX-License-Identifier: Apache-2.0
 *
 * Three comforts; every page does all of its work without them.
 *
 *   1. What changes by itself (elements with class "live": the status sentence, counts) is read again every 20 s and put in
 *      the place of what stands there. It is no visit: an idle page still locks itself, and the lock page appears. While
 *      something rests before it is sent, that is looked at every 2 s, and the page is read again when it was sent.
 *   2. A form in which something was written asks before the page is left.
 *   3. Escape, twice within a second, hides the screen as the button "Hide" does; the case is gone from sight at once. What is
 *      locked in one window is gone from the others, too.
 */
"use strict";

const EVERY_MS = 20000;
const RESTING_MS = 2000;
const TWICE_MS = 1000;

/* --- what changes by itself --------------------------------------------------------------------------------- */

let failures = 0;

function put(answer) {
    for (const now of document.querySelectorAll(".live[id]")) {
        const next = answer.getElementById(now.id);
        if (next && next.innerHTML !== now.innerHTML)
            now.replaceWith(document.importNode(next, true));
    }
}

function deeds(of) {
    const rests = of.getElementById("rests");

    return rests ? rests.dataset.deeds : "";
}

/* What rested was sent, or is no more: the page is of before that. The answer to a form has no address of its own. */
function look_at_rests(answer) {
    if (deeds(answer) === deeds(document))
        return;
    if (written || location.pathname.startsWith("/do/"))
        document.getElementById("rests")?.remove();
    else
        location.reload();
}

async function renew() {
    try {
        const response = await fetch("/live", { cache: "no-store", redirect: "error" });
        const answer = new DOMParser().parseFromString(await response.text(), "text/html");
        if (!response.ok || !answer.getElementById("live")) {
            location.reload(); /* locked, or closed: that page says so */
            return;
        }
        failures = 0;
        put(answer);
        look_at_rests(answer);
    } catch (_) {
        failures += 1;
    }
    /* The node itself is away: what stands here is not fresh. */
    const gone = document.getElementById("gone");
    if (gone)
        gone.hidden = failures < 2;
}

/* --- what was written --------------------------------------------------------------------------------------- */

let written = false;

document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.method === "post")
        written = true;
});
document.addEventListener("submit", () => {
    written = false;
});
window.addEventListener("beforeunload", (event) => {
    if (written)
        event.preventDefault();
});

/* --- hide --------------------------------------------------------------------------------------------------- */

let escaped = -TWICE_MS;

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat)
        return;
    const hide = document.getElementById("hide");
    if (event.timeStamp - escaped < TWICE_MS && hide) {
        written = false;
        document.getElementById("main").hidden = true;
        hide.requestSubmit();
    }
    escaped = event.timeStamp;
});

const others = new BroadcastChannel("amaan");

others.addEventListener("message", () => {
    if (document.getElementById("locked"))
        return;
    written = false;
    location.reload();
});
if (document.getElementById("locked"))
    others.postMessage("locked");

async function go_on() {
    await renew();
    setTimeout(go_on, deeds(document) ? RESTING_MS : EVERY_MS);
}

if (document.getElementById("line") && !document.getElementById("locked"))
    setTimeout(go_on, deeds(document) ? RESTING_MS : EVERY_MS);
