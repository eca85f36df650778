//  page - what is on the page, and what happens when somebody uses it.
//
//  Whatever comes from the server is inserted as text, never as HTML.

import { Feed } from "./feed.js";
import { Clients } from "./map.js";
import { Herd, duration } from "./herd.js";

const MOVED_MS = 300;
const COMPLETIONS = 20;
const EARTH_METRES = 6371008.8;

const byId = id => document.getElementById(id);

let fitted = false;
let moved = 0;
let chosen = null;
let thinned = 1;

const herd = new Herd();
const feed = new Feed(told, connected);
const clients = new Clients(byId("map"), {
    chosen: choose,
    now: () => feed.now(),
    moved: area => {
        clearTimeout(moved);
        moved = setTimeout(() => feed.look(fitted ? area : null), MOVED_MS);
    }
});

function told(name, data) {
    if (name === "location" || name === "enter") {
        clients.put(data);
        if (data.id === chosen)
            refresh();
    }
    else if (name === "leave" || name === "gone")
        clients.remove(data.id);
    else if (name === "reset") {
        thinned = data.thinned ?? 1;
        //  An area has so many of the share; all clients, before they are thinned
        clients.reset(feed.hasArea() ? data.inside : data.inside / thinned);
    }
    else if (name === "herd")
        heard(data);
}

//  Once a second
function heard(data) {
    herd.told(data, feed.now());
    if (data.tiles && !clients.ground.hasTiles)
        clients.ground.tiles(data.tiles);
    clients.settle();
    if (!fitted && clients.known.size) {
        fitted = true;
        clients.fit();
    }
    byId("map").dataset.clients = clients.known.size;
    byId("map").dataset.frames = clients.frames;
    byId("nobody").hidden = data.clients > 0;
    byId("shown").hidden = thinned < 2;
    byId("shown").textContent = `thinned: 1 client in ${thinned} shown`;
}

function connected(state) {
    herd.connected(state);
    if (state === "denied" && !byId("login").open)
        byId("login").showModal();
}

//  The panel of a client

const REFRESH_MS = 1000;
let refreshing = 0;

function choose(id) {
    chosen = id;
    clients.mark(id);
    byId("panel").hidden = !id;
    if (!id)
        return;
    byId("client").textContent = id;
    byId("line").textContent = "";
    byId("facts").replaceChildren();
    byId("places").replaceChildren();
    show(id);
    around(id);
}

//  It moves: show it again, but not more often than one can read
function refresh() {
    refreshing ||= setTimeout(() => {
        refreshing = 0;
        if (chosen)
            show(chosen);
    }, REFRESH_MS);
}

async function show(id) {
    const feature = await feed.ask(`v1/clients/${encodeURIComponent(id)}`);
    if (id !== chosen)
        return;
    if (!feature) {
        byId("line").textContent = "This client is no longer known.";
        return;
    }
    const { properties, geometry: { coordinates: [longitude, latitude] } } =
        feature;
    byId("line").textContent = properties.line;
    const seconds = (feed.now() - Date.parse(properties.heard)) / 1000;
    facts([["heard", `${duration(Math.max(seconds, 0))} ago`],
        ["at", properties.heard?.replace("T", " ") ?? "unknown"],
        ["place", `${latitude}, ${longitude}`],
        ["by", properties.server],
        ["clock", `${properties.difference} s`]]);
}

function facts(rows) {
    byId("facts").replaceChildren(...rows.flatMap(([key, value]) => {
        const term = document.createElement("dt");
        const said = document.createElement("dd");
        term.textContent = key;
        said.textContent = value;
        return [term, said];
    }));
}

function metres(one, other) {
    const radians = degrees => degrees * Math.PI / 180;
    const half = Math.sin(radians(other.lat - one.lat) / 2) ** 2 +
        Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) *
        Math.sin(radians(other.lng - one.lng) / 2) ** 2;
    return 2 * EARTH_METRES * Math.asin(Math.sqrt(Math.min(half, 1)));
}

