//  The files of web/site: each as it is, and as the Makefile packs it

    .section .rodata

    .macro file name, path
    .globl site_\name, site_\name\()_end
    .hidden site_\name, site_\name\()_end
site_\name:
    .incbin "\path"
site_\name\()_end:
    .byte 0
    .endm

    file page_html, "site/page.html"
    file page_css, "site/page.css"
    file page_js, "site/page.js"
    file feed_js, "site/feed.js"
    file map_js, "site/map.js"
    file dots_js, "site/dots.js"
    file glide_js, "site/glide.js"
    file ground_js, "site/ground.js"
    file herd_js, "site/herd.js"
    file land_json, "site/land.json"
    file cities_json, "site/cities.json"
    file icon_svg, "site/icon.svg"
    file leaflet_js, "/usr/share/javascript/leaflet/leaflet.min.js"
    file leaflet_css, "/usr/share/javascript/leaflet/leaflet.css"

//  These are in BUILD/site, which the assembler is told to look into

    file page_html_gz, "page.html.gz"
    file page_css_gz, "page.css.gz"
    file page_js_gz, "page.js.gz"
    file feed_js_gz, "feed.js.gz"
    file map_js_gz, "map.js.gz"
    file dots_js_gz, "dots.js.gz"
    file glide_js_gz, "glide.js.gz"
    file ground_js_gz, "ground.js.gz"
    file herd_js_gz, "herd.js.gz"
    file land_json_gz, "land.json.gz"
    file cities_json_gz, "cities.json.gz"
    file icon_svg_gz, "icon.svg.gz"
    file leaflet_js_gz, "leaflet.min.js.gz"
    file leaflet_css_gz, "leaflet.css.gz"

    .section .note.GNU-stack, "", @progbits
