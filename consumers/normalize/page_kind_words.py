"""What pages that are no articles say, in many languages: the words of `page_kind`."""

from __future__ import annotations

import re
from typing import Final

CHALLENGE_TITLE: Final = re.compile(
    r"^(?:just a moment|one moment,? please|attention required!?|access(?: to this page has been)? denied|are you (?:a robot|human)"
    r"|robot or human|pardon our interruption|security (?:check|verification)|please wait|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|human verification|checking your browser|ddos[- ]guard|captcha|request unsuccessful|bot verification|einen moment|un instant"
    r"|un momento|um momento|даний момент|один момент|подождите|even geduld|bir dakika"
    r"|请稍候|請稍候|しばらくお待ちください|잠시만 기다리십시오"
    r"|bitte bestätigen sie,? dass sie ein mensch sind|sind sie ein mensch|êtes-vous un humain|vérification de sécurité)\b",
    re.IGNORECASE,
)
"""Titles and headings of pages that ask whether a human reads them."""
CHALLENGE_TEXT: Final = re.compile(
    r"(?:verif\w+|confirm|prove|check\w*|make sure) (?:that )?you(?:['’]re| are) (?:a )?(?:human|not a (?:ro)?bot)"
    r"|enable javascript and cookies"
    r"|checking (?:if|your) (?:the site connection is secure|browser)|unusual (?:traffic|activity) from your|you have been blocked"
    r"|complete the (?:captcha|security check)|ray id|incident id|performance (?:&|and) security by cloudflare|not a robot"
    r"|kein roboter|keine maschine|pas un robot|no (?:soy|es) un robot|não (?:sou|é) um robô|non sono un robot|не робот|вы человек"
    r"|ungewöhnliche(?:r|n)? (?:datenverkehr|aktivitäten)|trafic inhabituel|tráfico inusual|机器人|ロボットではありません"
    r"|로봇이 아닙니다",
    re.IGNORECASE,
)
"""What such pages say."""
CHALLENGE_MARK: Final = re.compile(
    r"cf[-_]chl|challenge-form|challenge-running|px-captcha|_incapsula_resource|captcha-delivery|awswafcookie|ddos-guard"
    r"|distil_r_captcha"
    r"|g-recaptcha|h-captcha|cf-turnstile|sucuri_cloudproxy|perfdrive|kasada",
    re.IGNORECASE,
)
"""What the scripts and forms of such pages are called."""
CONSENT: Final = re.compile(
    r"\bcookies?\b|\bconsent|accept all|manage (?:choices|preferences|options)|before you continue|\bgdpr\b|privacy (?:policy"
    r"|settings|choices|preferences)|\bpartners?\b|\badvertis"
    r"|personali[sz]ed (?:ads|content)"
    r"|einwillig|zustimm|datenschutz|werbung|personalisiert|tracking|dienstleister|consentement|confidentialité|publicité"
    r"|partenaires|traceurs"
    r"|accepter|consentimiento|privacidad|publicidad|socios|aceptar|consentimento|parceiros|publicidade|aceitar|consenso|pubblicità"
    r"|informativa|accetta|toestemming|akkoord|advertenties|samtycke|annons|godkänn|samtykke|annonc|annons|evästee|suostumu|zgod[aęy]"
    r"|ciasteczk|prywatnoś|souhlas|reklam|soukrom|hozzájárul|sütik|çerez|izin|соглас|реклам|кукі|файлы cookie|クッキー|同意|广告|쿠키"
    r"|동의",
    re.IGNORECASE,
)
"""Words of notices that ask for consent."""
CONSENT_TITLE: Final = re.compile(
    r"^(?:(?:we (?:value|respect|care about) )?your (?:privacy|data)(?: (?:matters|choices|settings|preferences))?|cookies?|consent"
    r"|einwilligung|zustimmung|contentpass)\W*$"
    r"|\b(?:cookie[- ](?:settings|preferences|choices|consent|notice|policy|wall|einstellungen|instellingen)"
    r"|privacy (?:settings|choices|preferences|gate)|before you continue|bevor sie (?:fortfahren"
    r"|zu .{2,30} weitergehen)"
    r"|datenschutz-?einstellungen|avant de continuer|votre vie privée|gestion des cookies|antes de continuar"
    r"|tu privacidad|prima di continuare|la tua privacy|voordat je verdergaat|privacy-?instellingen|innan du fortsätter"
    r"|før du fortsætter"
    r"|cookies on (?:this|our) (?:web ?)?site|(?:this|our) (?:web ?)?site uses cookies|we (?:use|need your) (?:cookies|consent)"
    r"|wir (?:verwenden|nutzen) cookies|nous utilisons des cookies|utili[sz]amos cookies|usiamo i cookie|wij gebruiken cookies"
    r"|vi (?:använder|bruger|bruker) cookies|używamy (?:plików )?cookie"
    r"|zanim przejdziesz|antes de continuar|clique para aceitar|willkommen beim?|pur-?abo)\b",
    re.IGNORECASE,
)
"""Titles and headings of such notices."""
GONE: Final = re.compile(
    r"^(?:(?:error|fehler|erreur|errore|erro|ошибка|http)?\W{0,3}(?:404|410)"
    r"(?:\W{1,3}(?:error|fehler|erreur|errore|erro|ошибка|(?:the |this )?page|file|not found|gone|sorry|oops|seite|nicht gefunden|p[áa]gina"
    r"|pagina|introuvable|страница|no encontrad\w)\b.{0,40})?\W*"
    r"|(?:oops|sorry|whoops|ups|entschuldigung|désolé|lo sentimos|desculpe)\W.{0,60}"
    r"(?:\b(?:not|cannot|nothing|nicht|keine?|non|no|não)|n['’]t|\bn['’])\W?.{0,20}\b(?:found|find|exist|gefunden|trouv|encontr).{0,30}"
    r"|(?:the |this |that )?(?:page|article|story|content|post|url|file)"
    r"(?: (?:you(?:['’]re| are| were| have)?|that|which|requested|looking|for|the|this|at|with|url|address|is|currently)\b)*"
    r" ?\b(?:not found|(?:could ?n.t|cannot|can ?not"
    r"|can.t) be found"
    r"|(?:was|were) ?n.?o?t found|no longer (?:available|exists?|here)|does ?n.?o?t exist|(?:has been|was) (?:removed|deleted)"
    r"|(?:is )?unavailable)"
    r".{0,20}"
    r"|(?:nothing|not) found|file not found"
    r"|(?:diese |die |der |dieser |das )?(?:angeforderte )?(?:seite|artikel|beitrag|inhalt)\b.{0,40}(?:nicht (?:gefunden|mehr|vorhanden"
    r"|verfügbar)"
    r"|existiert nicht).{0,20}"
    r"|(?:cette |la |l.)?(?:page|article|contenu)\b.{0,40}(?:introuvable|n.existe (?:pas|plus)|non trouvée?).{0,20}"
    r"|(?:esta |la |el |a )?(?:p[áa]gina|art[íi]culo|noticia|artigo|not[íi]cia|contenido|conte[úu]do)\b(?:(?! d[eo] ).){0,40}"
    r"(?:no (?:encontrad|existe|disponible|se encuentra)|não (?:encontrad|existe|dispon)|inexistente).{0,20}"
    r"|(?:la |l.|de )?(?:pagina|articolo|contenuto)\b.{0,40}(?:non (?:trovat|esiste|disponibile)|niet (?:gevonden|beschikbaar)"
    r"|inexistentă).{0,20}"
    r"|(?:sidan|artikeln|siden|artikkelen|artiklen)\b.{0,30}(?:hittades inte|finns inte|ikke f[uo]n[nd]|finnes ikke|findes ikke).{0,20}"
    r"|sivua ei l[öo]y.{0,20}|strona\b.{0,30}nie (?:istnieje|została znaleziona).{0,20}|str[áa]nka\b.{0,30}(?:nenalezena"
    r"|neexistuje).{0,20}"
    r"|az oldal nem található|sayfa bulunamadı|halaman tidak ditemukan|không tìm thấy trang|trang không tồn tại"
    r"|(?:страниц|стать|сторінк)\w*\b.{0,30}не (?:найден|существует|знайден).{0,20}"
    r"|ページが見つかりません.{0,20}|お探しのページ.{0,30}|페이지를 찾을 수 없.{0,20}|页面不存在|找不到(?:该|您|該)?.{0,6}[页頁].{0,10}"
    r"|الصفحة غير موجودة.{0,20})$",
    re.IGNORECASE,
)
"""Titles and headings that say that there is no such page, as a whole."""
SEARCH: Final = re.compile(
    r"^(?:search(?: results?)?(?: (?:for|of)\b.{0,60}|\W.{0,60})?|results for\b.{0,60}|suche?(?:rgebnisse)?(?:$|:| (?:nach"
    r"|für)\b.{0,60})"
    r"|résultats? (?:de (?:la )?|pour (?:la )?)recherche.{0,60}|recherche(?:$|:).{0,60}|resultados (?:de|da) (?:la )?(?:búsqueda"
    r"|busca|pesquisa).{0,60}"
    r"|you searched for\b.{0,60}|risultati (?:della )?ricerca.{0,60}|zoekresultaten.{0,60}|sökresultat.{0,60}"
    r"|wyniki wyszukiwania.{0,60}"
    r"|результаты поиска.{0,60}|検索結果.{0,60}|搜索结果.{0,60})$",
    re.IGNORECASE,
)
"""Titles and headings of lists of what a search found, as a whole."""
NOT_HERE: Final = re.compile(
    r"\b(?:our|this|the) (?:web ?)?(?:site|content|page|service|article|video) is (?:currently |temporarily )?"
    r"(?:unavailable|not (?:currently )?available) (?:in|to|for|from) "
    r"(?:(?:\w+ ){0,3}(?:in|from|located in) )?(?:most|your|the|certain|some|this|several|countries)\b.{0,40}"
    r"(?:countr|region|location|europe|\bE(?:U|EA)\b)"
    r"|access this website from a country belonging to the european (?:economic area|union)"
    r"|\bnot available in your (?:country|region|location|area)\b|unavailable (?:for|due to) legal reasons"
    r"|in ihr(?:em land|er region) nicht verfügbar|n.est pas disponible dans votre (?:pays|région)"
    r"|no (?:está )?disponible en (?:su|tu) (?:país|región)",
    re.IGNORECASE,
)
"""Says that a page is not shown in the reader's country."""
SPEAKS_FOR_ITSELF: Final = re.compile(
    r"\b(?:we|our|us|wir|uns|unsere\w*|nous|notre|nos|nosotros|nuestr[oa]s?|utilizamos|usamos|noi|nostri|utilizziamo|usiamo|wij|we|onze"
    r"|ons|nós|nosso|nossos|vi|vår[at]?|våre|vores|meidän|kumppanimme|nasi|nasz\w*|używamy|naš\w*|мы|наш\w*|partnereink\w*|kami)\b"
    r"|当社|当サイト|我们|我們|당사|저희",
    re.IGNORECASE,
)
"""Words with which a publisher speaks for itself. In a text about consent that has none of them somebody else is written about."""
ADDRESSES_THE_READER: Final = re.compile(
    r"\b(?:you|your|Ihr\w*|können Sie|Sie können|(?:klicken|nutzen|lesen|besuchen|finden|erfahren|stimmen) Sie"
    r"|vous|votre|vos|usted|tus?|il tuo|la tua|i tuoi|je|jouw|uw|você|seus?|du|din|dina|ditt|dit"
    r"|twoj\w+|swoj\w+|váš|vaše|вы|ваш\w*|вас)\b|お客様|您|귀하",
    re.IGNORECASE,
)
"""Words with which it addresses its reader."""
ABOUT_THE_PAGE: Final = re.compile(
    r"\b(?:this|the|that|your) (?:web ?)?(?:page|link|address|url|site|website|browser|server|connection|requested)\b"
    r"|you(?:['’]re| are| were) looking for|home ?page|javascript|mistyped|all rights reserved|copyright|©|newsletter|try again"
    r"|try search|\b(?:diese|die|angeforderte) (?:web)?seite\b|startseite|alle rechte vorbehalten|cette page|droits réservés"
    r"|page d['’]accueil"
    r"|(?:esta|la) página|página (?:de inicio|inicial|principal)|derechos reservados|questa pagina|pagina iniziale|diritti riservati"
    r"|deze pagina|homepagina|startpagina|startsidan?|forsiden|denne siden?|ta strona|strona główna|stron[aęy] główn|hlavní stránk"
    r"|эт(?:а|ой|у) страниц|главн\w+ страниц|ホームページ|このページ|首页|该页面|홈페이지",
    re.IGNORECASE,
)
"""What notices say of the page that they stand on, and of the site; and lines at the foot of a page."""
