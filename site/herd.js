//  herd - the state of the server and its herd: the bar, the graph, the
//  notices.
//
//  A server knows its own links.  Other links are drawn as not seen from here.

const SVG = "http://www.w3.org/2000/svg";
const SECONDS = 60;
const FRESH_MS = 5000;
const CENTRE = 110;
const RADIUS = 76;

const byId = id => document.getElementById(id);

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function svg(name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes))
        element.setAttribute(key, value);
    if (text !== undefined)
        element.textContent = text;
    return element;
}

//  Bytes, in the largest unit of which there is one
export function bytes(count) {
    const units = ["B", "kB", "MB", "GB"];
    let unit = 0;
    for (; count >= 1000 && unit < units.length - 1; unit++)
        count /= 1000;
    return `${count.toFixed(count < 10 && unit ? 1 : 0)} ${units[unit]}`;
}

//  Seconds, in the largest unit of which there is one
export function duration(seconds) {
    const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
    const [size, name] = units.find(([size]) => seconds >= size) ?? [1, "s"];
    return `${Math.floor(seconds / size)} ${name}`;
}

//  The state in a word; its kind decides colour and shape
function verdict(herd) {
    const down = herd.peers.filter(peer => !peer.up);
    if (herd.stopping)
        return ["stopping", "warn"];
    if (herd.twin)
        return ["twin", "bad"];
    if (herd.servers.length < 2)
        return ["alone", "good"];
    if (herd.peers.length && down.length === herd.peers.length)
        return ["cut off", "bad"];
    if (down.length)
        return [`${down.map(peer => peer.name).join(", ")} down`, "bad"];
    if (herd.loading)
        return ["catching up", "warn"];
    return ["ok", "good"];
}

//  The servers in an order in which each is next to one that it is linked to,
//  if possible: so a ring is drawn as a ring
function circle(herd) {
    const order = [];
    const visit = at => {
        if (order.includes(at))
            return;
        order.push(at);
        for (const link of herd.links.filter(link => link.includes(at)))
            visit(link[0] === at ? link[1] : link[0]);
    };
    herd.servers.forEach((_, at) => visit(at));
    return order;
}

export class Herd {
    constructor() {
        this.last = null;
        this.rates = [];
        this.shown = "";
        this.chosen = "";
        this.traffic = new Map();
    }

    //  The stream is "live", "reconnecting" or "denied".
    connected(state) {
        if (state === "reconnecting")
            this.#state("reconnecting", "warn");
        if (state === "denied")
            this.#state("needs a token", "warn");
        document.body.dataset.stream = state;
    }

