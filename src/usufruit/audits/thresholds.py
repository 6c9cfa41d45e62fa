# SPDX-License-Identifier: EUPL-1.2
"""The thresholds an asset may be judged by: named, versioned, with their source and their weight.

Where no recognised threshold exists, none is invented: ``threshold_for`` returns None.
"""

from dataclasses import dataclass

from usufruit.kernel.text import search_words


@dataclass(frozen=True)
class Threshold:
    """A threshold on an indicator.

    Attributes:
        set_id: name and version; results keep it.
        indicator: what is compared.
        under: below it an asset is under-used.
        watch: below it, and not under, an asset is to be watched; None without such a band.
        status: norme, recommandation, pratique d’audit or choix local.
        citation: where it comes from, in French.
        words: words of a category that call for it, singular and without accents.
    """

    set_id: str
    label: str
    indicator: str
    under: float
    watch: float | None
    status: str
    citation: str
    words: tuple[str, ...]


ROOMS = Threshold(
    set_id="salles-uk-smg/1",
    label="salles de cours et de réunion",
    indicator="utilisation_ratio",
    under=0.25,
    watch=0.35,
    status="pratique d’audit",
    citation=(
        "Bandes d’usage britanniques (NAO 1996, UK Space Management Group 2006/38)\u00a0: moins "
        "de 25\u00a0% faible, "
        "25 à 35\u00a0% moyen. Bandes citées de seconde main."
    ),
    words=("salle de reunion", "salle de cours", "salle de classe", "meeting room", "classroom"),
)
OFFICES = Threshold(
    set_id="bureaux-us-use-it/1",
    label="immeubles de bureaux",
    indicator="occupancy_ratio",
    under=0.60,
    watch=None,
    status="recommandation",
    citation=(
        "USE IT Act (É.-U., P.L. 118-272, art. 2302, 2025)\u00a0: 60\u00a0% de la capacité. Loi "
        "étrangère, prise ici comme "
        "recommandation."
    ),
    words=("bureau", "office"),
)
HALVED_LOAD = Threshold(
    set_id="charge-reduite-de-moitie/1",
    label="charge électrique comparée à elle-même",
    indicator="compared_ratio",
    under=0.50,
    watch=None,
    status="choix local",
    citation=(
        "Choix local, aucune autorité\u00a0: un bâtiment dont la charge moyenne tombe sous la "
        "moitié de la sienne est à "
        "surveiller. Ce n’est pas un constat de sous-utilisation."
    ),
    words=(),
)

SETS = (ROOMS, OFFICES, HALVED_LOAD)


def threshold_for(category: str) -> Threshold | None:
    """Return the recognised threshold of a category; None when there is none."""
    plain = " ".join(search_words(category))
    return next((one for one in SETS if any(word in plain for word in one.words)), None)
