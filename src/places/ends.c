/*  =========================================================================
    ends - how Overture's categories end, and the tags of those that do
    =========================================================================
*/

#include "places/ends.h"

static const ends_t s_ends [] = {
    {"", "airport_lounge atv_recreation_park auto_broker "
         "b2b_agriculture_and_food bike_parking car_broker career_counseling "
         "college_counseling community_garden customs_broker erotic_massage "
         "face_painting food_bank game_truck_rental machine_shop "
         "mobile_home_park mountain_bike_park oxygen_bar pet_hospice "
         "rental_kiosk skate_park ski_resort ski_resort_area technology "
         "trampoline_park vr_cafe water_taxi_service"},
    {"aeroway=aerodrome",
        "airport airport_terminal balloon_port glider_port gliderport heliport "
        "seaplane_base"},
    {"amenity=atm", "atm"},
    {"amenity=bank", "bank credit_union"},
    {"amenity=bar",
        "alcoholic_beverage_venue bar bar_tabac brewery "
        "brewery_winery_distillery cidery karaoke karaoke_venue lounge "
        "speakeasy wine_tasting_room"},
    {"amenity=bureau_de_change", "currency_exchange money_transfer_service"},
    {"amenity=bus_station", "bus_station"},
    {"amenity=cafe",
        "acai_bowl bubble_tea bubble_tea_shop cafe coffee_roastery coffee_shop "
        "juice_bar milk_bar milkshake_bar non_alcoholic_beverage_venue "
        "tea_room"},
    {"amenity=car_rental",
        "auto_leasing auto_rental_service automobile_leasing car_rental "
        "car_rental_agency car_rental_service car_sharing rv_rental "
        "rv_rental_service truck_rental truck_rental_service "
        "vehicle_rental_service"},
    {"amenity=car_wash", "auto_detailing auto_detailing_service car_wash"},
    {"amenity=casino", "casino"},
    {"amenity=cinema", "cinema drive_in_theater movie_theater outdoor_movie "
                       "outdoor_movie_space"},
    {"amenity=clinic",
        "cancer_treatment_center clinic clinic_or_treatment_center "
        "community_health_center medical_center urgent_care_center"},
    {"amenity=courthouse", "courthouse"},
    {"amenity=dentist",
        "dental_care dental_clinic dental_hygiene dental_hygienist dentist "
        "dentistry endodontics endodontist oral_and_maxillofacial_surgery "
        "oral_surgeon orthodontic_care orthodontics orthodontist periodontics "
        "periodontist prosthodontics prosthodontist"},
    {"amenity=doctors",
        "-ologist -ology allergist doctor doctors_office ear_nose_and_throat "
        "endoscopist endoscopy family_practice fertility geneticist "
        "hospitalist infectious_disease infectious_disease_specialist "
        "laser_eye_surgery_lasik medicine naturopathic_holistic orthopedics "
        "orthopedist osteopath pain_management pediatrician pediatrics "
        "physician physician_assistant podiatrist podiatry psychiatrist "
        "psychiatry retina_specialist surgeon surgery tattoo_removal"},
    {"amenity=embassy", "embassy"},
    {"amenity=fast_food",
        "box_lunch_supplier fast_food_restaurant food_stand food_truck "
        "food_truck_stand meal_takeaway sandwich_shop street_vendor"},
    {"amenity=ferry_terminal", "ferry_service"},
    {"amenity=fire_station", "fire_department fire_station"},
    {"amenity=fuel", "fuel_dock fueling_station gas_station truck_stop"},
    {"amenity=grave_yard", "cemeteries cemetery"},
    {"amenity=hospital", "emergency_department emergency_room hospital"},
    {"amenity=ice_cream",
        "frozen_yoghurt_shop frozen_yogurt_shop gelato gelato_shop "
        "ice_cream_and_frozen_yoghurt ice_cream_shop shaved_ice_shop "
        "shaved_snow_shop"},
    {"amenity=kindergarten", "kindergarten preschool"},
    {"amenity=library", "library"},
    {"amenity=marketplace", "bazaar market market_stall"},
    {"amenity=nightclub",
        "adult_entertainment adult_entertainment_venue cabaret "
        "country_dance_hall dance_club night_club nightlife_venue salsa_club "
        "strip_club"},
    {"amenity=parking", "parking parking_garage parking_lot"},
    {"amenity=pharmacy", "pharmacy"},
    {"amenity=place_of_worship",
        "convent convents_and_monasteries mission monastery place_of_worship "
        "place_of_worshop religious_destination religious_organization shrine "
        "temple"},
    {"amenity=police",
        "law_enforcement police police_department police_station"},
    {"amenity=post_office", "post_office"},
    {"amenity=pub", "beer_garden pub"},
    {"amenity=restaurant",
        "bar_and_grill bistro brasserie cafeteria canteen casual_eatery diner "
        "dinner_theater doner_kebab eat_and_drink eatertainment "
        "eating_drinking_location empanada food_and_drink food_court friterie "
        "gastropub pancake_house pizzaria restaurant salad_bar smokehouse "
        "soul_food steakhouse supper_club tapas_bar"},
    {"amenity=school",
        "academy adult_education adult_education_center place_of_learning "
        "school"},
    {"amenity=taxi",
        "taxi_or_ride_share_service taxi_rank taxi_service taxi_stand"},
    {"amenity=theatre",
        "performing_arts performing_arts_venue theaters_and_performance_venue "
        "theatre theatre_venue threatre_venue"},
    {"amenity=townhall", "city_hall town_hall"},
    {"amenity=university",
        "architecture_school business_school campus campus_building "
        "dentistry_school engineering_school law_school medical_school "
        "medical_sciences_school nursing_school pharmacy_school science_school "
        "seminary university veterinary_school"},
    {"amenity=veterinary",
        "animal_hospital animal_physical_therapy pet_hospital veterinarian "
        "veterinary_care"},
    {"craft=carpenter",
        "building_contractor_service carpenter carpentry_service contractor"},
    {"craft=electrician", "electrical_service electrician"},
    {"craft=electronics_repair", "electronics_repair_shop mobile_phone_repair"},
    {"craft=painter", "painter painting painting_service"},
    {"craft=plumber", "backflow_service plumber plumbing plumbing_service"},
    {"craft=roofer",
        "ceiling_and_roofing_repair_and_service roofing roofing_contractor "
        "roofing_service"},
    {"delivery=only",
        "food_delivery_service meal_delivery pizza_delivery_service"},
    {"healthcare=*",
        "acupuncture alternative_medicine chiropractic chiropractor "
        "concierge_medicine counseling counselor diagnostic_service "
        "environmental_medicine health_and_medical health_care "
        "healthcare_location homeopathic_medicine hospice mental_health "
        "midwife nursing psychologist psychology psychotherapist psychotherapy "
        "reflexology rehabilitation_center sophrologist sophrology therapist "
        "therapy traditional_chinese_medicine"},
    {"healthcare=physiotherapist", "physical_therapy physiotherapist"},
    {"historic=castle", "castle fort palace"},
    {"historic=monument",
        "architectural_landmark landmark_and_historical_building monument"},
    {"historic=ruins", "ruin"},
    {"leisure=bowling_alley", "bowling_alley"},
    {"leisure=fitness_centre",
        "barre_class barre_classes boot_camp boxing_class boxing_club "
        "brazilian_jiu_jitsu_club cardio_class cardio_classes cycle_studio "
        "cycling_class cycling_classes ems_training fitness_center "
        "fitness_studio fitness_trainer gym health_and_wellness_club "
        "karate_club kickboxing_club martial_arts_club muay_thai_club "
        "pilates_studio qi_gong_studio sports_and_fitness_instruction "
        "taekwondo_club tai_chi_studio yoga_studio"},
    {"leisure=nature_reserve", "nature_reserve wildlife_sanctuary"},
    {"leisure=park", "garden park"},
    {"leisure=sauna", "onsen public_bath_house sauna turkish_bath"},
    {"leisure=sports_centre",
        "gymnastics_center sport_fitness_facility sport_or_fitness_facility "
        "sports_and_recreation_venue sports_complex"},
    {"leisure=stadium", "arena cricket_ground stadium"},
    {"leisure=water_park", "water_park"},
    {"man_made=lighthouse", "lighthouse"},
    {"natural=*",
        "beach canyon cave crater desert forest geologic_formation hill "
        "hot_spring island lake land_feature mountain ocean river sand_dune "
        "sea valley water_feature waterfall"},
    {"office=accountant",
        "accountant accounting bookkeeper tax_preparation_service tax_service"},
    {"office=estate_agent",
        "apartment_agent property_management property_management_service "
        "real_estate real_estate_agency real_estate_agent real_estate_service"},
    {"office=financial",
        "broker business_banking_service business_financing "
        "check_cashing_payday_loan credit_and_debt_counseling "
        "debt_relief_service financial_advising financial_service "
        "installment_loan investing investment_management_company "
        "loan_provider mortgage_lender private_equity_firm trust"},
    {"office=government",
        "community_and_government department_of_motor_vehicle "
        "department_of_social_service government_department government_office "
        "government_service health_department immigration_and_naturalization "
        "immigration_and_naturalization_office office_of_vital_record "
        "public_service_and_government registry_office social_security_service "
        "tax_office unemployment_office"},
    {"office=insurance",
        "fidelity_and_surety_bond health_insurance_office insurance "
        "insurance_agency"},
    {"office=lawyer",
        "attorney_or_law_firm general_litigation law lawyer legal_service "
        "paralegal_service will_trust_probate_service "
        "wills_trusts_and_probate"},
    {"office=moving_company", "mover moving_company moving_service"},
    {"public_transport=*",
        "park_and_ride public_transit_facility_or_service "
        "public_transportation railway_service transit_station "
        "transport_interchange"},
    {"railway=station", "train train_station"},
    {"religion=christian",
        "adventist_place_of_worship anabaptist_place_of_worship "
        "anglican_or_episcopal_place_of_worship "
        "armenian_apostolic_place_of_worship baptist_place_of_worship "
        "cathedral catholic_place_of_worship chapel christian_place_of_worship "
        "church church_of_the_east_place_of_worship "
        "jehovahs_witness_kingdom_hall jehovahs_witness_place_of_worship "
        "lutheran_place_of_worship methodist_place_of_worship "
        "mormon_place_of_worship orthodox_place_of_worship "
        "orthodox_syrian_place_of_worship pentecostal_place_of_worship "
        "protestant_place_of_worship reformed_or_calvinist_place_of_worship "
        "restorationist_place_of_worship tewahedo_place_of_worship"},
    {"religion=hindu", "hindu_place_of_worship hindu_temple"},
    {"religion=jewish", "jewish_place_of_worship synagogue"},
    {"religion=muslim", "mosque muslim_place_of_worship"},
    {"school=primary", "elementary_school primary_school"},
    {"school=secondary", "high_school middle_school secondary_school"},
    {"shop=*",
        "arts_and_craft automotive_parts_and_accessories cannabis_dispensary "
        "christmas_tree cosmetic_and_beauty_supplies custom_t_shirt_store "
        "embroidery_and_crochet firework_retailer fitness_exercise_equipment "
        "gemstone_and_mineral gold_buyer golf_equipment grilling_equipment "
        "gun_and_ammo hearing_aid hearing_aid_provider hockey_equipment "
        "hot_tubs_and_pool hunting_and_fishing_supplies hydroponic_gardening "
        "knitting_supply medical_supply motorcycle_gear office_equipment "
        "outdoor_gear packing_supply party_supply pool_and_billiard "
        "religious_item retail retail_location safety_equipment shop shopping "
        "sporting_goods store tabletop_game warehouse_club"},
    {"shop=alcohol",
        "beer_wine_and_spirits beer_wine_spirits_store distillery liquor_store "
        "winery"},
    {"shop=bakery",
        "back_shop bagel_shop baguette baguette_shop bakery cake_shop "
        "cakes_shop cupcake_shop donut donut_shop flatbread flatbread_shop "
        "macaron macaron_shop pie_shop pretzel pretzel_shop"},
    {"shop=beauty",
        "acne_treatment aesthetician beauty_and_spa beauty_salon "
        "beauty_service esthetician eyebrow_service eyelash_service "
        "hair_removal makeup_artist nail_salon permanent_makeup skin_care "
        "spray_tanning sugaring tanning_bed tanning_salon threading_service "
        "waxing"},
    {"shop=beverages", "beverage_shop beverage_store"},
    {"shop=bicycle", "bicycle_shop bicycle_store bike_store"},
    {"shop=books",
        "book_store books_mags_music_and_video books_mags_music_video_store "
        "books_music_and_video_store bookstore comic_books_store"},
    {"shop=car",
        "auto_company auto_dealer automotive_dealer car_auction car_dealer "
        "truck_dealer vehicle_dealer"},
    {"shop=car_repair",
        "auto_body_shop auto_customization auto_electrical_repair "
        "auto_glass_service auto_repair_service auto_restoration_service "
        "auto_upholstery automotive_repair automotive_service "
        "automotive_services_and_repair automotive_wheel_polishing_service "
        "brake_service_and_repair car_inspection car_repair "
        "car_stereo_installation car_window_tinting diy_auto_shop "
        "emissions_inspection engine_repair_service exhaust_and_muffler_repair "
        "mobile_dent_repair motorcycle_repair motorsport_vehicle_repair "
        "oil_change_station recreation_vehicle_repair trailer_repair "
        "transmission_repair truck_repair vehicle_wrap wheel_and_rim_repair "
        "windshield_installation_and_repair"},
    {"shop=chemist", "drugstore pharmacy_and_drug_store"},
    {"shop=clothes",
        "boutique bridal_shop clothing clothing_store dance_wear "
        "dancewear_store denim_wear_store fashion fashion_accessories_store "
        "fashion_and_apparel_store fashion_or_apparel_store formal_wear_store "
        "handbag_store hat_shop hat_store leather_goods leather_goods_store "
        "lingerie_store maternity_wear saree_shop sleepwear sports_wear "
        "sportswear_store stocking swimwear_store t_shirt_store uniform_store "
        "used_vintage_and_consignment"},
    {"shop=convenience", "convenience_store"},
    {"shop=department_store", "department_store"},
    {"shop=doityourself",
        "building_supply_store do_it_yourself_store "
        "hardware_home_and_garden_store home_improvement_center "
        "home_improvement_store lumber_store"},
    {"shop=electronics",
        "audio_visual_equipment_store camera_and_photography_store "
        "car_stereo_store computer_store drone_store electronics "
        "electronics_store home_theater_systems_store mobile_phone_accessories "
        "mobile_phone_accessory_store mobile_phone_store "
        "photography_store_and_service video_game_store"},
    {"shop=florist", "floral_designer florist flower_market flower_shop "
                     "flowers_and_gifts_shop flowers_and_gifts_store"},
    {"shop=food",
        "butcher_shop candy_shop candy_store cheese_shop chocolatier "
        "coffee_and_tea_supplies deli delicatessen dessert dessert_shop "
        "fishmonger food food_and_beverage_store food_or_beverage_store "
        "fruits_and_vegetable health_food_store health_market "
        "herb_and_spice_shop honey_farm_shop imported_food_store "
        "indian_sweets_shop japanese_confectionery_shop meat_shop olive_oil "
        "pasta_shop popcorn_shop produce_store seafood_market "
        "specialty_foods_store vitamins_and_supplement"},
    {"shop=funeral_directors",
        "cremation_service funeral_home funeral_service "
        "funeral_services_and_cemeteries mortuary_service"},
    {"shop=furniture",
        "baby_gear_and_furniture furniture_accessory_store furniture_store "
        "mattress_store"},
    {"shop=garden_centre", "nursery_and_gardening nursery_and_gardening_store"},
    {"shop=grocery", "ethical_grocery grocery_store"},
    {"shop=hairdresser",
        "barber barber_shop blow_dry_blow_out_service hair_care hair_color_bar "
        "hair_extension hair_loss_center hair_replacement hair_salon "
        "hair_stylist mens_grooming_salon"},
    {"shop=hardware", "hardware_store paint_store"},
    {"shop=houseware",
        "appliance_store bathroom_fixture_store bedding_and_bath_store "
        "candle_store carpet_store flooring_store holiday_decor "
        "holiday_decor_store home_and_garden home_and_garden_store home_decor "
        "home_decor_store home_goods_store kitchen_and_bath "
        "kitchen_and_bath_store kitchen_supply_store lighting_store linen "
        "linen_store rug_store tableware_supplier tile_store wallpaper_store "
        "window_treatment_store"},
    {"shop=jewelry", "diamond_dealer jewelry_store watch_store"},
    {"shop=kiosk", "kiosk"},
    {"shop=laundry",
        "dry_cleaning dry_cleaning_service laundromat laundry laundry_service"},
    {"shop=locksmith", "locksmith locksmith_service"},
    {"shop=mall", "shopping_center shopping_mall shopping_passage"},
    {"shop=massage", "body_contouring massage massage_therapy spa"},
    {"shop=motorcycle",
        "aircraft_dealer boat_dealer golf_cart_dealer motorcycle_dealer "
        "motorsport_vehicle_dealer scooter_dealer trailer_dealer"},
    {"shop=optician", "eyewear_store optician optometrist sunglasses_store"},
    {"shop=pet", "bird_shop bird_store pet_store reptile_shop reptile_store"},
    {"shop=shoes", "shoe_store"},
    {"shop=storage_rental", "storage storage_facility"},
    {"shop=supermarket", "supermarket superstore"},
    {"shop=travel_agency",
        "airline_ticket_agency bus_ticket_agency railway_ticket_agent tour "
        "tour_agency tour_operator travel_agency travel_agent travel_service "
        "travel_ticket_office vacation_rental_agent"},
    {"shop=tyres", "tire_dealer_and_repair tire_repair_shop tire_shop"},
    {"shop=video", "movie_rental video_and_video_game_rental"},
    {"station=light_rail", "light_rail_station"},
    {"station=subway", "metro_station subway_station"},
    {"station=subway;light_rail", "light_rail_and_subway_station"},
    {"tourism=aquarium", "aquarium"},
    {"tourism=attraction",
        "amusement_attraction animal_attraction attractions_and_activities "
        "cultural_and_historic haunted_house historic_mission historic_site "
        "historic_tower pilgrimage_site religious_landmark skyline "
        "tourist_attraction"},
    {"tourism=camp_site", "campground"},
    {"tourism=caravan_site", "rv_park"},
    {"tourism=gallery", "art_gallery"},
    {"tourism=guest_house",
        "agritourism agriturism agriturismo bed_and_breakfast cabin chalet "
        "cottage country_house guest_house holiday_park holiday_rental_home "
        "hostel houseboat motel mountain_hut private_lodging ryokan "
        "self_catering_accommodation service_apartment"},
    {"tourism=hotel",
        "accommodation health_retreat hotel inn lodge lodging resort"},
    {"tourism=museum", "museum"},
    {"tourism=theme_park", "amusement_park"},
    {"tourism=viewpoint", "lookout scenic_viewpoint"},
    {"tourism=zoo", "zoo zoo_exhibit"},
};


const ends_t *
ends_table (size_t *size)
{
    *size = sizeof (s_ends) / sizeof (s_ends [0]);
    return s_ends;
}
