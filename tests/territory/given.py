"""Two square communes side by side, Aubreval to the west and Montclar to the east, and their streets."""

from __future__ import annotations

import json
from pathlib import Path

STREETS = """code_voie,voie,insee,domanialite,hierarchie,longueur_m
1,Rue des Lilas,99801,Publique,,300
1,Rue des Lilas,99802,Privée,,120
2,Rue du 8 Mai 1945,99801,Publique,,200
3,Route départementale 12,99802,Publique départementale,,900
4,Av. du Gal de Gaulle,99801,Publique,,500
5,Rue de l’Église,99801,Publique|Privée,,80
"""
# Names that begin as an abbreviation or an article does.
DECEPTIVE_STREETS = """21,Square des Chênes,99802,Publique,,80
22,Allée des Sureaux,99802,Publique,,90
23,Chemin de la Boulangerie,99802,Publique,,90
"""
ADDRESSES = """numero,suffixe,voie,code_voie,insee,code_postal,lon,lat
10,,Rue des Lilas,1,99801,99810,3.9001,43.6001
12,,Rue des Lilas,1,99801,99810,3.9002,43.6002
12,BIS,Rue des Lilas,1,99801,99810,3.90025,43.6002
12,b,Rue des Lilas,1,99801,99810,3.90027,43.6002
12,,Rue des Lilas,1,99802,99820,3.9301,43.6002
8,,Rue du 8 Mai 1945,2,99801,99810,3.9050,43.6050
0,,Route départementale 12,3,99802,99820,3.9400,43.6100
5,,Av. du Gal de Gaulle,4,99801,99810,3.9100,43.6080
3,,Rue de l’Église,5,99801,99810,3.9080,43.6020
"""


def square(west: float, east: float) -> dict[str, object]:
    ring = [[west, 43.59], [east, 43.59], [east, 43.62], [west, 43.62], [west, 43.59]]
    return {"type": "Polygon", "coordinates": [ring]}


def commune(insee: str, name: str, west: float, east: float, **more: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"insee": insee, "nom": name, **more},
        "geometry": square(west, east),
    }


def geojson(path: Path, *features: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def two_communes(folder: Path) -> Path:
    return geojson(
        folder / "communes.geojson",
        commune("99801", "Aubreval", 3.88, 3.92, code_postal="99810"),
        commune("99802", "Montclar-le-Vieux", 3.92, 3.96, code_postal="99820"),
    )