    told(herd, nowMs) {
        const before = this.last;
        this.last = { herd, nowMs };
        document.title = `${herd.server} · ${herd.herd}`;
        byId("name").textContent = `${herd.herd} / ${herd.server}`;
        byId("name").title = `zherd ${herd.version}`;
        this.#state(...verdict(herd));
        this.#figure("clients", number.format(herd.clients));
        this.#figure("memory", bytes(herd.memory_bytes));
        this.#figure("repairs", number.format(
            herd.peers.reduce((sum, peer) => sum + peer.repairs, 0)));
        this.#rate(before, herd, nowMs);
        this.#measure(before, herd, nowMs);
        this.#graph(herd);
        this.#details(herd);
        this.#notices(herd.notices ?? []);
    }

    #state(word, kind) {
        const element = byId("state");
        element.textContent = word;
        element.className = kind;
    }

    //  What changed is highlighted for a while
    #figure(id, text) {
        const element = byId(id);
        if (element.textContent === text)
            return;
        if (element.textContent) {
            element.classList.add("fresh");
            clearTimeout(element.timer);
            element.timer = setTimeout(
                () => element.classList.remove("fresh"), FRESH_MS);
        }
        element.textContent = text;
    }

    #rate(before, herd, nowMs) {
        const isSame = before && before.herd.started === herd.started;
        const rate = isSame ? 1000 * (herd.updates - before.herd.updates) /
            Math.max(nowMs - before.nowMs, 1) : 0;
        this.rates.push(Math.max(rate, 0));
        this.rates = this.rates.slice(-SECONDS);
        byId("rate").textContent = number.format(rate);
        const most = Math.max(...this.rates, 1);
        const points = this.rates.map((rate, at) => {
            const x = 60 - (this.rates.length - 1 - at);
            return `${x},${(17 - 15 * rate / most).toFixed(1)}`;
        });
        byId("spark").setAttribute("points", points.join(" "));
    }

    #measure(before, herd, nowMs) {
        for (const peer of herd.peers) {
            const was = before?.herd.peers.find(one => one.name === peer.name);
            const seconds = was ? (nowMs - before.nowMs) / 1000 : 0;
            this.traffic.set(peer.name, seconds > 0 ? {
                out: Math.max(peer.bytes_out - was.bytes_out, 0) / seconds,
                in: Math.max(peer.bytes_in - was.bytes_in, 0) / seconds
            } : { out: 0, in: 0 });
        }
    }

    //  The graph is drawn again only if something in it has changed
    #graph(herd) {
        const what = JSON.stringify([herd.server, herd.servers, herd.links,
            herd.peers.map(peer => [peer.name, peer.up, peer.behind > 0 &&
                peer.behind])]);
        if (what === this.shown)
            return;
        this.shown = what;
        const focused = document.activeElement?.dataset?.server;
        const graph = byId("graph");
        const places = [];
        circle(herd).forEach((server, at) => {
            const angle = 2 * Math.PI * at / herd.servers.length - Math.PI / 2;
            places[server] = [CENTRE + RADIUS * Math.cos(angle),
                CENTRE + RADIUS * Math.sin(angle)];
        });
        graph.replaceChildren(
            ...herd.links.flatMap(link => this.#link(herd, places, link)),
            ...herd.servers.map((name, at) =>
                this.#node(herd, name, places[at])));
        graph.querySelector(`[data-server="${CSS.escape(focused ?? "")}"]`)
            ?.focus();
    }

    #link(herd, places, [one, other]) {
        const names = [herd.servers[one], herd.servers[other]];
        const peer = names.includes(herd.server) && herd.peers.find(
            peer => names.includes(peer.name));
        const kind = !peer ? "unseen" : peer.up ? "up" : "down";
        const [x1, y1] = places[one];
        const [x2, y2] = places[other];
        const line = svg("line", { x1, y1, x2, y2, class: kind });
        if (!peer?.behind)
            return [line];
        return [line, svg("text", {
            x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 4, class: "behind"
        }, `−${number.format(peer.behind)}`)];
    }

    #node(herd, name, [x, y]) {
        const peer = herd.peers.find(peer => peer.name === name);
        const kind = name === herd.server ? "own" :
            !peer ? "unseen" : peer.up ? "up" : "down";
        const node = svg("g", {
            class: kind, tabindex: 0, role: "button", "data-server": name,
            "aria-label": `${name}: ${kind === "unseen" ?
                "not seen from here" : kind === "own" ? "this server" : kind}`
        });
        const choose = () => {
            this.chosen = name;
            this.#details(this.last.herd);
        };
        node.addEventListener("mouseenter", choose);
        node.addEventListener("focus", choose);
        node.append(svg("circle", { cx: x, cy: y, r: 9 }));
        if (kind === "down")
            node.append(svg("path", {
                d: `M${x - 4},${y - 4}l8,8m0,-8l-8,8`
            }));
        node.append(svg("text", {
            x, y: y < CENTRE - 8 ? y - 15 : y + 23
        }, name));
        return node;
    }

    //  About the server that was pointed at last, or this page's own
    #details(herd) {
        const name = herd.servers.includes(this.chosen) ? this.chosen :
            herd.server;
        const peer = herd.peers.find(peer => peer.name === name);
        const traffic = this.traffic.get(name) ?? { out: 0, in: 0 };
        let rows = [["", "not seen from here"]];
        if (name === herd.server)
            rows = [["up for", duration(Math.max(
                this.last.nowMs / 1000 - herd.started, 0))],
            ["clients", number.format(herd.clients)]];
        if (peer)
            rows = [["link", peer.up ? "up" : "down"],
                ["came up", `${number.format(peer.resumes)} ×`],
                ["behind", `${number.format(peer.behind)} records`],
                ["clock", `${peer.clock_difference_seconds > 0 ? "+" : ""}` +
                    `${peer.clock_difference_seconds} s`],
                ["repairs", number.format(peer.repairs)],
                ["sent", `${bytes(traffic.out)}/s`],
                ["received", `${bytes(traffic.in)}/s`]];
        const list = byId("server");
        const text = JSON.stringify([name, rows]);
        if (list.shown === text)
            return;
        list.shown = text;
        byId("server-name").textContent = name;
        list.replaceChildren(...rows.flatMap(([key, value]) => {
            const term = document.createElement("dt");
            const said = document.createElement("dd");
            term.textContent = key;
            said.textContent = value;
            return [term, said];
        }));
    }

    #notices(notices) {
        const list = byId("notices");
        const text = JSON.stringify(notices);
        if (list.shown === text)
            return;
        list.shown = text;
        byId("notices-box").hidden = !notices.length;
        list.replaceChildren(...notices.map(notice => {
            const item = document.createElement("li");
            const time = document.createElement("time");
            time.dateTime = notice.time;
            time.textContent = notice.time.slice(11, 19);
            const times = notice.count > 1 ? ` (${notice.count} ×)` : "";
            item.append(time, ` ${notice.text}${times}`);
            item.className = { warning: "warn", error: "bad" }[notice.level] ??
                "";
            item.title = `${notice.time} ${notice.name}`;
            return item;
        }));
    }
}
