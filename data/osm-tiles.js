//  osm-tiles.js TILE.mvt... - named places out of OpenStreetMap QA tiles
//
//  Reads Mapbox vector tiles, version 2, named z-x-y.mvt, whose layer osm has
//  every object with all of its tags, and writes the table that README.md
//  describes, in the order of the ids.  An object that tile edges cut is taken
//  from the tile that comes first.  What names a mapper is never read.

"use strict";
const fs = require("fs");
const path = require("path");

//  The first of these that tells of a place says what an object is
const KEYS = ["amenity", "shop", "tourism", "leisure", "office", "healthcare",
    "historic", "craft", "railway", "aeroway", "public_transport", "natural",
    "man_made", "emergency", "club", "place"];
const STATIONS = ["station", "halt", "stop"];
//  What says that there is nothing, nothing yet or nothing any more
const GONE = ["no", "none", "vacant", "empty", "unused", "disused", "abandoned",
    "closed", "former", "demolished", "destroyed", "removed", "razed",
    "construction", "proposed", "planned"];
//  GeoNames has the towns
const QUARTERS = ["suburb", "neighbourhood", "quarter", "hamlet"];
//  Kilometres around a place in which an object without addr:city is there
const REACH = { city: 12, town: 3, village: 1.5 };


//  Protocol buffers: a reader over bytes, and its fields one by one

class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    varint() {
        let value = 0n, shift = 0n, byte;
        do {
            byte = this.bytes[this.at++];
            value |= BigInt(byte & 127) << shift;
            shift += 7n;
        } while (byte > 127);
        return value;
    }

    number() {
        return Number(this.varint());
    }

    *fields() {
        while (this.at < this.bytes.length) {
            const key = this.number();
            const wire = key & 7;
            let value;
            if (wire === 0)
                value = this.varint();
            else {
                const size = wire === 2 ? this.number() : wire === 1 ? 8 : 4;
                value = this.bytes.subarray(this.at, this.at += size);
            }
            yield [key >> 3, value];
        }
    }

    *packed() {
        while (this.at < this.bytes.length)
            yield this.number();
    }
}


const readValue = bytes => {
    for (const [field, value] of new Reader(bytes).fields()) {
        if (field === 1)
            return value.toString("utf8");
        if (field === 2)
            return value.readFloatLE(0);
        if (field === 3)
            return value.readDoubleLE(0);
        if (field === 6)
            return Number((value >> 1n) ^ -(value & 1n));
        return Number(value);
    }
};


const readLayer = bytes => {
    const layer = { keys: [], values: [], features: [], extent: 4096 };
    for (const [field, value] of new Reader(bytes).fields()) {
        if (field === 1)
            layer.name = value.toString("utf8");
        else if (field === 2)
            layer.features.push(value);
        else if (field === 3)
            layer.keys.push(value.toString("utf8"));
        else if (field === 4)
            layer.values.push(readValue(value));
        else if (field === 5)
            layer.extent = Number(value);
    }
    return layer;
};


//  The middle of the box around all points

const middle = geometry => {
    let x = 0, y = 0;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const words = [...new Reader(geometry).packed()];
    for (let at = 0; at < words.length;) {
        const command = words[at++];
        if ((command & 7) === 7)
            continue;
        for (let left = command >>> 3; left; left--) {
            x += (words[at] >>> 1) ^ -(words[at] & 1);
            y += (words[at + 1] >>> 1) ^ -(words[at + 1] & 1);
            at += 2;
            box[0] = Math.min(box[0], x);
            box[1] = Math.min(box[1], y);
            box[2] = Math.max(box[2], x);
            box[3] = Math.max(box[3], y);
        }
    }
    return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
};


