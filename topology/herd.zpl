#   The assignment's herd: five servers and five links, all on this machine.
#
#       Alford ---- Hamilton
#         |             |
#       Welsh        Holiday
#          \           /
#           `-- Ball -'
#
#   Every update reaches everybody in two hops; with one server or one link
#   dead, the others still hear each other.
#
#   ZPL: four blanks of indent for each level, no tabs, and a comment begins
#   with a number sign.  zherd -n topology/herd.zpl checks a file.

herd
    name = zherd

#   Where each server listens for clients, for peers, for operators, and for
#   phones and applications over HTTP.

servers
    Alford
        clients = 127.0.0.1:12000
        mesh = 127.0.0.1:13000
        admin = 127.0.0.1:15000
        http = 127.0.0.1:16000
    Ball
        clients = 127.0.0.1:12001
        mesh = 127.0.0.1:13001
        admin = 127.0.0.1:15001
        http = 127.0.0.1:16001
    Hamilton
        clients = 127.0.0.1:12002
        mesh = 127.0.0.1:13002
        admin = 127.0.0.1:15002
        http = 127.0.0.1:16002
    Holiday
        clients = 127.0.0.1:12003
        mesh = 127.0.0.1:13003
        admin = 127.0.0.1:15003
        http = 127.0.0.1:16003
    Welsh
        clients = 127.0.0.1:12004
        mesh = 127.0.0.1:13004
        admin = 127.0.0.1:15004
        http = 127.0.0.1:16004

#   Who talks with whom.  A link is listed once and works both ways.

links
    Alford = Hamilton Welsh
    Ball = Holiday Welsh
    Hamilton = Holiday

#   Whom to ask for places: the local service, or Google with a key from
#   PLACES_API_KEY or from a file of mode 600 (key_file = /absolute/path).

places
    url = http://127.0.0.1:14000/maps/api/place/nearbysearch/json
#   timeout_ms = 5000
#   body_size_max = 2097152
#   connections_max = 8
#   queue_max = 1024

#   All that follows may be left out: these are the defaults.

limits
    line_size_max = 65536
    output_size_max = 1048576
    output_stall_seconds = 10
    idle_seconds = 0
    connections_max = 100000
    connections_per_address = 0
    new_clients_per_minute = 0
    client_size_max = 1024
    waiting_max = 64
    waiting_size_max = 268435456
    table_size_max = 1073741824
    drain_ms = 5000
    loading_wait_ms = 5000

http
    open = no
    per_minute = 0
    connections_max = 1024

log
    level = full
    format = text
    size_max = 1073741824

mesh
    reconnect_ms = 100

#   Tables on disk are off.  With a folder, all servers may end at once and
#   nothing is forgotten but what was acknowledged less than sync_ms ago.

#store
#   folder = tables
#   sync_ms = 1000
