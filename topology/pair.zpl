#   The smallest herd that floods: two servers and a link.  Its ports are its
#   own, so it runs beside herd.zpl, given another HERD_DIR.
#
#       Left ---- Right

herd
    name = pair

servers
    Left
        clients = 127.0.0.1:12100
        mesh = 127.0.0.1:13100
        admin = 127.0.0.1:15100
    Right
        clients = 127.0.0.1:12101
        mesh = 127.0.0.1:13101
        admin = 127.0.0.1:15101

links
    Left = Right

places
    url = http://127.0.0.1:14000/maps/api/place/nearbysearch/json
