"""The place of photos and files: does it take, give back and forget?"""

from __future__ import annotations

from secrets import token_hex

from crm.attachments.scanning import answers
from crm.cli.doctor.findings import Finding, good, information, wrong
from crm.foundation import CrmError, Settings, SettingsError
from crm.storage import open_storage

_CONTENT = b"crm doctor"
_AWAY = "Vérifiez que le serveur tourne et que cette machine joint l’adresse de [files] s3_url."
_MEANING = {
    "http_403": "Le serveur refuse nos clés : vérifiez [files] access_key, secret_key et leurs droits.",
    "no_such_bucket": "Le seau n’existe pas : créez-le, ou corrigez [files] bucket.",
    "http_404": "Le seau n’existe pas : créez-le, ou corrigez [files] bucket.",
    "ConnectionError": _AWAY,
    "ConnectTimeout": _AWAY,
    "ReadTimeout": _AWAY,
    "SSLError": "Le certificat de ce serveur n’est pas reconnu par cette machine.",
    "os_13": "Donnez ce dossier au compte qui fait tourner le programme.",
    "os_28": "Le disque est plein : libérez de la place.",
    "os_30": "Ce disque est en lecture seule.",
}
_MEANTIME = "En attendant, les photos restent dans la base et seront enregistrées d’elles-mêmes."


def storage(settings: Settings) -> Finding:
    try:
        place = open_storage(settings)
    except SettingsError as refused:
        return wrong("Photos et fichiers : réglages incomplets", "\n".join(refused.problems))
    key = f"doctor/{token_hex(8)}.txt"
    try:
        place.put(key, _CONTENT, "text/plain")
        kept = place.get(key) == _CONTENT
        place.delete(key)
    except CrmError as refused:
        why = str(refused.details.get("why") or refused.code)
        advice = _MEANING.get(why, "Vérifiez [files] : folder, ou s3_url, bucket, region et les clés.")
        return wrong(f"Photos et fichiers : {place.label} ne répond pas ({why})", f"{advice}\n{_MEANTIME}")
    if not kept:
        return wrong(
            f"Photos et fichiers : {place.label} ne rend pas ce qu’on lui confie", "Examinez ce serveur."
        )
    return good(f"Photos et fichiers : {place.label} prend, rend et oublie")


def scanner(settings: Settings) -> Finding:
    """The antivirus, where one is set."""
    files = settings.files
    if not files.scanner:
        return information("Antivirus : aucun ([files] scanner est vide)")
    if answers(files.scanner, files.timeout_seconds):
        return good(f"Antivirus : {files.scanner} répond")
    meantime = (
        "En attendant, les fichiers sont acceptés sans être vérifiés."
        if files.without_scanner == "accept"
        else "En attendant, les fichiers sont refusés, et les usagers lisent de les joindre à nouveau."
    )
    return wrong(f"Antivirus : {files.scanner} ne répond pas", f"Vérifiez que clamd tourne.\n{meantime}")
