//  land.js LAND.JSON CITIES500.TSV FOLDER - the page's own map: land.json and
//  cities.json, into FOLDER
//
//  Reads world-atlas' topology of Natural Earth's land, cuts it at the date
//  line, where a flat map would draw lines from edge to edge,
//  and writes rings of [longitude, latitude] with two decimals, which are 1 km.
//  Of GeoNames' table it takes the largest cities: name, latitude, longitude,
//  the largest first.

"use strict";
const fs = require("fs");
const { feature } = require("topojson-client");
const { geoEquirectangular, geoStream } = require("d3-geo");

const CITIES = 600;
const [landFile, citiesFile, folder] = process.argv.slice(2);

//  The projection's stream clips at the date line; its plane is degrees

function ringsOf(land) {
    const rings = [];
    let ring = null;
    geoStream(land, geoEquirectangular().scale(180 / Math.PI).translate([0, 0])
        .precision(0).stream({
            point: (x, y) => ring.push([x, -y]),
            lineStart: () => { ring = []; },
            lineEnd: () => { rings.push(ring); },
            polygonStart: () => {},
            polygonEnd: () => {},
            sphere: () => {}
        }));
    return rings;
}

const round = degrees => Math.round(degrees * 100) / 100 + 0;

//  Leave out points that are equal to the one before

function tidy(ring) {
    return ring.map(point => point.map(round)).filter((point, at, all) =>
        at === 0 || point[0] !== all[at - 1][0] || point[1] !== all[at - 1][1]);
}

const topology = JSON.parse(fs.readFileSync(landFile, "utf8"));
const rings = ringsOf(feature(topology, topology.objects.land)).map(tidy)
    .filter(ring => ring.length > 2);
fs.writeFileSync(`${folder}/land.json`,
    `[${rings.map(ring => JSON.stringify(ring)).join(",\n")}]\n`);

const cities = fs.readFileSync(citiesFile, "utf8").trim().split("\n")
    .map(line => line.split("\t"))
    .filter(fields => fields[4] !== "PPLX")
    .sort((one, other) => other[7] - one[7] || one[0] - other[0])
    .slice(0, CITIES)
    .map(fields => [fields[1], round(fields[2]), round(fields[3])]);
fs.writeFileSync(`${folder}/cities.json`,
    `[${cities.map(city => JSON.stringify(city)).join(",\n")}]\n`);
