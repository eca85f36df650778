//  map - where clients are, and where they are drawn.
//
//  Two canvases on Leaflet's map: the ground is painted when the view changes,
//  clients in each frame in which one of them moves, or something is new.  No
//  other frame is asked for: each costs processor time, painted or not.

import { Dots } from "./dots.js";
import { drawnX, drawnY, placed, send } from "./glide.js";
import { Ground, LATITUDE_MOST, Picture, TILE, toLatitude, toLongitude, toX,
    toY } from "./ground.js";

const DOTS_MOST = 10000;
const TAILS_MOST = 500;
const RESET_MS = 10000;

//  Who moves farther is there at once
const GLIDE_PIXELS_MOST = 160;

export class Clients {
    //  chosen (id) is called when somebody clicks a client, moved (area) when
    //  the map shows another area; now () returns the server's time.
    constructor(element, { chosen, moved, now }) {
        this.still = matchMedia("(prefers-reduced-motion: reduce)");
        const still = this.still.matches;
        this.known = new Map();
        this.chosen = null;
        this.choose = chosen;
        this.now = now;
        this.asked = 0;
        this.arriveAt = 0;
        this.isField = false;
        this.frames = 0;
        this.resetAt = this.awaited = 0;
        this.map = L.map(element, {
            center: [25, 10], zoom: 2, minZoom: 1, maxZoom: 18,
            zoomSnap: 0.5, zoomControl: false, attributionControl: false,
            zoomAnimation: !still, inertia: !still, worldCopyJump: true,
            maxBounds: [[-LATITUDE_MOST, -720], [LATITUDE_MOST, 720]]
        });
        L.control.attribution({ prefix: "" }).addAttribution(
            "Land: Natural Earth · Cities: GeoNames").addTo(this.map);
        L.control.zoom({ position: "bottomleft" }).addTo(this.map);
        L.control.scale({ imperial: false }).addTo(this.map);
        new ResizeObserver(() => this.map.invalidateSize()).observe(element);
        this.ground = new Ground(this.map);
        this.dots = new Dots();
        this.picture = new Picture((...all) => this.#paintClients(...all),
            { padding: 0.05 }).addTo(this.map);
        this.map.on("moveend", () => moved(this.area()));
        this.map.on("click", event => this.#click(event));
        matchMedia("(prefers-color-scheme: dark)").addEventListener(
            "change", () => this.restyle());
        setInterval(() => this.#ask(), 1000);
    }

    restyle() {
        this.dots.restyle();
        this.ground.repaint();
        this.#ask();
    }

    //  West, south, east, north of the view; null if it is the whole world
    area() {
        const bounds = this.map.getBounds();
        const south = Math.max(bounds.getSouth(), -90);
        const north = Math.min(bounds.getNorth(), 90);
        if (bounds.getEast() - bounds.getWest() >= 360)
            return null;
        const wrap = degrees => ((degrees + 180) % 360 + 360) % 360 - 180;
        return [wrap(bounds.getWest()), south, wrap(bounds.getEast()), north];
    }

    //  So many clients are sent again: any other is no longer there
    reset(count) {
        this.resetAt = performance.now();
        this.awaited = count;
    }

    settle() {
        if (!this.resetAt || (this.awaited > 0 &&
            performance.now() - this.resetAt < RESET_MS))
            return;
        for (const [id, client] of this.known)
            if (client.seenAt < this.resetAt)
                this.remove(id);
        this.resetAt = 0;
    }

    put(feature) {
        const [longitude, latitude] = feature.geometry.coordinates;
        const heardMs = Date.parse(feature.properties.heard) || 0;
        const x = toX(longitude);
        const y = toY(latitude);
        const now = performance.now();
        let client = this.known.get(feature.id);
        if (!client) {
            client = placed(x, y, now);
            this.known.set(feature.id, client);
        }
        else if (client.x !== x || client.y !== y)
            this.#send(client, x, y, now);
        if (!(client.seenAt >= this.resetAt))
            this.awaited--;
        client.heardMs = heardMs;
        client.seenAt = now;
        this.#ask();
        return client;
    }

    #send(client, x, y, now) {
        if (this.known.size > 4 * TAILS_MOST)
            client.tail.length = 0;
        else if (client.tail.push([drawnX(client, now), drawnY(client, now),
            now]) > 64)
            client.tail.shift();
        const most = this.still.matches ? 0 :
            GLIDE_PIXELS_MOST / (TILE * 2 ** this.map.getZoom());
        this.arriveAt = Math.max(this.arriveAt, send(client, x, y, now, most));
    }

    remove(id) {
        if (this.known.delete(id))
            this.#ask();
    }

    mark(id) {
        this.chosen = id;
        this.#ask();
    }

    centre(id) {
        const client = this.known.get(id);
        if (client)
            this.map.setView([toLatitude(client.y), toLongitude(client.x)],
                Math.max(this.map.getZoom(), 8));
    }

    //  Show all clients that it knows
    fit() {
        const all = [...this.known.values()];
        if (!all.length)
            return;
        const xs = all.map(client => client.x).sort((a, b) => a - b);
        const ys = all.map(client => client.y).sort((a, b) => a - b);
        const edge = (list, part) => list[Math.round(part * (list.length - 1))];
        //  One in a hundred may be far off
        const [low, high] = all.length > 100 ? [0.01, 0.99] : [0, 1];
        this.map.fitBounds([
            [toLatitude(edge(ys, high)), toLongitude(edge(xs, low))],
            [toLatitude(edge(ys, low)), toLongitude(edge(xs, high))]
        ], { maxZoom: 13, padding: [48, 72], animate: false });
    }

    //  The client that is nearest to a point of the map, not too far from it
    nearest(point, pixels) {
        const origin = this.map.getPixelOrigin();
        const scale = TILE * 2 ** this.map.getZoom();
        const x = (point.x + origin.x) / scale;
        const y = (point.y + origin.y) / scale;
        let best = null;
        let bestFar = (pixels / scale) ** 2;
        for (const [id, client] of this.known) {
            const aside = Math.abs(client.x - x) % 1;
            const far = Math.min(aside, 1 - aside) ** 2 + (client.y - y) ** 2;
            if (far < bestFar)
                [best, bestFar] = [id, far];
        }
        return best;
    }

    #click(event) {
        this.choose(this.nearest(event.layerPoint, 12));
    }

    //  Have the next frame painted
    #ask() {
        this.asked ||= requestAnimationFrame(() => this.#frame());
    }

    #frame() {
        const now = performance.now();
        this.asked = 0;
        this.picture.repaint();
        //  Where the last one arrived is painted, too
        if (!this.isField && now < this.arriveAt)
            this.#ask();
    }

    #paintClients(context, view) {
        const now = performance.now();
        const clients = () => this.known.values();
        const { points, count } = this.dots.sort(
            clients(), view, this.now(), now);
        this.isField = count > DOTS_MOST;
        if (this.isField)
            this.dots.paintField(context, points);
        else
            this.dots.paint(context, points);
        if (count < TAILS_MOST)
            this.dots.paintTails(context, clients(), view, now);
        const chosen = this.known.get(this.chosen);
        if (chosen)
            this.dots.paintChosen(context, chosen, view, now);
        this.frames++;
    }
}
