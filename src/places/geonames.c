/*  =========================================================================
    geonames - what GeoNames calls a place, in Google's words
    =========================================================================
*/

#include "places/geonames.h"

#include <stdio.h>
#include <string.h>

#define AREA "administrative_area_level_"

//  The tag or the types of those that begin so; of two the first counts
static const struct {
    const char *code;
    const char *kind;
} s_codes [] = {{"ADM1", AREA "1,political"}, {"ADM2", AREA "2,political"},
    {"ADM3", AREA "3,political"}, {"ADM4", AREA "4,political"},
    {"ADM5", AREA "5,political"}, {"ADMF", "office=government"},
    {"ADM", "political"}, {"PCL", "country,political"},
    {"PPLX", "neighborhood,political"}, {"PPL", "locality,political"},
    {"AIRB", "aeroway=aerodrome"}, {"AIRF", "aeroway=aerodrome"},
    {"AIRH", "aeroway=aerodrome"}, {"AIRP", "aeroway=aerodrome"},
    {"AMUS", "tourism=theme_park"}, {"ATM", "amenity=atm"},
    {"BANK", "amenity=bank"}, {"BUSTN", "amenity=bus_station"},
    {"BUSTP", "public_transport=platform"}, {"CH", "religion=christian"},
    {"CMTY", "amenity=grave_yard"}, {"CSNO", "amenity=casino"},
    {"CSTL", "historic=castle"}, {"CTHSE", "amenity=courthouse"},
    {"CTRM", "amenity=clinic"}, {"CTRR", "amenity=place_of_worship"},
    {"CVNT", "amenity=monastery"}, {"DIP", "amenity=embassy"},
    {"FT", "historic=fort"}, {"FY", "amenity=ferry_terminal"},
    {"GDN", "leisure=garden"}, {"GHSE", "tourism=guest_house"},
    {"GOVL", "office=government"}, {"GRVE", "amenity=grave_yard"},
    {"HSPC", "amenity=clinic"}, {"HSPD", "amenity=clinic"},
    {"HSP", "amenity=hospital"}, {"HSTS", "tourism=attraction"},
    {"HTL", "tourism=hotel"}, {"LIBR", "amenity=library"},
    {"LTHSE", "man_made=lighthouse"}, {"MALL", "shop=mall"},
    {"MAR", "leisure=marina"}, {"MKT", "amenity=marketplace"},
    {"MNMT", "historic=monument"}, {"MSQE", "religion=muslim"},
    {"MSTY", "amenity=monastery"}, {"MTRO", "station=subway"},
    {"MUS", "tourism=museum"}, {"OBPT", "tourism=viewpoint"},
    {"OPRA", "amenity=theatre"}, {"PAL", "historic=castle"},
    {"PGDA", "amenity=place_of_worship"}, {"PKLT", "amenity=parking"},
    {"PO", "amenity=post_office"}, {"PP", "amenity=police"},
    {"PRK", "leisure=park"}, {"RECG", "leisure=golf_course"},
    {"RESN", "leisure=nature_reserve"}, {"REST", "amenity=restaurant"},
    {"RET", "shop=*"}, {"RSRT", "tourism=hotel"}, {"RSTN", "railway=station"},
    {"RSTP", "railway=halt"}, {"RUIN", "historic=ruins"},
    {"SCHC", "amenity=college"}, {"SCH", "amenity=school"},
    {"SHRN", "amenity=place_of_worship"}, {"SPA", "shop=massage"},
    {"STDM", "leisure=stadium"}, {"SYG", "religion=jewish"},
    {"THTR", "amenity=theatre"}, {"TMPL", "amenity=place_of_worship"},
    {"TRAM", "station=light_rail"}, {"TRANT", "public_transport=station"},
    {"UNIV", "amenity=university"}, {"VETF", "amenity=veterinary"},
    {"ZOO", "tourism=zoo"}};

#define CODE_COUNT (sizeof (s_codes) / sizeof (s_codes [0]))


static bool
s_begins (span_t text, const char *start)
{
    size_t size = strlen (start);
    return text.size >= size && memcmp (text.data, start, size) == 0;
}


//  Codes end with Q for what is abandoned, and those of towns and areas with H
//  for what is of the past

static bool
s_is_gone (span_t code)
{
    if (!code.size)
        return false;
    char last = code.data [code.size - 1];
    bool is_political = s_begins (code, "PPL") || s_begins (code, "ADM") ||
                        s_begins (code, "PCL") || s_begins (code, "RGN");
    return last == 'Q' || (last == 'H' && is_political) ||
           span_equal (code, span_of ("PPLW"));
}


//  Whose codes are the same but for their ends mean the same; others are not
//  known by their beginning

static const char *
s_find_code (span_t code)
{
    for (size_t index = 0; index < CODE_COUNT; index++) {
        const char *start = s_codes [index].code;
        bool is_political = strstr (s_codes [index].kind, "political") != NULL;
        if (is_political ? s_begins (code, start)
                         : span_equal (code, span_of (start)))
            return s_codes [index].kind;
    }
    return NULL;
}


//  What is known by its class alone

static const char *
s_find_class (span_t feature_class)
{
    switch (feature_class.size ? *feature_class.data : 'P') {
    case 'A':
        return "political";
    case 'H':
    case 'T':
    case 'U':
    case 'V':
        return "natural=*";
    case 'R':
        return "route";
    case 'P':
        return "locality,political";
    default:
        return "";
    }
}


static uint32_t
s_weight (span_t code)
{
    if (span_equal (code, span_of ("PPLC")))
        return 16;
    if (span_equal (code, span_of ("PPLA")))
        return 8;
    if (span_equal (code, span_of ("PPLA2")))
        return 4;
    return span_equal (code, span_of ("PPLX")) ? 1 : 2;
}


//  More people than have room are as many as have

static uint32_t
s_prominence (const geonames_t *self)
{
    uint32_t weight = s_weight (self->code);
    uint64_t most = UINT32_MAX / weight - 500;
    uint64_t people = self->population < most ? self->population : most;
    return (uint32_t) (people + 500) * weight;
}


bool
geonames_find (const geonames_t *self, kind_t *kind, uint32_t *prominence)
{
    if (s_is_gone (self->code))
        return false;
    const char *found = s_find_code (self->code);
    if (!found)
        found = s_find_class (self->feature_class);
    bool is_area = *found && !strchr (found, '=');
    if (is_area) {
        kind->weight = 1;
        snprintf (kind->types, sizeof (kind->types), "%s", found);
    }
    else if (!kind_of_tag (span_of (found), kind))
        return false;
    bool is_town = s_begins (span_of (found), "locality") ||
                   s_begins (span_of (found), "neighborhood");
    *prominence =
        is_town ? s_prominence (self) : kind_prominence (kind->weight, 0);
    return true;
}
