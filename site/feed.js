//  feed - what the server sends: one stream of events, opened again when the
//  map moves or the stream breaks, and answers to single requests.
//
//  The token goes into a header, never into a URL.  It is kept as long as the
//  tab is open.

const WAIT_LEAST_MS = 500;
const WAIT_MOST_MS = 15000;

//  The event herd comes once a second: after so long without anything the
//  stream counts as broken
const SILENCE_MS = 8000;

//  The server thins out more clients than these
const CLIENTS_MAX = 16384;

const TOKEN = "zherd-token";

export class Feed {
    //  told (name, data) gets each event; changed (state) gets "live",
    //  "reconnecting" or "denied".
    constructor(told, changed) {
        this.told = told;
        this.changed = changed;
        this.waitMs = WAIT_LEAST_MS;
        this.area = null;
        this.areaUnknown = false;
        this.clockMs = 0;
        this.stream = null;
        this.timer = 0;
    }

    setToken(token) {
        sessionStorage.setItem(TOKEN, token);
        this.open();
    }

    //  Ask for an answer in JSON.  Returns null if there is none.
    async ask(path) {
        const response = await fetch(path, { headers: this.#headers() });
        if (response.status === 401)
            this.changed("denied");
        return response.ok ? response.json() : null;
    }

    //  Listen to this area: west, south, east, north; null is everywhere.
    look(area) {
        const wanted = area?.map(edge => edge.toFixed(4)).join(",") ?? "";
        if (wanted === this.area && this.stream)
            return;
        this.area = wanted;
        this.open();
    }

    //  Open the stream, in place of the one there was.
    open() {
        clearTimeout(this.timer);
        this.stream?.abort();
        this.stream = new AbortController();
        this.#listen(this.stream);
    }

    //  Return the time of the server's clock, as far as it is known here.
    now() {
        return Date.now() + this.clockMs;
    }

    #headers() {
        const token = sessionStorage.getItem(TOKEN);
        return token ? { Authorization: `Bearer ${token}` } : {};
    }

    //  Return true if it listens to an area, not to all clients
    hasArea() {
        return Boolean(this.area) && !this.areaUnknown;
    }

    #path() {
        const area = this.hasArea() ? `&bbox=${this.area}` : "";
        return `v1/events?herd=yes&max=${CLIENTS_MAX}${area}`;
    }

    async #listen(stream) {
        try {
            const response = await fetch(this.#path(), {
                headers: this.#headers(), signal: stream.signal,
                cache: "no-store"
            });
            const date = Date.parse(response.headers.get("Date"));
            if (date)
                this.clockMs = date - Date.now();
            if (response.ok)
                await this.#read(response.body, stream);
            else
                this.#refused(response.status, stream);
        }
        catch (error) {
            if (!(error instanceof TypeError) && error.name !== "AbortError")
                throw error;
        }
        finally {
            if (stream === this.stream && !stream.denied)
                this.#again();
        }
    }

    //  If the server keeps no index of places, listen to all clients

    #refused(status, stream) {
        if (status === 401 || status === 403) {
            stream.denied = true;
            this.changed("denied");
        }
        if (status === 501) {
            this.areaUnknown = true;
            this.open();
        }
    }

    #again() {
        this.changed("reconnecting");
        const waitMs = this.waitMs * (0.5 + Math.random());
        this.waitMs = Math.min(this.waitMs * 2, WAIT_MOST_MS);
        this.timer = setTimeout(() => this.open(), waitMs);
    }

    async #read(body, stream) {
        const reader = body.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        for (;;) {
            const silence = setTimeout(() => stream.abort(), SILENCE_MS);
            const { value, done } = await reader.read();
            clearTimeout(silence);
            if (done || stream !== this.stream)
                return;
            this.waitMs = WAIT_LEAST_MS;
            this.changed("live");
            text = this.#cut(text + value);
        }
    }

    //  Handle each event that is complete, and return the rest

    #cut(text) {
        let start = 0;
        for (;;) {
            const end = text.indexOf("\n\n", start);
            if (end < 0)
                return text.slice(start);
            this.#parse(text.slice(start, end));
            start = end + 2;
        }
    }

    #parse(event) {
        const name = /^event: (.*)$/m.exec(event);
        const data = event.indexOf("data: ");
        if (name && data >= 0)
            this.told(name[1], JSON.parse(event.slice(data + 6)));
    }
}
