# SPDX-License-Identifier: EUPL-1.2
"""The category tree at the start, with the words people type; an operator may add their own.

Synonyms are what one hears in a garage, a school or a counter, borrowed words included: the search
matches the beginning of words, without accents or plurals, on a category and on its ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class AttributeRow:
    """A characteristic: its French name, its unit (empty without) and how its value is written."""

    code: str
    name: str
    unit: str = ""
    value_type: str = "number"


@dataclass(frozen=True)
class CategoryRow:
    """A category: a leaf of the tree, or a family of them when others name it as their parent.

    Attributes:
        kind: good, vehicle, place, land, service or expertise.
        icon: a symbol of the sprite.
        illustration: a drawing of ``inventory/illustrations``; empty takes the parent's.
        attributes: codes of ``ATTRIBUTES``, in the order a page asks for them.
    """

    code: str
    name: str
    kind: str
    icon: str
    synonyms: tuple[str, ...]
    parent: str = ""
    illustration: str = ""
    attributes: tuple[str, ...] = ()


ATTRIBUTES = {
    row.code: row
    for row in (
        AttributeRow("blade_width", "Largeur de lame", "m"),
        AttributeRow("working_width", "Largeur de travail", "m"),
        AttributeRow("power", "Puissance", "kW"),
        AttributeRow("payload", "Charge utile", "kg"),
        AttributeRow("bucket", "Capacité du godet", "m³"),
        AttributeRow("reach", "Hauteur de travail", "m"),
        AttributeRow("flow", "Débit", "m³/h"),
        AttributeRow("seats", "Places assises", ""),
        AttributeRow("count", "Nombre de pièces", ""),
        AttributeRow("licence", "Permis ou carte exigés", "", "text"),
        AttributeRow("fuel", "Carburant ou énergie", "", "text"),
        AttributeRow("area", "Surface", "m²"),
        AttributeRow("clearance", "Hauteur libre", "m"),
        AttributeRow("spaces", "Cases de stationnement", ""),
        AttributeRow("wheelchair", "Accessible en fauteuil roulant", "", "yes_no"),
        AttributeRow("projector", "Projecteur ou écran", "", "yes_no"),
        AttributeRow("kitchen", "Accès à une cuisine", "", "yes_no"),
        AttributeRow("changing_rooms", "Vestiaires et douches", "", "yes_no"),
        AttributeRow("internet", "Accès à Internet sans fil", "", "yes_no"),
        AttributeRow("notice", "Préavis souhaité", "jours"),
    )
}

_ROOM = ("area", "wheelchair", "projector", "internet")
_HALL = ("area", "clearance", "wheelchair", "changing_rooms")
_TRUCK = ("power", "payload", "licence", "fuel")

# code | name | icon | synonyms, then optional keywords; a family comes before its leaves.
_TREE: dict[str, tuple[tuple[str, str, str, str, dict[str, object]], ...]] = {
    "vehicle": (
        ("deneigement", "Déneigement", "snowflake",
         "hiver, neige, viabilité hivernale, entretien d’hiver, tempête",
         {"illustration": "chasse-neige"}),
        ("chasse-neige", "Chasse-neige", "chasse-neige",
         "déneigeuse, charrue, gratte, camion-charrue, camion de déneigement, snowplow, aile",
         {"parent": "deneigement", "attributes": ("blade_width", *_TRUCK)}),
        ("souffleuse-a-neige", "Souffleuse à neige", "snowflake",
         "souffleur, soufflante, souffleuse industrielle, snowblower, turbine",
         {"parent": "deneigement", "attributes": ("working_width", "power", "licence")}),
        ("epandeuse", "Épandeuse de sel et de sable", "truck",
         "saleuse, sableuse, camion de sable, abrasifs, fondants, épandeur",
         {"parent": "deneigement", "attributes": _TRUCK}),
        ("tracteur-trottoir", "Tracteur à trottoirs", "tractor",
         "chenillette, déneigeuse à trottoirs, trackless, bombardier, sidewalk",
         {"parent": "deneigement", "attributes": ("working_width", "power", "licence")}),
        ("machinerie", "Machinerie lourde", "bulldozer",
         "machinerie, engin, équipement lourd, chantier, voirie",
         {"illustration": "chargeuse"}),
        ("niveleuse", "Niveleuse", "niveleuse",
         "grader, gradeur, gratte à chemin, nivellement, rang de gravier",
         {"parent": "machinerie", "illustration": "niveleuse",
          "attributes": ("blade_width", "power", "licence")}),
        ("chargeuse", "Chargeuse sur roues", "bulldozer",
         "loader, chargeur, payloader, pelle chargeuse, loadeur",
         {"parent": "machinerie", "attributes": ("bucket", "power", "licence")}),
        ("retrocaveuse", "Rétrocaveuse", "bulldozer",
         "pépine, pelle-rétro, backhoe, rétro, chargeuse-pelleteuse",
         {"parent": "machinerie", "attributes": ("bucket", "power", "licence")}),
        ("pelle-hydraulique", "Pelle hydraulique", "crane",
         "excavatrice, pelle mécanique, mini-pelle, excavateur, pelle",
         {"parent": "machinerie", "attributes": ("bucket", "power", "licence")}),
        ("rouleau-compacteur", "Rouleau compacteur", "road",
         "rouleau, compacteur, roller, asphalte, pavage",
         {"parent": "machinerie", "attributes": ("working_width", "power", "licence")}),
        ("balai-mecanique", "Balai mécanique", "road",
         "balayeuse de rue, balai de rue, nettoyage de printemps, sweeper",
         {"parent": "machinerie", "attributes": ("working_width", "licence")}),
        ("camions", "Camions et remorques", "truck", "transport, livraison, truck",
         {"illustration": "camion"}),
        ("camion-benne", "Camion à benne", "truck",
         "dix roues, dix-roues, douze roues, dump, dumper, camion de gravier, benne basculante",
         {"parent": "camions", "attributes": _TRUCK}),
        ("camionnette", "Camionnette", "truck",
         "pick-up, pickup, camion léger, fourgonnette de service",
         {"parent": "camions", "attributes": _TRUCK}),
        ("fourgon", "Fourgon", "truck-delivery",
         "cube, camion cube, van, déménagement, camion fermé",
         {"parent": "camions", "attributes": _TRUCK}),
        ("nacelle", "Nacelle élévatrice", "crane",
         "camion-nacelle, plateforme élévatrice, girafe, bras élévateur, boom, élagage, luminaires",
         {"parent": "camions", "illustration": "nacelle",
          "attributes": ("reach", "payload", "licence")}),
        ("vacuum", "Camion écureur d’égout", "truck",
         "vacuum, vacteur, camion aspirateur, combiné, égout, puisard, pompage",
         {"parent": "camions", "attributes": ("power", "licence")}),
        ("remorque", "Remorque et fardier", "caravan",
         "trailer, fardier, plateforme, float, remorque fermée, remorque utilitaire",
         {"parent": "camions", "illustration": "remorque", "attributes": ("payload", "licence")}),
        ("transport-personnes", "Transport de personnes", "bus",
         "déplacement, covoiturage, autopartage, navette", {"illustration": "auto"}),
        ("automobile", "Automobile", "car",
         "auto, char, voiture, véhicule de service, véhicule électrique",
         {"parent": "transport-personnes", "attributes": ("seats", "fuel", "licence")}),
        ("minibus", "Minibus", "bus",
         "autobus, fourgonnette de passagers, transport adapté, navette, bus",
         {"parent": "transport-personnes", "attributes": ("seats", "wheelchair", "licence")}),
        ("tracteur", "Tracteur", "tractor",
         "tracteur à gazon, tracteur de ferme, faucheuse de fossés, débroussailleuse de fossés",
         {"illustration": "tracteur", "attributes": ("power", "working_width", "licence")}),
    ),
    "good": (
        ("espaces-verts", "Entretien des espaces verts", "plant-2",
         "parc, gazon, horticulture, pelouse, jardin", {"illustration": "tondeuse"}),
        ("tondeuse", "Tondeuse", "plant-2",
         "tondeuse autoportée, tracteur-tondeuse, tonte, mower, zéro virage, zero turn",
         {"parent": "espaces-verts", "attributes": ("working_width", "power", "fuel")}),
        ("debroussailleuse", "Débroussailleuse et coupe-bordure", "plant-2",
         "whipper, whippersnipper, coupe-herbe, fil, débroussailler",
         {"parent": "espaces-verts", "attributes": ("power", "fuel")}),
        ("dechiqueteuse", "Déchiqueteuse de branches", "tree",
         "chipper, broyeur à branches, branches, copeaux, émondage",
         {"parent": "espaces-verts", "attributes": ("power", "licence")}),
        ("outillage", "Outillage", "tools",
         "outil, tool, coffre, atelier", {"illustration": "outil"}),
        ("scie-a-chaine", "Scie à chaîne", "wood",
         "scie mécanique, chainsaw, tronçonneuse, bûchage, abattage, ensemble d’abattage",
         {"parent": "outillage", "attributes": ("power", "fuel", "licence")}),
        ("scie-a-beton", "Scie à béton et plaque vibrante", "hammer",
         "scie à asphalte, plaque vibrante, jumping jack, pilonneuse, coupe-béton",
         {"parent": "outillage", "attributes": ("power", "fuel")}),
        ("outils-electriques", "Outils électriques", "tool",
         "perceuse, marteau-piqueur, meuleuse, scie, drill, outils à batterie",
         {"parent": "outillage", "attributes": ("count",)}),
        ("echafaudage", "Échafaudage et échelles", "tools",
         "échelle, échafaud, escabeau, étaiement",
         {"parent": "outillage", "attributes": ("reach", "payload")}),
        ("pompe", "Pompe à eau", "droplet",
         "pompe à trash, motopompe, inondation, pompe submersible, pompage",
         {"parent": "outillage", "attributes": ("flow", "fuel")}),
        ("generatrice", "Génératrice", "bolt",
         "génératrice portative, générateur, groupe électrogène, panne, generator, électricité",
         {"parent": "outillage", "attributes": ("power", "fuel")}),
        ("signalisation", "Signalisation de chantier", "flag",
         "cônes, panneaux, barricades, flèche lumineuse, tableau à messages",
         {"parent": "outillage", "attributes": ("count",)}),
        ("nettoyeur-pression", "Nettoyeur à pression", "droplet",
         "laveuse à pression, pressure washer, karcher, lavage",
         {"parent": "outillage", "attributes": ("flow", "power")}),
        ("evenements", "Matériel d’événement", "tent",
         "fête, festival, réception, événement, party", {"illustration": "evenement"}),
        ("chapiteau", "Chapiteau et abri", "tent",
         "tente, marquise, gazebo, abri pliant",
         {"parent": "evenements", "attributes": ("area", "count")}),
        ("tables-chaises", "Tables et chaises", "table",
         "chaises pliantes, tables pliantes, mobilier, bancs",
         {"parent": "evenements", "attributes": ("count",)}),
        ("scene", "Scène mobile", "microphone",
         "stage, estrade, podium, plateforme de spectacle",
         {"parent": "evenements", "attributes": ("area", "payload")}),
        ("sonorisation", "Sonorisation et éclairage", "device-speaker",
         "système de son, haut-parleurs, micro, micros, éclairage, console, speaker",
         {"parent": "evenements", "attributes": ("power",)}),
        ("audiovisuel", "Projecteur et écran", "device-projector",
         "canon, vidéoprojecteur, écran géant, cinéma en plein air, caméra",
         {"parent": "evenements", "attributes": ("count",)}),
        ("jeux-gonflables", "Jeux et matériel d’animation", "ball-basketball",
         "jeu gonflable, animation, camp de jour, jouets, joujouthèque",
         {"parent": "evenements", "attributes": ("count",)}),
        ("materiel-sportif", "Matériel sportif", "ball-basketball",
         "raquettes, skis, patins, ballons, filets, prêt de matériel, hockey",
         {"illustration": "sport", "attributes": ("count",)}),
        ("mesure", "Instruments de mesure", "ruler-2",
         "arpentage, GPS, station totale, sonomètre, caméra thermique, drone, compteur de trafic",
         {"illustration": "outil", "attributes": ("notice",)}),
        ("imprimante-grand-format", "Imprimante grand format", "printer",
         "traceur, plotter, impression de plans, affiches",
         {"illustration": "atelier", "attributes": ("working_width",)}),
    ),
    "place": (
        ("sport-interieur", "Sport et plein air", "ball-basketball",
         "sport, entraînement, loisirs, activité physique", {"illustration": "gymnase"}),
        ("gymnase", "Gymnase", "ball-basketball",
         "gym, palestre, plateau sportif, badminton, volleyball, basketball, pickleball",
         {"parent": "sport-interieur", "attributes": _HALL}),
        ("salle-entrainement", "Salle d’entraînement et de danse", "ball-basketball",
         "danse, yoga, musculation, fitness, dojo, judo, studio",
         {"parent": "sport-interieur", "attributes": _HALL}),
        ("piscine", "Piscine", "swimming",
         "bain libre, natation, bassin, aquaforme, pool, baignade",
         {"parent": "sport-interieur", "illustration": "piscine",
          "attributes": ("area", "wheelchair", "changing_rooms")}),
        ("arena", "Aréna", "ice-skating",
         "glace, patinoire intérieure, hockey, patin, patinage artistique, ringuette",
         {"parent": "sport-interieur", "illustration": "arena",
          "attributes": ("area", "wheelchair", "changing_rooms")}),
        ("terrain-sport", "Terrain sportif", "flag",
         "soccer, baseball, balle, football, terrain synthétique, tennis, piste d’athlétisme",
         {"parent": "sport-interieur", "illustration": "terrain",
          "attributes": ("area", "changing_rooms")}),
        ("patinoire-exterieure", "Patinoire extérieure", "ice-skating",
         "bande, anneau de glace, glace extérieure, patinoire",
         {"parent": "sport-interieur", "illustration": "arena",
          "attributes": ("area", "changing_rooms")}),
        ("salles", "Salles", "users-group",
         "salle, local, louer, location, salle à louer", {"illustration": "salle"}),
        ("salle-communautaire", "Salle communautaire", "users-group",
         "centre communautaire, salle municipale, salle de réception, salle des fêtes, hall, noces",
         {"parent": "salles", "attributes": (*_ROOM, "kitchen")}),
        ("salle-reunion", "Salle de réunion", "table",
         "réunion, meeting, conférence, salle de conférence, comité, conseil",
         {"parent": "salles", "attributes": _ROOM}),
        ("salle-formation", "Salle de cours et de formation", "school",
         "classe, local de classe, formation, cours, atelier, laboratoire informatique",
         {"parent": "salles", "attributes": _ROOM}),
        ("auditorium", "Auditorium et salle de spectacle", "microphone",
         "théâtre, spectacle, amphithéâtre, concert, scène, conférence",
         {"parent": "salles", "illustration": "spectacle",
          "attributes": (*_ROOM, "clearance")}),
        ("cafeteria", "Cafétéria", "tools-kitchen-2",
         "salle à manger, réfectoire, cantine, banquet",
         {"parent": "salles", "attributes": (*_ROOM, "kitchen")}),
        ("cuisine", "Cuisine collective", "tools-kitchen-2",
         "cuisine communautaire, cuisine industrielle, cuisine de production, transformation",
         {"illustration": "cuisine", "attributes": ("area", "wheelchair", "power")}),
        ("bibliotheque", "Bibliothèque", "books",
         "biblio, livres, lecture, salle de lecture, library",
         {"illustration": "bibliotheque", "attributes": _ROOM}),
        ("travail-partage", "Travail et création", "device-desktop",
         "espace partagé, tiers-lieu, entrepreneurs, télétravail", {"illustration": "atelier"}),
        ("cotravail", "Espace de cotravail", "armchair",
         "coworking, co-working, bureau partagé, télétravail, poste de travail",
         {"parent": "travail-partage", "attributes": _ROOM}),
        ("bureau-passage", "Bureau de passage", "armchair",
         "bureau fermé, bureau d’entrevue, salle de consultation, bureau à partager",
         {"parent": "travail-partage", "attributes": _ROOM}),
        ("laboratoire-fabrication", "Laboratoire de fabrication", "tool",
         "fab lab, fablab, impression 3D, découpe laser, makerspace, atelier numérique",
         {"parent": "travail-partage", "attributes": ("area", "wheelchair", "notice")}),
        ("studio-culturel", "Studio de musique et d’arts", "music",
         "local de répétition, musique, peinture, poterie, enregistrement, arts",
         {"parent": "travail-partage", "illustration": "spectacle",
          "attributes": ("area", "wheelchair")}),
        ("atelier-mecanique", "Atelier et garage", "building-warehouse",
         "garage municipal, baie mécanique, menuiserie, bois, soudure, shop",
         {"parent": "travail-partage", "attributes": ("area", "clearance", "payload")}),
        ("entreposage", "Espace d’entreposage", "building-warehouse",
         "entrepôt, remise, rangement, storage, conteneur, chambre froide",
         {"illustration": "entrepot", "attributes": ("area", "clearance")}),
        ("batiment", "Bâtiment", "building",
         "école, immeuble, édifice, presbytère, ancien couvent",
         {"illustration": "ecole", "attributes": ("area", "wheelchair")}),
    ),
    "land": (
        ("stationnement", "Stationnement", "parking",
         "parking, cases, place de stationnement, stationnement incitatif, covoiturage",
         {"illustration": "stationnement", "attributes": ("spaces", "area", "wheelchair")}),
        ("terrain-vacant", "Terrain vacant", "map",
         "terrain, lot, friche, vacant, terre, lot vacant",
         {"illustration": "terrain", "attributes": ("area",)}),
        ("jardin-collectif", "Jardin collectif", "plant-2",
         "jardin communautaire, potager, agriculture urbaine, lot à cultiver, serre",
         {"illustration": "jardin", "attributes": ("area", "wheelchair")}),
        ("parc", "Parc et place publique", "tree",
         "parc, espace vert, place, kiosque, marché public, aire de jeu",
         {"illustration": "jardin", "attributes": ("area", "wheelchair")}),
        ("depot-neige", "Dépôt à neige", "snowflake",
         "site de neige usée, neige, déblai, dump à neige",
         {"illustration": "terrain", "attributes": ("area", "payload")}),
        ("quai-descente", "Quai et descente de bateau", "droplet",
         "rampe de mise à l’eau, marina, débarcadère, bateau, nautique",
         {"illustration": "piscine", "attributes": ("spaces",)}),
    ),
    "service": (
        ("travaux", "Travaux et entretien", "tools",
         "main-d’œuvre, équipe, entretien, réparation", {"illustration": "service"}),
        ("fabrication-panneaux", "Fabrication de panneaux", "flag",
         "enseignes, signalisation, lettrage, plaques, pancartes, sign",
         {"parent": "travaux", "attributes": ("notice",)}),
        ("soudure", "Soudure et mécanique", "hammer",
         "soudeur, welding, réparation de lames, mécanicien, mécanique lourde",
         {"parent": "travaux", "attributes": ("notice",)}),
        ("elagage", "Élagage et abattage", "tree",
         "émondage, arboriculture, arbres dangereux, élagueur",
         {"parent": "travaux", "attributes": ("notice",)}),
        ("marquage", "Marquage de chaussée", "road",
         "lignes, peinture de rue, traçage, marquage au sol",
         {"parent": "travaux", "attributes": ("notice",)}),
        ("inspection-egout", "Inspection de conduites", "camera",
         "caméra d’égout, télévisée, CCTV, aqueduc, recherche de fuite",
         {"parent": "travaux", "attributes": ("notice",)}),
        ("impression", "Impression et reliure", "printer",
         "photocopies, reprographie, imprimerie, dépliants, affiches",
         {"illustration": "service", "attributes": ("notice",)}),
        ("traiteur", "Préparation de repas", "tools-kitchen-2",
         "traiteur, repas, popote, boîtes à lunch, buffet",
         {"illustration": "cuisine", "attributes": ("notice",)}),
        ("transport-livraison", "Transport et livraison", "truck-delivery",
         "livraison, messagerie, courrier, déménagement",
         {"illustration": "camion", "attributes": ("notice",)}),
    ),
    "expertise": (
        ("conseil", "Conseil spécialisé", "bulb",
         "expert, consultant, conseil, accompagnement, professionnel",
         {"illustration": "expertise"}),
        ("ingenierie", "Génie civil", "ruler-2",
         "ingénieur, ingénieure, génie, plans et devis, surveillance, engineer, infrastructures",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("geomatique", "Géomatique", "map-2",
         "SIG, cartographie, cartes, GIS, données géographiques, drone, arpentage",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("urbanisme", "Urbanisme et aménagement", "building-community",
         "urbaniste, zonage, règlement, aménagement, permis, inspecteur",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("environnement", "Environnement", "leaf",
         "cours d’eau, biologiste, matières résiduelles, milieux humides, écologie",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("informatique", "Informatique et données", "device-desktop",
         "TI, informaticien, cybersécurité, site Web, réseau, données, IT",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("approvisionnement", "Approvisionnement et contrats", "scale",
         "appel d’offres, achat regroupé, juridique, contrats, acheteur",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("securite-civile", "Sécurité civile et prévention", "shield-check",
         "mesures d’urgence, pompier, prévention, incendie, premiers soins",
         {"parent": "conseil", "attributes": ("notice",)}),
        ("animation-loisir", "Loisir, culture et vie communautaire", "heart-handshake",
         "animateur, technicien en loisirs, médiation culturelle, bénévolat, traduction",
         {"parent": "conseil", "attributes": ("notice",)}),
    ),
}  # fmt: skip

KIND_ILLUSTRATIONS = {
    "good": "outil",
    "vehicle": "camion",
    "place": "salle",
    "land": "terrain",
    "service": "service",
    "expertise": "expertise",
}


def rows() -> Iterator[CategoryRow]:
    """Yield the categories, a family before its leaves."""
    for kind, branch in _TREE.items():
        for code, name, icon, synonyms, more in branch:
            words = tuple(word.strip() for word in synonyms.split(","))
            yield CategoryRow(code, name, kind, icon, words, **more)  # type: ignore[arg-type]


def illustrations() -> dict[str, str]:
    """Return the drawing of each category known here, its family's when it has none."""
    found: dict[str, str] = {}
    for row in rows():
        inherited = found.get(row.parent, KIND_ILLUSTRATIONS[row.kind])
        found[row.code] = row.illustration or inherited
    return found
