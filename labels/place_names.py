"""Names of places beside those that CLDR has: what reports and lists write."""

from collections.abc import Mapping

SHOWN: Mapping[str, Mapping[str, str]] = {
    "CD": {"en": "DR Congo", "fr": "RD Congo", "es": "RD del Congo", "pt": "RD do Congo"},
    "CG": {"en": "Congo", "fr": "Congo", "es": "Congo", "pt": "Congo"},
    "HK": {"en": "Hong Kong", "fr": "Hong Kong", "es": "Hong Kong", "pt": "Hong Kong"},
    "MM": {"en": "Myanmar", "fr": "Myanmar", "es": "Myanmar", "pt": "Mianmar"},
}
"""Countries that CLDR names as no agency does: code to name by language."""

COUNTRY_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "EAU", "Emirates"),
    "BA": ("Bosnia",),
    "BF": ("Burkina",),
    "BN": ("Brunei Darussalam",),
    "BO": ("Plurinational State of Bolivia", "Estado Plurinacional de Bolivia"),
    "CD": (
        "DRC",
        "DR Congo",
        "Democratic Republic of the Congo",
        "Democratic Republic of Congo",
        "RDC",
        "RD Congo",
        "RD du Congo",
        "République démocratique du Congo",
        "República Democrática do Congo",
        "Congo DRC",
    ),
    "CF": ("CAR", "RCA", "Centrafrique"),
    "CG": (
        "Republic of the Congo",
        "Republic of Congo",
        "République du Congo",
        "República del Congo",
    ),
    "CI": ("Ivory Coast", "Costa de Marfil"),
    "CN": ("People's Republic of China", "PRC", "République populaire de Chine"),
    "CZ": ("Czech Republic", "République tchèque", "República Checa", "República Tcheca"),
    "FM": ("Federated States of Micronesia",),
    "GB": (
        "UK",
        "Great Britain",
        "Grande-Bretagne",
        "Gran Bretaña",
        "Grã-Bretanha",
        "United Kingdom of Great Britain and Northern Ireland",
    ),
    "GN": ("Guinée Conakry", "Guinea Conakry", "Guiné Conacri"),
    "GW": ("Guinée-Bissao",),
    "HK": ("Hong Kong",),
    "IR": ("Islamic Republic of Iran", "République islamique d'Iran"),
    "KG": ("Kyrgyz Republic", "Kirghizistan"),
    "KP": ("Democratic People's Republic of Korea", "DPRK"),
    "KR": ("Republic of Korea", "Korea", "République de Corée", "Corée", "Corea", "Coreia"),
    "LA": (
        "Lao PDR",
        "Lao People's Democratic Republic",
        "Lao",
        "RDP lao",
        "République démocratique populaire lao",
        "República Democrática Popular Lao",
    ),
    "LY": ("Libyan Arab Jamahiriya",),
    "MD": ("Republic of Moldova", "République de Moldova", "República de Moldova"),
    "MK": ("Macedonia", "FYROM", "Macédoine", "The former Yugoslav Republic of Macedonia"),
    "MM": ("Myanmar", "Burma", "Birmanie", "Birmania", "Birmânia", "Mianmar"),
    "MO": ("Macao", "Macau"),
    "MU": ("Île Maurice", "Ilha Maurício", "Isla Mauricio"),
    "NL": ("Holland", "Hollande", "Holanda"),
    "PS": (
        "Palestine",
        "Palestina",
        "State of Palestine",
        "État de Palestine",
        "Estado de Palestina",
        "Occupied Palestinian Territory",
        "Occupied Palestinian Territories",
        "oPt",
        "Territoire palestinien occupé",
        "Territorio palestino ocupado",
        "Território palestino ocupado",
        "West Bank and Gaza",
    ),
    "RU": ("Russian Federation", "Fédération de Russie", "Federación de Rusia"),
    "SV": ("Le Salvador",),
    "SY": ("Syrian Arab Republic", "République arabe syrienne", "República Árabe Siria"),
    "SZ": ("Swaziland", "Suazilandia", "Suazilândia"),
    "TL": ("East Timor", "Timor"),
    "TR": ("Turkey",),
    "TZ": (
        "United Republic of Tanzania",
        "République-Unie de Tanzanie",
        "República Unida de Tanzania",
        "República Unida da Tanzânia",
    ),
    "US": (
        "USA",
        "US",
        "United States of America",
        "États-Unis d'Amérique",
        "Estados Unidos de América",
        "EUA",
        "EE. UU.",
        "EEUU",
    ),
    "VA": ("Holy See", "Saint-Siège", "Santa Sede", "Santa Sé"),
    "VE": ("Bolivarian Republic of Venezuela", "República Bolivariana de Venezuela"),
    "VN": ("Viet Nam",),
    "ZA": ("Africa del Sur", "Suráfrica", "RSA"),
}
"""ISO 3166 code to names that people use as well."""