const readFeature = (layer, bytes, [zoom, column, row]) => {
    const tags = new Map();
    let geometry;
    for (const [field, value] of new Reader(bytes).fields()) {
        if (field === 2) {
            const words = [...new Reader(value).packed()];
            for (let at = 0; at < words.length; at += 2)
                tags.set(layer.keys[words[at]], layer.values[words[at + 1]]);
        }
        else if (field === 4)
            geometry = value;
    }
    const [x, y] = middle(geometry);
    const turn = Math.PI * (1 - 2 * (row + y / layer.extent) / 2 ** zoom);
    return {
        tags,
        lat: Math.atan(Math.sinh(turn)) * 180 / Math.PI,
        lng: (column + x / layer.extent) / 2 ** zoom * 360 - 180,
    };
};


const isPlace = (key, value) =>
    !GONE.includes(value) && (key !== "railway" || STATIONS.includes(value)) &&
    (key !== "place" || QUARTERS.includes(value));


//  By the first key that tells of a place; of a place that is no more only what
//  is historic counts

const kindOf = tags => {
    const isGone = GONE.some(mark => tags.get(mark) === "yes") ||
        tags.has("end_date");
    const key = KEYS.find(key => tags.has(key) &&
        isPlace(key, String(tags.get(key))) && (!isGone || key === "historic"));
    return key ? `${key}=${tags.get(key)}` : null;
};


const metres = (one, other) => {
    const unit = Math.PI / 180;
    const x = (one.lng - other.lng) * Math.cos(one.lat * unit);
    return Math.hypot(x, one.lat - other.lat) * unit * 6371008.8;
};


const townOf = (feature, towns) => {
    let best = { name: "", share: 1 };
    for (const town of towns) {
        const share = metres(feature, town) / 1000 / town.reach;
        if (share < best.share)
            best = { name: town.name, share };
    }
    return feature.tags.get("addr:city") || best.name;
};


//  How well it is described: 0 to 6

const detailsOf = tags => {
    const has = (...keys) => keys.some(key => tags.has(key));
    return has("addr:street") + has("opening_hours") +
        has("website", "contact:website", "url") +
        has("phone", "contact:phone") + 2 * has("wikidata", "wikipedia");
};


const clean = text => String(text).replace(/\s+/g, " ").trim();

const main = files => {
    const found = new Map();
    const towns = [];
    for (const file of files) {
        const tile = path.basename(file, ".mvt").split("-").map(Number);
        for (const [, bytes] of new Reader(fs.readFileSync(file)).fields()) {
            const layer = readLayer(bytes);
            for (const bytes of layer.name === "osm" ? layer.features : []) {
                const feature = readFeature(layer, bytes, tile);
                const { tags } = feature;
                const name = clean(tags.get("name") || "");
                const reach = REACH[tags.get("place")];
                if (name && reach)
                    towns.push({ ...feature, name, reach });
                const kind = kindOf(tags);
                const type = String(tags.get("@type"))[0];
                const id = `osm-${type}${tags.get("@id")}`;
                if (name && kind && !found.has(id))
                    found.set(id, { ...feature, id, name, kind });
            }
        }
    }

    const order = (one, other) =>
        one.id[4] < other.id[4] ? -1 : one.id[4] > other.id[4] ? 1 :
        one.id.slice(5) - other.id.slice(5);
    const lines = [...found.values()].sort(order).map(place => {
        const { tags } = place;
        const street = [tags.get("addr:street"), tags.get("addr:housenumber")];
        const vicinity = [tags.has("addr:street") ?
            street.filter(Boolean).join(" ") : "", townOf(place, towns)];
        return [place.id, place.name, place.lat.toFixed(7),
            place.lng.toFixed(7), clean(place.kind),
            clean(vicinity.filter(Boolean).join(", ")),
            detailsOf(tags)].join("\t") + "\n";
    });
    process.stdout.write(
        "#id\tname\tlatitude\tlongitude\tkind\tvicinity\tdetails\n" +
        "#credit\tPlaces © <a href=\"https://www.openstreetmap.org/copyright\">" +
        "OpenStreetMap contributors</a>, <a href=\"https://opendatacommons.org/" +
        "licenses/odbl/1-0/\">ODbL 1.0</a>\n" + lines.join(""));
};

main(process.argv.slice(2));
