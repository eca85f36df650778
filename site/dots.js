//  dots - how clients are drawn: a dot for each, in the colour of its age;
//  shaded cells where there are too many for dots; tails where there are few.

import { drawnX, drawnY } from "./glide.js";
import { tone } from "./ground.js";

const SHADES = 8;
const TAIL_MS = 30000;
const MINUTE_MS = 60000;
const OLD_MS = 600000;
const CELL = 6;
const DOT_RADIUS = 2.5;

//  The pixels of a disc, as offsets from its middle
function discOf(radius) {
    const most = Math.ceil(radius);
    const disc = [];
    for (let y = -most; y <= most; y++)
        for (let x = -most; x <= most; x++)
            if (x * x + y * y < radius * radius)
                disc.push([x, y]);
    return disc;
}

function shadeOf(ageMs) {
    if (ageMs >= MINUTE_MS)
        return ageMs < OLD_MS ? SHADES - 2 : SHADES - 1;
    return Math.max(0, Math.floor(ageMs / MINUTE_MS * (SHADES - 2)));
}

export class Dots {
    constructor() {
        this.restyle();
    }

    restyle() {
        const fresh = tone("--fresh").split(" ").map(Number);
        const old = tone("--old").split(" ").map(Number);
        this.shades = Array.from({ length: SHADES }, (_, shade) => {
            const part = shade / (SHADES - 1);
            const [red, green, blue] = fresh.map((value, at) =>
                Math.round(value + (old[at] - value) * part));
            return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
        });
        this.field = fresh.join(",");
    }

    //  Points in view, of each shade: x, y, x, y...; and how many there are.
    //  timeMs is the server's, now that of moves
    sort(clients, view, timeMs, now) {
        const points = Array.from({ length: SHADES }, () => []);
        const { scale, left, top, width, height } = view;
        let count = 0;
        for (const client of clients) {
            const list = points[shadeOf(timeMs - client.heardMs)];
            const y = drawnY(client, now) * scale - top;
            const unitX = drawnX(client, now);
            for (let world = view.firstWorld; world <= view.lastWorld;
                world++) {
                const x = (unitX + world) * scale - left;
                if (x < 0 || x > width || y < 0 || y > height)
                    continue;
                list.push(x, y);
                count++;
            }
        }
        return { points, count };
    }

    //  Pixel by pixel, which is much faster than shapes
    paint(context, points) {
        const { width, height } = context.canvas;
        if (this.image?.width !== width || this.image?.height !== height)
            this.image = context.createImageData(width, height);
        const pixels = new Uint32Array(this.image.data.buffer).fill(0);
        const ratio = window.devicePixelRatio || 1;
        const disc = discOf(DOT_RADIUS * ratio).map(
            ([x, y]) => y * width + x);
        const edge = Math.ceil(DOT_RADIUS * ratio);
        for (let shade = SHADES - 1; shade >= 0; shade--)
            for (let at = 0; at < points[shade].length; at += 2) {
                const x = Math.round(points[shade][at] * ratio);
                const y = Math.round(points[shade][at + 1] * ratio);
                if (x < edge || x >= width - edge || y < edge ||
                    y >= height - edge)
                    continue;
                for (const offset of disc)
                    pixels[y * width + x + offset] = this.shades[shade];
            }
        context.putImageData(this.image, 0, 0);
    }

    paintField(context, points) {
        const cells = new Map();
        for (const list of points)
            for (let at = 0; at < list.length; at += 2) {
                const cell = Math.floor(list[at] / CELL) * 65536 +
                    Math.floor(list[at + 1] / CELL);
                cells.set(cell, (cells.get(cell) ?? 0) + 1);
            }
        for (const [cell, count] of cells) {
            const alpha = Math.min(0.25 + Math.log2(count) / 8, 1);
            context.fillStyle = `rgba(${this.field},${alpha.toFixed(2)})`;
            context.fillRect(Math.floor(cell / 65536) * CELL,
                cell % 65536 * CELL, CELL, CELL);
        }
    }

    paintTails(context, clients, view, now) {
        const { scale, left, top, firstWorld, lastWorld } = view;
        const since = now - TAIL_MS;
        context.lineWidth = 1.5;
        context.strokeStyle = `rgba(${this.field},0.4)`;
        context.beginPath();
        for (const client of clients) {
            const { tail } = client;
            while (tail.length && tail[0][2] < since)
                tail.shift();
            for (let world = firstWorld; tail.length && world <= lastWorld;
                world++) {
                const at = world * scale - left;
                context.moveTo(
                    tail[0][0] * scale + at, tail[0][1] * scale - top);
                for (const [tailX, tailY] of tail)
                    context.lineTo(tailX * scale + at, tailY * scale - top);
                context.lineTo(drawnX(client, now) * scale + at,
                    drawnY(client, now) * scale - top);
            }
        }
        context.stroke();
    }

    paintChosen(context, client, view, now) {
        const { scale, left, top, firstWorld, lastWorld } = view;
        context.lineWidth = 2;
        context.strokeStyle = tone("--text");
        for (let world = firstWorld; world <= lastWorld; world++) {
            context.beginPath();
            context.arc((drawnX(client, now) + world) * scale - left,
                drawnY(client, now) * scale - top, 9, 0, 2 * Math.PI);
            context.stroke();
        }
    }
}