OTHER_REGIONS: Mapping[str, Mapping[str, str]] = {
    "arab-states": {
        "en": "Arab States",
        "fr": "États arabes",
        "es": "Estados Árabes",
        "pt": "Estados Árabes",
    },
    "asia-pacific": {
        "en": "Asia and the Pacific",
        "fr": "Asie et Pacifique",
        "es": "Asia y el Pacífico",
        "pt": "Ásia e Pacífico",
    },
    "europe-central-asia": {
        "en": "Europe and Central Asia",
        "fr": "Europe et Asie centrale",
        "es": "Europa y Asia Central",
        "pt": "Europa e Ásia Central",
    },
    "middle-east": {
        "en": "Middle East",
        "fr": "Moyen-Orient",
        "es": "Oriente Medio",
        "pt": "Médio Oriente",
    },
    "pacific": {"en": "Pacific", "fr": "Pacifique", "es": "Pacífico", "pt": "Pacífico"},
    "sahel": {"en": "Sahel", "fr": "Sahel", "es": "Sahel", "pt": "Sahel"},
}
"""Regions that agencies speak of and UN M49 does not have, with their names by language."""

REGION_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "011": ("West Africa", "Afrique de l'Ouest", "África Occidental"),
    "013": ("América Central", "Centroamérica"),
    "014": ("East Africa", "Afrique de l'Est", "Afrique orientale", "África Oriental"),
    "015": ("North Africa", "Afrique du Nord", "África del Norte", "Norte de África"),
    "017": ("Central Africa", "Afrique centrale", "África Central"),
    "018": ("Afrique australe", "África Austral"),
    "019": ("Americas", "the Americas", "Amériques", "Américas"),
    "034": ("South Asia", "Asie du Sud", "Asia Meridional", "Sul da Ásia"),
    "035": ("South-East Asia", "South-Eastern Asia", "Asie du Sud-Est", "Sudeste Asiático"),
    "143": ("Asie centrale", "Ásia Central"),
    "middle-east": ("Proche-Orient", "Oriente Próximo", "Oriente Médio"),
    "419": ("Latin America and the Caribbean", "América Latina y el Caribe", "Latinoamérica"),
}
"""Code of a region to names that people use as well: UN M49, or one of ``OTHER_REGIONS``."""

NO_PLACES = (
    "Gulf of Guinea",
    "Golfe de Guinée",
    "Golfo de Guinea",
    "Golfo da Guiné",
    "Niger Delta",
    "Niger River",
    "Lake Malawi",
    "Jordan River",
    "Jordan Valley",
    "New Mexico",
    "New Jersey",
    "Nuevo México",
    "Santiago de Cuba",
)
"""Names in which that of a country means something else."""

NOT_ALONE = frozenset(
    {
        "car",
        "dominique",
        "eau",
        "granada",
        "grenade",
        "guadalupe",
        "jersey",
        "la reunion",
        "maurice",
        "reuniao",
        "reunion",
        "salvador",
        "san martin",
        "saint martin",
        "santa elena",
        "santa helena",
        "sao martinho",
        "us",
    }
)
"""Names that in a text mean a person, a town, a meeting or water as often as a country."""
