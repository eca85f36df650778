//  glide - how a client moves: on its way from where it was to where it is.
//
//  The server tells of moves a few times a second.  A client takes as long for
//  its way as since it moved last, within bounds: so it moves on in each frame,
//  and is never much behind.

const LEAST_MS = 100;
const MOST_MS = 250;

//  Which part of its way a client has still before it: from 1 to 0
export const rest = (client, now) =>
    Math.max(0, 1 - (now - client.movedAt) / client.glideMs);

//  Where it is drawn
export const drawnX = (client, now) => client.x - client.dx * rest(client, now);
export const drawnY = (client, now) => client.y - client.dy * rest(client, now);

//  A client that is there, and on no way
export const placed = (x, y, now) =>
    ({ x, y, dx: 0, dy: 0, movedAt: now, glideMs: LEAST_MS, tail: [] });

//  Send the client on its way, across the date line if that is shorter; or put
//  it there at once if it is farther than most.  Returns when it arrives.
export function send(client, x, y, now, most) {
    let dx = x - drawnX(client, now);
    const dy = y - drawnY(client, now);
    dx -= Math.round(dx);
    const glides = Math.hypot(dx, dy) <= most;
    client.glideMs =
        Math.max(LEAST_MS, Math.min(MOST_MS, now - client.movedAt));
    Object.assign(client, {
        x, y, dx: glides ? dx : 0, dy: glides ? dy : 0, movedAt: now });
    return now + (glides ? client.glideMs : 0);
}
