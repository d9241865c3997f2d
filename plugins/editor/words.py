# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the editor says besides the words of the content keys, in both languages."""

from __future__ import annotations

from plugins.trainings.keys import Words
from schedule.model import Language, Localized

APP_TITLE = Localized("Edit the trainings site", "Editar el sitio de capacitaciones")
NEEDS_SCRIPT = Localized(
    "The editor needs JavaScript. Please turn it on in your browser’s settings and load this page again.",
    "El editor necesita JavaScript. Actívelo en la configuración de su navegador y vuelva a cargar esta página.",
)
PROBLEM = Localized(
    "The editor could not start. Please load this page again. If that doesn’t help, tell whoever runs this site:",
    "El editor no pudo abrirse. Vuelva a cargar esta página. Si no sirve, avise a quien administra este sitio:",
)

TIME = Localized(
    Words("{label}: time", "By the clock in California. Leave it empty for a whole day."),
    Words("{label}: hora", "Hora de California. Déjela vacía si es todo el día."),
)
DATE = Localized(
    Words("Date of the series", "The date that changes. Below, write only what is different on that day."),
    Words("Fecha de la serie", "La fecha que cambia. Abajo, escriba solo lo que es distinto ese día."),
)
IN_NAME = Localized("as the name of this entry says", "la que dice el nombre de esta entrada")
NUMBER_NEEDED = Localized("Write a number, such as {example}.", "Escriba un número; por ejemplo, {example}.")
FOR_EXAMPLE = Localized("{hint} For example: `{example}`", "{hint} Por ejemplo: `{example}`")
"""The editor reads hints as Markdown, so a link would be shown as one."""

ORGANIZATIONS = Localized("Organizations", "Organizaciones")
ORGANIZATION_NAMES = Localized(
    Words("Names", "One per line. The sign-up form offers them; people can type any other."),
    Words("Nombres", "Uno por línea. El formulario los ofrece; también se puede escribir otro."),
)

SLUG = Localized(
    Words(
        "Choose the name with care: it is part of the address, for good. Lowercase letters, digits and hyphens.",
        "Use lowercase letters, digits and hyphens.",
    ),
    Words(
        "Elija bien el nombre: queda para siempre en la dirección. Minúsculas, números y guiones.",
        "Use minúsculas, números y guiones.",
    ),
)
SESSION_SLUG = Localized(
    Words(SLUG.en.label, "Use lowercase letters, digits and hyphens, and no date at the end."),
    Words(SLUG.text(Language.SPANISH).label, "Use minúsculas, números y guiones, sin fecha al final."),
)
SINGULAR = {
    "training": Localized("training", "capacitación"),
    "trainer": Localized("trainer", "persona"),
    "session": Localized("session", "sesión"),
    "occurrence": Localized("change to one date", "cambio en una fecha"),
    "parents-page": Localized("page for parents", "página para las familias"),
    "page": Localized("page", "página"),
}
"""One of each content type, as on the button that makes one."""

TO_COME = Localized("Upcoming", "Próximas")
SERIES_ONLY = Localized("Series", "Series")
CANCELED = Localized("Canceled", "Canceladas")
BY_MONTH = Localized("Month", "Mes")
