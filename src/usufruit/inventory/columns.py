# SPDX-License-Identifier: EUPL-1.2
"""The columns of an inventory file, read by the import and written by the export.

``inventory/schema.json`` publishes them as a Table Schema; a test keeps the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: its name in files, its French title, its Table Schema type, what it says.

    Attributes:
        words: other names it goes by, without accents, ``_`` between words; the best first.
        is_finance: whether it comes from the finance register and is read by managers alone.
    """

    name: str
    title: str
    type: str
    description: str
    words: tuple[str, ...] = ()
    is_finance: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLUMNS = (
    Column(
        "external_id", "Numéro d’inventaire", "string", "Le numéro du bien dans votre registre.",
        _words("numero_d_inventaire no_inventaire numero_inventaire numero no id identifiant code "
               "asset_id asset_tag tag no_d_actif numero_d_actif n_d_actif no_actif numero_actif "
               "actif numero_d_immobilisation n_inventaire num_inventaire cd_imm code_immeuble "
               "code_batiment bien_id reference ref objectid"),
    ),
    Column(
        "name", "Nom", "string", "Le nom que les gens emploient.",
        _words("nom name designation libelle denomination titre intitule nom_francais nom_offcl "
               "nom_officiel nom_du_bien asset_name bien batiment salle local installation "
               "equipement vehicule description_courte"),
    ),
    Column(
        "category", "Catégorie", "string", "La catégorie, par son nom ou un mot courant.",
        _words("categorie category type type_de_bien classe famille sorte genre categorie_d_actif "
               "classe_d_actif nature_de_l_immobilisation compte compte_d_imputation"),
    ),
    Column("kind", "Nature", "string", "Matériel, véhicule, lieu, terrain, service ou expertise.",
           _words("nature kind")),
    Column(
        "serial_number", "Numéro de série", "string", "Le numéro gravé par le fabricant.",
        _words("numero_de_serie no_serie no_de_serie serie serial serial_number serial_no sn "
               "n_de_serie num_serie"),
    ),
    Column(
        "vehicle_number", "Plaque ou NIV", "string", "L’immatriculation ou le numéro du véhicule.",
        _words("plaque immatriculation niv vin plaque_ou_niv numero_de_plaque no_plaque "
               "registration license_plate numero_d_immatriculation vehicle_number"),
    ),
    Column(
        "owner", "Propriétaire", "string", "L’organisme à qui est le bien, par son nom ou code.",
        _words("proprietaire owner organisme organization body municipalite cd_cs "
               "code_organisme etablissement css"),
    ),
    Column("manager", "Gestionnaire", "string", "L’organisme qui répond aux demandes.",
           _words("gestionnaire manager service_gestionnaire")),
    Column("custodian", "Gardien", "string", "L’organisme qui remet le bien et le reprend.",
           _words("gardien custodian depositaire detenteur")),
    Column(
        "site", "Lieu", "string", "Le nom du lieu où se trouve le bien.",
        _words("lieu site emplacement location localisation garage endroit nom_du_lieu parc "
               "site_name"),
    ),
    Column(
        "address", "Adresse", "string", "L’adresse du lieu.",
        _words("adresse address adrs_geo_l1_gduno adresse_civique rue street adresse_complete"),
    ),
    Column("latitude", "Latitude", "number", "En degrés, de −85 à 85 (WGS 84).",
           _words("latitude lat coord_y coord_y_ll84 y")),
    Column("longitude", "Longitude", "number", "En degrés, négative à l’ouest (WGS 84).",
           _words("longitude lon lng long coord_x coord_x_ll84 x")),
    Column("capacity", "Capacité", "integer", "En personnes, pour le bien entier.",
           _words("capacite capacity capacite_personnes nombre_de_places places places_assises "
                  "jauge nb_places")),
    Column("description", "Description", "string", "Ce qu’un emprunteur doit voir d’abord.",
           _words("description details remarque remarques commentaire notes note")),
    Column("conditions", "Conditions d’emprunt", "string", "Ce qu’il faut savoir et apporter.",
           _words("conditions conditions_d_emprunt conditions_d_utilisation terms")),
    Column("state", "État", "string", "Brouillon, publié ou retiré; vide, un brouillon.",
           _words("etat state statut status")),
    Column("acquired_on", "Date d’acquisition", "date", "Le jour de l’achat.",
           _words("date_d_acquisition acquisition date_acquisition acquired_on purchase_date "
                  "date_achat date_d_achat mise_en_service date_de_mise_en_service "
                  "annee_d_acquisition"),
           is_finance=True),
    Column("cost", "Coût", "number", "Le coût d’acquisition.",
           _words("cout cost cout_d_acquisition cout_historique valeur_brute valeur_d_acquisition "
                  "prix prix_d_achat purchase_cost montant valeur_d_origine"), is_finance=True),
    Column("net_value", "Valeur nette comptable", "number", "Le coût moins l’amortissement.",
           _words("valeur_nette_comptable vnc valeur_nette net_value book_value "
                  "valeur_comptable_nette"),
           is_finance=True),
    Column("life_years", "Durée de vie utile", "integer", "En années.",
           _words("duree_de_vie_utile duree_de_vie duree_vie useful_life life_years "
                  "duree_d_amortissement duree_amortissement vie_utile"), is_finance=True),
    Column("currency", "Monnaie", "string", "Le code de la monnaie\u00a0: CAD, EUR.",
           _words("monnaie currency devise"), is_finance=True),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}
FINANCE = tuple(column.name for column in COLUMNS if column.is_finance)
REQUIRED = ("external_id", "name", "category")


def table_schema() -> dict[str, Any]:
    """Return the columns as a Frictionless Table Schema."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "usufruit-inventaire",
        "title": "Inventaire de biens à partager",
        "fields": [
            {
                "name": column.name,
                "title": column.title,
                "type": column.type,
                "description": column.description,
                **({"constraints": {"required": True}} if column.name in REQUIRED else {}),
            }
            for column in COLUMNS
        ],
        "primaryKey": ["external_id"],
        "missingValues": [""],
    }