async function around(id) {
    const path = `v1/clients/${encodeURIComponent(id)}`;
    const [feature, page] = await Promise.all(
        [feed.ask(path), feed.ask(`${path}/places?km=10&limit=20`)]);
    if (id !== chosen || !feature)
        return;
    const [lng, lat] = feature.geometry.coordinates;
    const found = (page?.results ?? []).filter(
        place => place.geometry?.location).map(place => ({
        name: place.name, kind: (place.types ?? [])[0] ?? "",
        far: metres({ lat, lng }, place.geometry.location)
    })).sort((one, other) => one.far - other.far);
    byId("places").replaceChildren(...found.map(placeItem));
    if (!found.length)
        byId("places").append(note("No places are known within 10 km."));
}

function note(text) {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
}

function placeItem({ name, kind, far }) {
    const item = document.createElement("li");
    for (const text of [name, kind.replaceAll("_", " "),
        far < 1000 ? `${far.toFixed(0)} m` : `${(far / 1000).toFixed(1)} km`]) {
        const part = document.createElement("span");
        part.textContent = text;
        item.append(part);
    }
    return item;
}

//  Search

byId("wanted").addEventListener("input", () => {
    const text = byId("wanted").value;
    const found = [];
    for (const id of clients.known.keys()) {
        if (found.length === COMPLETIONS || !text)
            break;
        if (id.includes(text))
            found.push(id);
    }
    byId("ids").replaceChildren(...found.map(id => {
        const option = document.createElement("option");
        option.value = id;
        return option;
    }));
});

byId("search").addEventListener("submit", async event => {
    event.preventDefault();
    const id = byId("wanted").value.trim();
    const feature = id &&
        await feed.ask(`v1/clients/${encodeURIComponent(id)}`);
    byId("wanted").setCustomValidity(feature || !id ? "" : "no such client");
    byId("wanted").reportValidity();
    if (!feature)
        return;
    clients.put(feature);
    clients.centre(id);
    choose(id);
    byId("wanted").blur();
});

byId("wanted").addEventListener("input",
    () => byId("wanted").setCustomValidity(""));

//  Keys, buttons, the token

document.addEventListener("keydown", event => {
    if (event.key === "Escape")
        choose(null);
    if (event.target.matches("input") || event.ctrlKey || event.metaKey ||
        event.altKey)
        return;
    if (event.key === "/") {
        event.preventDefault();
        byId("wanted").select();
    }
    const step = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80],
        ArrowDown: [0, 80] }[event.key];
    const onMap = event.target === byId("map");
    if (step && event.target === document.body)
        clients.map.panBy(step);
    if ((event.key === "+" || event.key === "-") && !onMap)
        clients.map.setZoom(clients.map.getZoom() + (event.key === "+" || -1));
    if (event.key === "Enter" && onMap)
        choose(clients.nearest(clients.map.latLngToLayerPoint(
            clients.map.getCenter()), Infinity));
});

async function copy(button, text) {
    await navigator.clipboard?.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

byId("close").addEventListener("click", () => choose(null));
byId("copy-line").addEventListener("click",
    event => copy(event.target, byId("line").textContent));
byId("copy-example").addEventListener("click",
    event => copy(event.target, byId("example").textContent));
byId("example").textContent =
    `curl -X PUT ${location.origin}/v1/clients/kiwi ` +
    "-d '{\"latitude\": 34.0689, \"longitude\": -118.4451}'";

byId("login").addEventListener("cancel", event => event.preventDefault());
byId("login").addEventListener("submit", event => {
    event.preventDefault();
    feed.setToken(byId("token").value.trim());
    byId("token").value = "";
    byId("login").close();
});

const narrow = matchMedia("(max-width: 640px)");
const fold = () => { byId("herd").open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();
//  Wherever the first ones are
feed.look(null);
