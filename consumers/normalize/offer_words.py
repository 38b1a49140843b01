"""What stands in place of an article that is for subscribers: offers of subscriptions, and the notice itself."""

from __future__ import annotations

import re
from typing import Final

SUBSCRIBERS_ONLY: Final = re.compile(
    r"\b(?:this|the (?:full|rest of (?:this|the)|whole)) (?:article|story|content|piece|text) is (?:(?:only "
    r"|exclusively )?(?:available )?(?:to|for)"
    r" (?:our )?(?:paying )?(?:subscribers|members)|(?:reserved|exclusive) (?:to|for) (?:our )?(?:subscribers|members))"
    r"|\bsubscribe (?:now )?(?:to|and) (?:continue |keep )?(?:read(?:ing)?|unlock)\b"
    r"|\bto (?:continue|keep) reading,? (?:this (?:article|story),? )?(?:please )?(?:subscribe|become)"
    r"|\bsubscriber[- ](?:only|exclusive) (?:article|story|content)"
    r"|(?:dieser|der ganze|der vollständige) (?:artikel|text|beitrag) ist (?:nur |exklusiv )?(?:für|unseren) (?:unsere )?abonnent"
    r"|(?:jetzt |um )?weiter(?:zu)?lesen (?:mit|im) .{0,30}(?:abo|plus|\+)|weiterlesen nur (?:mit|für)|nur für abonnent"
    r"|(?:cet |l['’])article (?:est )?réservé (?:à nos |aux )abonné|la suite est réservée|il vous reste \d+ ?% de (?:cet )?article"
    r"|(?:contenido|artículo|noticia) (?:exclusiv[oa]|sol[oa]) para (?:nuestros )?(?:suscriptores|socios)|suscríbete para (?:seguir|leer)"
    r"|(?:contenuto|articolo) (?:riservato|esclusivo) (?:agli|per gli) abbonati|abbonati per (?:continuare|leggere)"
    r"|(?:conteúdo|artigo|matéria) (?:exclusiv[oa] |só )?para assinantes|assine para (?:ler|continuar)"
    r"|(?:dit )?artikel is (?:alleen|exclusief) (?:voor|toegankelijk voor) abonnees"
    r"|artikeln? är (?:bara )?för prenumeranter|(?:denne )?artikkelen er for abonnenter|artiklen er (?:kun )?for abonnenter"
    r"|(?:ten )?artykuł (?:jest )?(?:dostępny )?(?:tylko )?dla (?:prenumeratorów|subskrybentów)|только для подписчиков"
    r"|この記事は(?:有料)?会員限定|会員限定記事",
    re.IGNORECASE,
)
"""Says that the article is for subscribers only."""
REGISTERED_ONLY: Final = re.compile(
    r"\b(?:register|sign (?:in|up)|log ?in|create an? (?:free )?account)\b.{0,40} to (?:(?:continue|keep)(?: on)? reading"
    r"|(?:continue (?:to|with)|(?:continue to )?(?:read|access|view|unlock))"
    r"(?: (?:the|this|our|your|rest|of|full|entire|complete|whole|all|premium|exclusive|free|more|unlimited)){0,5}"
    r" (?:article|story|stories|content)\b)"
    r"|\bto (?:continue|keep) reading,? (?:this (?:article|story),? )?(?:please )?(?:register|sign (?:in|up)|log ?in|create)"
    r"|(?:article|story|content) is (?:only )?(?:available )?(?:only )?(?:to|for) registered (?:users|readers|members)"
    r"|you(?:['’]ve| have) (?:reached|used|read) (?:all |your ){1,2}.{0,20}free (?:articles|stories)"
    r"|(?:melden sie sich an|registrieren sie sich|jetzt (?:anmelden|registrieren)),? (?:um|und) (?:weiterzu|weiter)lesen"
    r"|(?:connectez-vous|inscrivez-vous|créez un compte).{0,30} pour (?:lire|continuer|poursuivre)"
    r"|(?:regístrate|inicia sesión).{0,30} para (?:seguir|continuar) leyendo|(?:cadastre-se|faça login).{0,30} para (?:continuar|ler)"
    r"|(?:registrati|accedi).{0,30} per (?:continuare|leggere)|(?:log in|registreer).{0,30} om (?:verder )?te lezen|om verder te lezen",
    re.IGNORECASE,
)
"""Asks to register or to sign in before the article is shown."""
LONGEST_OFFER: Final = 500
"""A paragraph with more letters is none, whatever words are in it."""
OFFER: Final = re.compile(
    r"\b(?:already (?:a |an )?(?:subscriber|member)|cancel (?:at )?any ?time|unlimited access|free trial|trial (?:period|offer)"
    r"|first (?:month|week) free"
    r"|(?:explore|see|view|compare) (?:more|our|all) (?:offers|plans|subscriptions|options)|(?:choose|select) (?:your|a"
    r"|one of our) (?:plan|subscription)s?"
    r"|(?:standard|premium|complete|full) digital|digital (?:access|only|subscription)|subscribe (?:now|today|to|for)"
    r"|subscription options"
    r"|(?:per|a|/) ?(?:month|week|year)\b.{0,60}(?:cancel|then|billed|first|trial|save)|for only .{0,20}(?:euro|[€$£]|dollar)"
    r"|jederzeit kündbar|monatlich kündbar|probe(?:monat|abo)|jetzt (?:testen|abonnieren|anmelden|bestellen|registrieren)"
    r"|bereits (?:abonnent|kunde|registriert)"
    r"|alle (?:artikel|inhalte) (?:lesen|unbegrenzt)|zugang zu allen (?:artikeln|inhalten)|danach .{0,20}(?:im|pro) monat"
    r"|sans engagement|déjà abonné|s['’]abonner|abonnez-vous|accès illimité|résili(?:able|ez)|puis .{0,12}€ ?(?:par|/) ?mois"
    r"|sin permanencia|ya (?:eres|soy) suscriptor|suscríbete|acceso ilimitado|cancela cuando"
    r"|sei già abbonato|abbonati (?:ora|subito|a)|accesso illimitato|disdici|já é assinante|assine (?:já|agora)|acesso ilimitado"
    r"|cancele quando"
    r"|al abonnee|onbeperkt (?:toegang|lezen)|maandelijks opzegbaar|redan prenumerant|allerede abonnent|prøv .{0,20}gratis|bli abonnent)"
    r"|уже подписаны|оформить подписку",
    re.IGNORECASE,
)
"""Words of an offer of a subscription; an article may have one of them in a paragraph."""


def is_wall(text: str) -> bool:
    """Return whether a paragraph is the notice that an article goes on for subscribers only, or for who signs in."""
    return len(text) <= LONGEST_OFFER and bool(SUBSCRIBERS_ONLY.search(text) or REGISTERED_ONLY.search(text))
