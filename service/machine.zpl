#   The herd of this machine: zherdctl init copied this file here, and made the
#   keys.  zherd.zpl(5) explains all keys; zherd -n FILE checks a file, and
#   zherdctl reload has servers read it again.
#
#   On loopback, as here, only this machine reaches the servers.  To let others
#   in, write addresses or names of this machine in place of 127.0.0.1; for a
#   herd on many machines, see zherdctl(1).

herd
    name = zherd
#   Clients silent for more than 30 days are forgotten
    ttl_seconds = 2592000

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

links
    Alford = Hamilton Welsh
    Ball = Holiday Welsh
    Hamilton = Holiday

places
    url = http://127.0.0.1:14000/maps/api/place/nearbysearch/json
    per_client_per_minute = 600

#   What one address may use of a server

limits
    connections_per_address = 1000
    new_clients_per_minute = 6000

http
    per_minute = 6000

#   The log has only notices; level = full also logs all input and output

log
    level = notices
    size_max = 104857600

#   The folder, beside this file, of the keys by which servers know each other

mesh
    keys = keys

#   What was acknowledged more than sync_ms ago survives a power cut

store
    folder = /var/lib/zherd
