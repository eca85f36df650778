//  ground - what is below the clients: land, a grid, the largest cities; or
//  tiles of a map that the operator names.
//
//  Places are kept in the unit square of the Web Mercator projection.

export const LATITUDE_MOST = 85.06;
export const TILE = 256;
const LABELS_MOST = 24;
const LABEL_WIDTH = 110;
const LABEL_HEIGHT = 44;
const GRID_DEGREES = [30, 10, 5, 1, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001];
const GRID_PIXELS_MOST = 360;

//  Between these zooms the coast fades away: it is drawn for the world as a
//  whole, and would be wrong by kilometres
const COAST_ZOOMS = [7, 10];

export const toX = longitude => (longitude + 180) / 360;

export function toY(latitude) {
    const most = Math.max(Math.min(latitude, LATITUDE_MOST), -LATITUDE_MOST);
    const sine = Math.sin(most * Math.PI / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export const toLongitude = x => x * 360 - 180;

export const toLatitude = y =>
    Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI;

//  A value of the style sheet, in the present colour scheme
export const tone = name =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

//  A canvas that Leaflet moves with the map.  paint (context, view) paints all
//  of it, where a place of the unit square is at x * scale - left.
export const Picture = L.Renderer.extend({
    initialize(paint, options) {
        L.Renderer.prototype.initialize.call(this, options);
        this.paint = paint;
    },

    _initContainer() {
        this._container = L.DomUtil.create("canvas", "picture");
        this.context = this._container.getContext("2d");
    },

    _destroyContainer() {
        this._container.remove();
    },

    _update() {
        if (this._map._animatingZoom && this._bounds)
            return;
        L.Renderer.prototype._update.call(this);
        const size = this._bounds.getSize();
        const ratio = window.devicePixelRatio || 1;
        const canvas = this._container;
        L.DomUtil.setPosition(canvas, this._bounds.min);
        if (canvas.width !== Math.round(size.x * ratio) ||
            canvas.height !== Math.round(size.y * ratio)) {
            canvas.width = Math.round(size.x * ratio);
            canvas.height = Math.round(size.y * ratio);
            canvas.style.width = `${size.x}px`;
            canvas.style.height = `${size.y}px`;
        }
        this.repaint();
    },

    repaint() {
        if (!this._map || !this._bounds)
            return;
        const ratio = window.devicePixelRatio || 1;
        const size = this._bounds.getSize();
        const from = this._bounds.min.add(this._map.getPixelOrigin());
        const scale = TILE * 2 ** this._zoom;
        this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.context.clearRect(0, 0, size.x, size.y);
        this.paint(this.context, {
            scale, left: from.x, top: from.y, width: size.x, height: size.y,
            ratio, firstWorld: Math.floor(from.x / scale),
            lastWorld: Math.floor((from.x + size.x) / scale)
        });
    }
});

export class Ground {
    constructor(map) {
        this.map = map;
        this.cities = [];
        this.land = new Path2D();
        this.picture = new Picture((...all) => this.#paint(...all),
            { padding: 0.25, pane: "tilePane" }).addTo(map);
        this.#load();
    }

    //  Use tiles of a map instead, which the operator names
    tiles({ url, credit }) {
        L.tileLayer(url, { attribution: credit.replace(/[&<>"]/g, "") })
            .addTo(this.map);
        this.hasTiles = true;
        this.repaint();
    }

    repaint() {
        this.picture.repaint();
    }

    async #load() {
        const [land, cities] = await Promise.all(["land", "cities"].map(
            name => fetch(`site/${name}.json`).then(all => all.json())));
        this.land = new Path2D();
        for (const ring of land) {
            ring.forEach(([longitude, latitude], at) => at ?
                this.land.lineTo(toX(longitude), toY(latitude)) :
                this.land.moveTo(toX(longitude), toY(latitude)));
            this.land.closePath();
        }
        this.cities = cities.map(([name, latitude, longitude]) =>
            [name, toX(longitude), toY(latitude)]);
        this.repaint();
    }

    #paint(context, view) {
        if (this.hasTiles)
            return;
        const { scale, left, top, ratio } = view;
        context.fillStyle = tone("--land");
        for (let world = view.firstWorld; world <= view.lastWorld; world++) {
            context.setTransform(ratio * scale, 0, 0, ratio * scale,
                ratio * (world * scale - left), -ratio * top);
            context.fill(this.land, "evenodd");
        }
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        const [first, last] = COAST_ZOOMS;
        context.globalAlpha = Math.max(0, Math.min(1,
            (Math.log2(scale / TILE) - first) / (last - first)));
        context.fillRect(0, 0, view.width, view.height);
        context.globalAlpha = 1;
        this.#paintGrid(context, view);
        this.#paintCities(context, view);
    }

    #paintGrid(context, { scale, left, top, width, height }) {
        const step = GRID_DEGREES.find(step =>
            step / 360 * scale <= GRID_PIXELS_MOST) ?? GRID_DEGREES.at(-1);
        const west = Math.ceil(toLongitude(left / scale) / step) * step;
        const north = Math.floor(
            toLatitude(Math.max(top / scale, 0)) / step) * step;
        context.strokeStyle = tone("--grid");
        context.lineWidth = 1;
        context.beginPath();
        for (let at = west, x = 0; x < width; at += step) {
            x = Math.round(toX(at) * scale - left) + 0.5;
            context.moveTo(x, 0);
            context.lineTo(x, height);
        }
        for (let at = north, y = 0; y < height && at > -LATITUDE_MOST;
            at -= step) {
            y = Math.round(toY(at) * scale - top) + 0.5;
            context.moveTo(0, y);
            context.lineTo(width, y);
        }
        context.stroke();
    }

    //  The largest cities in view for which there is room
    #paintCities(context, view) {
        const taken = [];
        const isTaken = (x, y) => taken.some(([otherX, otherY]) =>
            Math.abs(otherX - x) < LABEL_WIDTH &&
            Math.abs(otherY - y) < LABEL_HEIGHT);
        context.font = "11px system-ui, sans-serif";
        context.fillStyle = tone("--city");
        for (const [name, unitX, unitY] of this.cities) {
            const y = unitY * view.scale - view.top;
            for (let world = view.firstWorld; world <= view.lastWorld;
                world++) {
                const x = (unitX + world) * view.scale - view.left;
                if (x < 0 || x > view.width || y < 0 || y > view.height ||
                    taken.length === LABELS_MOST || isTaken(x, y))
                    continue;
                taken.push([x, y]);
                context.fillRect(x - 1, y - 1, 2, 2);
                context.fillText(name, x + 5, y + 4);
            }
        }
    }
}
