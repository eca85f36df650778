#!/usr/bin/env node
/*  =========================================================================
    herd_node - a server of the herd on Node.js

    net for clients and neighbours: what one turn of the loop brings forth for
    a connection is one write; http with an agent that keeps its connections for
    Places; the log is a stream of fs, written ten times a second.  Text is
    latin1, which any bytes survive.
    =========================================================================
*/

'use strict'

const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const { parseArgs } = require('node:util')

const HOST = '127.0.0.1'
const RETRY_MS = 100
const TIMEOUT_MS = 5000
const LINE_SIZE_MAX = 65536
const LOG_MS = 100
const LOG_SIZE_MAX = 65536
const PLACE = /^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)$/
const STAMP = /^(\d{1,15})(?:\.(\d+))?$/
const RADIUS = /^\d+(?:\.\d+)?$/
const BOUND = /^0*\d{1,2}$/
//  \S would take U+00A0 for a blank
const FIELDS = /[^ \t\r\n\f\v]+/g
const NO_ANSWER = `{
   "error_message" : "The Places service did not answer.",
   "html_attributions" : [],
   "results" : [],
   "status" : "UNKNOWN_ERROR"
}
`

const { values: options } = parseArgs({
  options: {
    name: { type: 'string' },
    clients: { type: 'string' },
    mesh: { type: 'string' },
    log: { type: 'string' },
    places: { type: 'string' },
    link: { type: 'string', multiple: true, default: [] }
  }
})

const known = new Map() //  The newest location of every client
const links = new Set() //  The neighbours we are connected to
const agent = new http.Agent({ keepAlive: true })
const log = options.log
  ? fs.createWriteStream(options.log, { flags: 'a', encoding: 'latin1' })
  : null

let logged = '' //  And not written yet
let timer = null //  When it is

//  Each write of a file is a job for another thread, which costs more than all
//  the lines of a moment

function note (sign, who, lines) {
  if (!log) return
  const head = `${new Date().toISOString()} ${sign} ${who} `
  if (!timer) timer = setTimeout(writeLog, LOG_MS)
  for (const line of lines) logged += `${head}${line}\n`
  if (logged.length > LOG_SIZE_MAX) writeLog()
}

function writeLog () {
  clearTimeout(timer)
  timer = null
  log.write(logged)
  logged = ''
}

function fieldsOf (line) {
  return line.match(FIELDS) || []
}


//  The table.  A stamp is whole seconds and nanoseconds: a number has not the
//  digits for both

function stampOf (text) {
  const match = STAMP.exec(text)
  if (!match) return null
  const fraction = (match[2] || '').slice(0, 9).padEnd(9, '0')
  return { seconds: Number(match[1]), nanoseconds: Number(fraction) }
}

function isPlace (text) {
  const match = PLACE.exec(text)
  return match && Math.abs(match[1]) <= 90 && Math.abs(match[2]) <= 180
}

function keep (client, stamp, at) {
  const kept = known.get(client)
  if (kept) {
    const later = stamp.seconds - kept.stamp.seconds ||
      stamp.nanoseconds - kept.stamp.nanoseconds
    if (later <= 0) return false
    kept.stamp = stamp
    kept.at = at
  } else {
    known.set(client, { stamp, at })
  }
  return true
}

//  By how much our clock is ahead of the stamp, with sign and nine decimals

function difference (stamp) {
  const now = performance.timeOrigin + performance.now()
  const seconds = Math.floor(now / 1000)
  let ahead = seconds - stamp.seconds
  let rest = Math.floor((now - seconds * 1000) * 1e6) - stamp.nanoseconds
  const sign = ahead < 0 || (ahead === 0 && rest < 0) ? -1 : 1
  ahead *= sign
  rest *= sign
  if (rest < 0) {
    ahead--
    rest += 1e9
  }
  return `${sign < 0 ? '-' : '+'}${ahead}.${String(rest).padStart(9, '0')}`
}


//  What clients and neighbours say

//  What is to be replied, or null if it is no good; news is where an AT line
//  to be flooded goes

function iamat ([, client, place, sent], news) {
  const stamp = stampOf(sent)
  if (!stamp || !isPlace(place)) return null
  const words = ['AT', options.name, difference(stamp), client, place, sent]
  const at = words.join(' ')
  if (keep(client, stamp, at)) news.push(at)
  return at
}

//  A promise of the reply, or null if it is no good

function whatsat ([, client, radius, bound]) {
  const kept = known.get(client)
  if (!kept || !RADIUS.test(radius) || radius > 50 || !BOUND.test(bound) ||
      bound > 20) {
    return null
  }
  const at = kept.at
  const [, latitude, longitude] = PLACE.exec(fieldsOf(at)[4])
  return askPlaces(latitude, longitude, radius * 1000)
    .then(answer => cut(answer, Number(bound)))
    .catch(() => NO_ANSWER)
    .then(answer => `${at}\n${answer}`)
}

