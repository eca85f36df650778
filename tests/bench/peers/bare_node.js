#!/usr/bin/env node
/*  =========================================================================
    bare_node - the least an HTTP server on Node.js can do with a location

        bare_node.js --clients PORT ...

    What bare does, with node:http: reads the JSON of a PUT, or the parameters
    of a GET, and says it again.  It stores nothing, checks nothing, logs nothing
    and tells no others; options that other servers have mean nothing here.
    =========================================================================
*/

'use strict'

const http = require('node:http')

function feature (path, body) {
  const { latitude, longitude, stamp } = JSON.parse(body)
  return JSON.stringify({
    type: 'Feature',
    id: path.slice(path.lastIndexOf('/') + 1),
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    properties: {
      server: 'Bare',
      difference: '+0.000000000',
      stamp: String(stamp),
      heard: '2016-11-17T20:18:04.655Z',
      newest: true
    }
  }) + '\n'
}

function answer (request, response) {
  if (request.method !== 'PUT') {
    const { searchParams } = new URL(request.url, 'http://localhost')
    for (const key of ['id', 'timestamp', 'lat', 'lon']) searchParams.get(key)
    response.end()
    return
  }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const text = feature(request.url, Buffer.concat(chunks))
    response.writeHead(200, {
      'Content-Type': 'application/geo+json',
      'Content-Length': Buffer.byteLength(text)
    })
    response.end(text)
  })
}

const port = process.argv[process.argv.indexOf('--clients') + 1]
http.createServer(answer)
  .listen({ host: '127.0.0.1', port: Number(port), backlog: 4096 })