function askPlaces (latitude, longitude, radius) {
  if (!options.places) return Promise.reject(new Error('nobody to ask'))
  const place = `location=${latitude},${longitude}&radius=${radius}`
  return new Promise((resolve, reject) => {
    const request = http.get(`${options.places}?${place}`,
      { agent, timeout: TIMEOUT_MS }, response => {
        const chunks = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks)))
        response.on('error', reject)
      })
    request.on('timeout', () => request.destroy(new Error('too slow')))
    request.on('error', reject)
  })
}

function cut (answer, bound) {
  const places = JSON.parse(answer)
  places.results = places.results.slice(0, bound)
  return Buffer.from(JSON.stringify(places)).toString('latin1') + '\n'
}

function reply (line, fields, news) {
  let answer = null
  if (fields.length === 4 && !line.includes('\0')) {
    if (fields[0] === 'IAMAT') answer = iamat(fields, news)
    else if (fields[0] === 'WHATSAT') answer = whatsat(fields)
  }
  return answer === null ? `? ${line.replace(/\r$/, '')}` : answer
}

//  All that is said before the loop turns leaves together

function say (socket, lines) {
  note('>', socket.who, lines)
  if (socket.writableCorked === 0) {
    socket.cork()
    setImmediate(() => socket.uncork())
  }
  socket.write(lines.join('\n') + '\n', 'latin1')
}

function flood (news, source) {
  if (news.length === 0) return
  for (const link of links) {
    if (link !== source) say(link, news)
  }
}

//  Replies leave in order: once one is a promise, what follows queues up

function takeCommands (socket, lines) {
  const news = []
  const replies = []
  for (const line of lines) {
    const fields = fieldsOf(line)
    if (fields.length === 0) continue
    const answer = reply(line, fields, news)
    if (socket.queue.length === 0 && typeof answer === 'string') {
      replies.push(answer)
    } else {
      socket.queue.push(answer)
    }
  }
  flood(news)
  if (replies.length > 0) say(socket, replies)
  if (socket.queue.length > 0 && !socket.draining) drain(socket)
}

async function drain (socket) {
  socket.draining = true
  while (socket.queue.length > 0) {
    say(socket, [await socket.queue[0]])
    socket.queue.shift()
  }
  socket.draining = false
  if (socket.ended) socket.end()
}

function takeNews (socket, lines) {
  const news = lines.filter(line => {
    const fields = fieldsOf(line)
    if (fields.length !== 6 || fields[0] !== 'AT') return false
    const stamp = stampOf(fields[5])
    return stamp !== null && keep(fields[3], stamp, line)
  })
  flood(news, socket)
}


//  Connections

//  Hand what comes to take, line by line

function listen (socket, kind, take) {
  let rest = ''
  socket.who = `${kind} ${socket.remoteAddress}:${socket.remotePort}`
  socket.setEncoding('latin1')
  socket.setNoDelay(true)
  note('*', socket.who, ['up'])
  function takeAll (lines) {
    note('<', socket.who, lines)
    take(socket, lines)
  }
  socket.on('data', text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    takeAll(lines)
    if (rest.length > LINE_SIZE_MAX) socket.destroy()
  })
  socket.on('end', () => {
    if (rest !== '') takeAll([rest])
  })
  socket.on('error', () => {})
  socket.on('close', () => note('*', socket.who, ['down']))
}

function serveClient (socket) {
  socket.queue = []
  listen(socket, 'client', takeCommands)
  socket.on('end', () => {
    socket.ended = true
    if (socket.queue.length === 0) socket.end()
  })
}

function serveLink (socket) {
  links.add(socket)
  listen(socket, 'link', takeNews)
  socket.on('close', () => links.delete(socket))
}

//  Keep a link to a neighbour

function call (port) {
  const socket = net.connect(port, HOST)
  socket.on('connect', () => serveLink(socket))
  socket.on('error', () => {})
  socket.on('close', () => setTimeout(call, RETRY_MS, port))
}

const listening = { host: HOST, backlog: 4096 }
net.createServer({ allowHalfOpen: true }, serveClient)
  .listen({ ...listening, port: Number(options.clients) })
net.createServer(serveLink)
  .listen({ ...listening, port: Number(options.mesh) })
for (const link of options.link) call(Number(link.split('=')[1]))
process.on('SIGTERM', () => {
  if (log) log.end(logged, () => process.exit())
  else process.exit()
})
