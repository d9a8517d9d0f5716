"""The lines of a news page that are not the article: one rule a kind, each with its reason.

Knows how news sites word their furniture, in the languages of the larger ones. Does not know
where a line stands; `boilerplate` does. Every rule must match a whole line. A false match
loses an answer, a miss only adds noise, so a rule names words that open such a line and never
running text, and gives way where a sentence could read the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NETWORKS = (
    r"(?:facebook|twitter|x|instagram|you\s?tube|telegram|whats\s?app|linkedin|tik\s?tok|threads"
    r"|mastodon|bluesky|reddit|pinterest|flipboard|google news|apple news|wechat|vk|snapchat"
    r"|social media)"
)

# Agencies and picture desks whose bare name under a picture is a credit.
AGENCIES = (
    r"(?:AFP|AP|APTN|Reuters|Thomson Reuters|EPA(?:-EFE)?|EFE|ANSA|DPA|dpa|PA(?: Media| Wire)?"
    r"|Press Association|Getty(?: Images)?|iStock(?:photo)?|Shutterstock|Alamy(?: Stock Photo)?"
    r"|Xinhua|TASS|RIA Novosti|Sputnik|ANI|PTI|IANS|Anadolu(?: Agency| Ajansı)?|AA|Bloomberg"
    r"|UPI|Kyodo(?: News)?|Yonhap|Jiji(?: Press)?|NurPhoto|SIPA(?: USA)?|ZUMA(?: Press| Wire)?"
    r"|USA Today Sports|Imagn(?: Images)?|IMAGO|imago images|Keystone|Belga|ANP|NTB|TT|Lusa|CTK|PAP"
    r"|(?:The )?Associated Press|Agence France[- ]Presse|(?:The )?Canadian Press|AAP|CNS"
    r"|Magnum(?: Photos)?|Corbis|Rex(?: Features)?|WENN|Splash(?: News)?|Wikimedia(?: Commons)?"
    r"|Unsplash|Pexels|Pixabay|Flickr|Creative Commons|NASA/JPL(?:-Caltech)?)"
)
_CREDIT_TAIL = (
    r"(?:Images?|Photos?|Pictures?|Pool|File(?: Photo)?|Archives?|Handout|Video|TV|Newscom)"
)
_NAME = r"(?:[^\W\d_a-z][\w.'’-]+|[A-Z]\.)"
_SHARE = (
    r"(?:share|tweet|e-?mail|print|save|copy(?: link)?|link|pin(?: it)?|post|bookmark|like|gift"
    r"|facebook|twitter|whats\s?app|linkedin|reddit|pinterest|telegram|flipboard|messenger"
    r"|instagram|you\s?tube|tik\s?tok|bluesky|threads|comments?|listen|subscribe|sms|rss|more)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of line that is not the article."""

    name: str
    reason: str
    pattern: re.Pattern[str]  # of the whole line, decoration at both ends dropped
    most_words: int = 30  # a longer line is running text
    sentence: bool = False  # whether the line may end like a sentence


def _rule(
    name: str,
    reason: str,
    *patterns: str,
    most_words: int = 30,
    sentence: bool = False,
    cased: bool = False,
) -> Rule:
    flags = re.UNICODE if cased else re.UNICODE | re.IGNORECASE
    return Rule(name, reason, re.compile("|".join(patterns), flags), most_words, sentence)


RULES: tuple[Rule, ...] = (
    _rule(
        "link",
        "a headline of another article; it ends as a headline ends, or has a label and a colon",
        r"(?:read|see|watch|listen|learn|hear|also read|also see|see also|read also|also on .{2,30})"
        r"(?: more| also| next| now| too| here| on)?(?: on .{2,40}| about .{2,40}| from .{2,40})?\s*[:|]\s*\S.*",
        r"(?:more|explore|discover)\s*:\s*\S.*",
        r"(?:related|recommended|further|more|similar|other)"
        r"(?: (?:stories|story|articles?|content|coverage|news|links?|topics?|reading|posts?"
        r"|videos?|items?|reads?|for you|from .{2,40}|on this(?: story| topic)?|headlines))*\s*[:|]\s*\S.*",
        r"(?:don['’]t miss|in case you missed it|icymi|must[- ]reads?|you (?:may|might) also (?:like"
        r"|be interested in)|up next|next up|previously|trending(?: now)?|editor['’]?s['’]? (?:pick|choice)s?"
        r"|in pictures|in photos|gallery|photo gallery|slideshow|podcast|on our (?:blog|radar))\s*[:|]\s*\S.*",
        # The same labels in other languages
        r"(?:lea|lee|leer|ver|mire|vea|le[ií]a|veja|confira)(?: también| tambem| também| más| mais)\s*[:|]?\s*.*",
        r"(?:te puede interesar|le puede interesar|te recomendamos|saiba mais|notas? relacionadas?)\s*[:|]?\s*.*",
        r"(?:[àa] )?(?:lire|voir|écouter)(?: aussi| également)\s*[:|]?\s*.*|sur le m[êe]me sujet\s*[:|]?\s*.*",
        r"(?:lesen sie auch|mehr zum thema|mehr dazu|lesetipp|auch interessant|das könnte sie auch interessieren)\s*[:|]?\s*.*",
        r"(?:leggi anche|leggi di più|guarda anche|approfondimenti?)\s*[:|]\s*.*|leggi anche.*",
        r"(?:lees ook|lees meer|bekijk ook|läs (?:också|även|mer)|les også|læs også|lue myös|czytaj (?:też|także|więcej)"
        r"|zobacz (?:też|także)|čtěte také|přečtěte si|olvassa el|citește și|прочетете още)\s*[:|]?\s*.*",
        r"(?:читайте также|читать (?:также|далее)|по теме|читайте ще|читайте також|διαβάστε (?:επίσης|ακόμη|ακόμα))\s*[:|]?\s*.*",
        r"(?:ayrıca oku(?:yun)?|ilgili haber(?:ler)?|bunu da oku(?:yun)?|daha fazla oku)\s*[:|]?\s*.*",
        r"(?:اقرأ أيضا|اقرأ أيضًا|اقرأ المزيد|إقرأ أيضا|مواضيع ذات صلة|شاهد أيضا|קראו עוד|עוד בנושא)\s*[:|]?\s*.*",
        r"(?:यह भी पढ़ें|ये भी पढ़ें|延伸阅读|延伸閱讀|相关阅读|相關閱讀|相關新聞|相关新闻|関連記事|あわせて読みたい|関連ニュース|관련기사|관련 기사)\s*[:：|]?\s*.*",
    ),
    _rule(
        "read on",
        "an invitation to another page, without a colon",
        r"(?:read|see|view|watch|get) (?:the )?(?:full|original|entire|complete|rest of the|whole)"
        r" (?:story|article|report|text|statement|transcript|interview|post|list|coverage|video)\b.{0,60}",
        r"(?:read|learn|find out|see|know) more(?: here| now| about .{1,60}| on .{1,60}| at .{1,60}| from .{1,60})?",
        r"(?:to|for) (?:read|see|view|watch|find out|know|learn) .{0,60}\bclick\b.{0,60}",
        r"(?:click|tap|press) (?:here|below|on the (?:link|image|photo|video|map|banner)|the (?:link|image|photo|video|map|button))\b.{0,150}",
        r"(?:view|see|show|load|browse|watch|read) (?:all|more|less|fewer|comments|gallery|photos|pictures|video|on map|in app)(?: .{1,40})?",
        r"continue reading.{0,60}|keep reading.{0,60}|seguir leyendo|continuar leyendo|weiterlesen|lire la suite|devamını oku",
        most_words=16,
        sentence=True,
    ),
    _rule(
        "advertisement",
        "the label of an advertisement or of its gap in the text",
        r"(?:advert(?:isement|ising|orial|s)?|ads?(?: choices| feedback)?|ad ends?|sponsored(?: by .{1,40}| content| post| links?| message)?"
        r"|promoted(?: by .{1,40}| content)?|paid (?:post|content|advertisement|partner content|for by .{1,40})|partner content|presented by .{1,40})",
        r"(?:the )?(?:story|article|content|report|post|text|news|coverage) (?:continues|resumes)(?: (?:below|after|following|beneath))?"
        r"(?: (?:the |this |our )?(?:advert(?:isement)?|ad|video|gallery|photos?|promo|newsletter.{0,20}|message|slideshow)s?)?",
        r"scroll (?:down )?(?:to|for) (?:continue|more|read|keep reading)(?: .{1,40})?|(?:article|story) continues.{0,40}",
        r"remove ads.{0,30}|skip (?:ad|ads|advertisement|this ad|past newsletter promotion|in \d+)|after newsletter promotion|loading(?:\.\.\.|…)?",
        r"publicidad|publicité|anzeige|werbung|publicidade|pubblicità|advertentie|annons|reklam|reklama|mainos|annonce"
        r"|реклама|реклам[аи]|διαφήμιση|إعلان|广告|廣告|広告|스폰서|광고|विज्ञापन|quảng cáo|iklan",
        most_words=14,
    ),
    _rule(
        "newsletter",
        "an invitation to subscribe, always an imperative",
        r"(?:sign up|subscribe|register|sign-up)\b(?:.{0,120}\b(?:newsletters?|inbox|e-?mails?|briefings?|alerts?|podcast|channel|updates|free|here|now|today|digest|bulletin)\b.{0,120})?",
        r"(?:get|receive|have) (?:the |our |your |all |more |today['’]s |this |breaking )?.{0,80}\b(?:in|to) your (?:in-?box|e-?mail|mailbox|phone)\b.{0,80}",
        r"(?:join|subscribe to|download|get|install|try) (?:our|the) (?:.{1,40} )?(?:newsletters?|app|whats\s?app (?:channel|group|community)|telegram channel|channel|mailing list|podcast)\b.{0,100}",
        r"(?:enter|your) e-?mail(?: address)?(?: .{1,40})?|e-?mail address\*?|newsletters?|thank you for (?:subscribing|signing up).{0,60}",
        r"(?:by (?:signing up|subscribing|clicking|submitting|entering)),? .{0,60}\b(?:you|agree|terms|policy)\b.{0,160}",
        r"(?:want|looking for) more .{1,60}\? (?:sign up|subscribe|click|follow|read)\b.{0,100}",
        r"(?:suscr[ií]b[ae](?:te|se)|reg[ií]strese|abonnez-vous|inscrivez-vous|abonnieren sie|jetzt abonnieren|newsletter abonnieren|assine|inscreva-se|iscriviti|abonneer|abone ol(?:un)?|подпи(?:сы|ш)(?:вай)?(?:тесь|итесь|ись))\b.{0,120}",
        most_words=45,
        sentence=True,
    ),
    _rule(
        "subscriber",
        "the pay wall, the account box and the appeal for money",
        r"(?:already (?:a |an )?(?:subscriber|member|registered|have an account)|not a (?:subscriber|member)(?: yet)?|have an account)\?? ?.{0,60}",
        r"(?:log|sign) ?in(?: or (?:register|sign up|subscribe).{0,40}| to .{1,60})?|create (?:a|an|your) (?:free )?account.{0,60}|register(?: now| for free)?",
        r"(?:become|be) an? (?:.{1,30} )?(?:member|subscriber|supporter|patron)(?: today| now)?\b.{0,80}",
        r"(?:support|fund) (?:our|independent|quality|local|the|fearless|nonprofit) (?:.{1,30} )?(?:journalism|reporting|newsroom|work)\b.{0,140}",
        r"donate(?: now| today| here| to .{1,60})?|make a (?:donation|contribution).{0,60}|contribute(?: now| today)",
        r"(?:this (?:article|story|content) is (?:for|only for|exclusively for|available to) (?:our )?(?:subscribers|members).{0,60})|unlock this (?:article|story).{0,60}|subscribers? only|premium content|exclusive to subscribers",
        r"you have (?:\d+|one|two|three|no) (?:free )?articles? (?:left|remaining).{0,60}|start your (?:free )?(?:trial|subscription).{0,60}|buy a subscription.{0,40}",
        most_words=30,
        sentence=True,
    ),
    _rule(
        "follow",
        "an invitation to a social network",
        rf"(?:please )?(?:follow|like|find|join|connect with|watch|visit) (?:us|me|our\b.{{0,40}}|@\w+)(?: (?:on|at|via|in) .{{1,100}})?",
        rf"(?:(?:and|you can) )?follow (?:.{{1,60}} )?(?:on|via) (?:.{{1,20}} )?{NETWORKS}\b.{{0,80}}",
        rf"follow @\w+.{{0,80}}|(?:on )?{NETWORKS}\s*[:@]\s*@?\w+|@\w{{2,20}}",
        r"(?:s[ií]gu?enos|siga-nos|suivez-nous|folgen sie uns|seguici|volg ons|bizi takip edin|следите за|присоединяйтесь)\b.{0,100}",
        most_words=25,
        sentence=True,
    ),
    _rule(
        "share",
        "share buttons and their counters",
        rf"{_SHARE}(?:(?:\s*[|,/·•]\s*|\s+){_SHARE})*",
        rf"(?:share|tweet|post|pin|send|e-?mail|print|save) (?:this|on|via|with|to|the) (?:article|story|page|post|link|news|{NETWORKS}|e-?mail|(?:a )?friends?|icon)\b.{{0,30}}",
        r"(?:compartir|comparte|partager|teilen|condividi|compartilhe|paylaş|delen|dela|поделиться|udostępnij)(?: .{1,40})?|link copied!?|copied!?",
        r"\d[\d,.]*\s?[km]?\s*(?:shares?|likes?|views?|retweets?|replies|reactions?|comments?|reads?|votes?)",
        most_words=14,
    ),
    _rule(
        "comments",
        "the comment section",
        r"(?:no|leave a|post a|add a|write a|add your|view|show|see|read|hide|all|\d+)\s*(?:all\s|the\s|\d+\s)*(?:comments?|repl(?:y|ies))(?: yet| below| here| \(\d+\))?",
        r"comments?\s*(?:\(\d+\)|are closed|have been closed|off|disabled|policy|section|:?\s*\d+)?",
        r"(?:join|start) the (?:conversation|discussion|debate).{0,40}|report (?:this )?(?:ad|comment|an error|error|a typo|typo|a problem).{0,40}",
        r"(?:let us know|tell us|have your say)\b.{0,60}\b(?:comments?|below)\b.{0,40}",
        most_words=16,
        sentence=True,
    ),
    _rule(
        "copyright",
        "who owns the page, not what it says",
        r"(?:©|\(c\)\s*(?:copyright|\d{4}|all)|copyright\s*(?:©|\(c\)|\d{4}|by\b.{1,60}\d{4})).*",
        r"(?:.{0,160}\b)?(?:all rights reserved|todos los derechos reservados|tous droits réservés|alle rechte vorbehalten|todos os direitos reservados|tutti i diritti riservati|tüm hakları saklıdır|все права защищены)\b.{0,200}",
        r"this (?:material|article|story|content|report) (?:may|must|can) not be (?:published|reproduced|copied|republished|broadcast|redistributed)\b.*",
        r"our standards\s*:.*|.{0,60}trust principles.?|republish(?: this article)?|reprints?(?: and permissions)?|licen[sc]ing(?: rights)?|(?:purchase|acquire) licensing rights.*",
        r"\(?(?:except for the headline, )?this (?:story|article|report) has not been edited by\b.*|\(?this (?:story|article) (?:is|was|has been) (?:auto-?generated|published) from (?:a )?(?:syndicated|agency|news agency) feed.*",
        most_words=70,
        sentence=True,
    ),
    _rule(
        "agency credit",
        "an agency's or a photographer's bare name under a picture",
        rf"(?:{_NAME}(?: {_NAME}){{0,3}}(?: {_NAME}/| ?/ ?| via | for | \| |, ))?(?:(?:The )?{AGENCIES})"
        rf"(?:(?: ?[/|,–-] ?| via | for | )(?:{AGENCIES}|{_CREDIT_TAIL}|{_NAME}(?: {_NAME}){{0,2}}(?= ?/)|(?i:photo|images?|file)))*",
        rf"(?:{_NAME}(?: {_NAME}){{0,3}} ?/ ?{_NAME}(?: {_NAME}){{0,2}} ?(?:via|/) ?{AGENCIES}(?: {_CREDIT_TAIL})*)",
        rf"(?:AFP|AP|EPA|Reuters|REUTERS|Getty|PTI) (?:PHOTO|Photo|photo|Photos|IMAGE|Image)(?: ?/ ?.{{1,40}})?|REUTERS/.{{2,40}}|GETTY IMAGES|REUTERS|EPA/.{{2,40}}|AFP/.{{2,40}}|AP/.{{2,40}}",
        r"(?i:(?:file|stock|archive|undated|handout|courtesy|supplied|library) (?:photo|image|picture|footage|pic|photograph)|handout|screengrab|screenshot|representational image|representative image)",
        most_words=10,
        cased=True,
    ),
    _rule(
        "picture credit",
        "who made the picture, after a label",
        r"(?:photos?|photographs?|photograph(?:y|er)|images?|pictures?|pics?|illustrations?|graphics?|videos?|cartoon|map|chart"
        r"|(?:cover|featured|main|header|file|lead|top) (?:image|photo|picture)|(?:photo|image|picture|video|media)[ -]?(?:credits?|source|courtesy|by))"
        r"\s*(?::|©|/|\||,(?= ?(?:getty|reuters|afp|ap|epa|bbc|pa)\b)|courtesy(?: of)?\b|credits?\b\s*:?)\s*\S.{0,100}",
        r"(?:image|media|photo|picture|video) source,? .{1,60}|credits?\s*:\s*.{1,80}|courtesy(?: of)?\s*:?\s+\S.{1,60}",
        rf"(?:photo|photograph|image|picture|illustration|graphic|video|photography)s? (?:by|from|via) (?-i:{_NAME}|@\w+)(?: (?-i:{_NAME})| and| for| via| of| the| ?/ ?| ?\| ?|,){{0,8}}.{{0,20}}",
        r"(?:foto|fotos|imagen|imágenes|bild|bilder|abbildung|photo|crédit(?: photo)?s?|crédito|immagine|фото|fotoğraf|foto[gğ]raf|görsel|zdjęcie|kuva|zdj|图片来源|图|圖|写真|사진|चित्र)\s*[:：©/]\s*\S.{0,80}",
        most_words=12,
    ),
    _rule(
        "bracketed",
        "a place holder for something the page shows and the text does not",
        r"\[\s*(?:image|photo|picture|video|audio|graphic|map|chart|embed(?:ded)?|tweet|advert\w*|ad|gallery|caption|link|file|media|infographic)\b[^\]]*\]",
        r"\(\s*(?:photo|image|picture|video|graphic|photograph|file photo|credit|illustration|ap photo|reuters|afp|getty)\b\s*(?:by|:|/|credit|courtesy|from|via|images)?[^()]{0,120}\)",
        rf"[(\[]\s*(?-i:{AGENCIES})(?: ?/ ?[^()\[\]]{{1,60}})?\s*[)\]]",
        most_words=25,
    ),
    _rule(
        "tags",
        "key words for search engines",
        r"(?:tags?|tagged(?: (?:as|with|in))?|topics?|keywords?|key words|categor(?:y|ies)|filed (?:under|in)|posted in|labels|hashtags?|read more on|more (?:on|about)|etiquetas|temas|schlagw[oö]rter|themen|mots[- ]clés|parole chiave|etiketler|тег[иі]|теги|标签|タグ)\s*[:：|]\s*\S.*",
        r"#\w+(?:[\s,]+#\w+)*",
        most_words=40,
    ),
    _rule(
        "reading time",
        "how long the page takes or how old it is when it was shown",
        r"(?:(?:est(?:imated|\.)? )?read(?:ing)?(?: time)?\s*:?\s*)?\d{1,3}[- ]?min(?:ute)?s?\.?(?: (?:read|listen|watch|to read))?",
        r"(?:(?:last )?(?:updated|published|posted|modified):? )?(?:\d{1,2}|an?|one) (?:second|sec|minute|min|hour|hr|day|week|month)s?\.? ago",
        r"lecture \d+ min\.?|lesezeit:? \d+ min(?:uten)?\.?|\d+ min(?:utos)? de lectura|okuma süresi.{0,20}",
        most_words=8,
    ),
    _rule(
        "label alone",
        "the heading of a list of other pages, or a button",
        r"(?:related(?: (?:stories|story|articles?|content|coverage|news|links?|topics?|reading|posts?|videos?))?|recommended(?: (?:stories|reading|for you|articles|videos))?"
        r"|more (?:stories|news|headlines|from .{2,40}|on this(?: story| topic)?|like this|articles|top stories)|further reading|you (?:may|might) (?:also )?(?:like|have missed)|also read|read also|see also|read more|read next"
        r"|trending(?: now| stories| topics)?|most (?:read|popular|viewed|shared|commented|recent)|popular(?: now| stories| posts)?|latest (?:news|stories|headlines|updates|videos)|top (?:stories|news|headlines|videos)|editor['’]?s['’]? (?:picks?|choice)"
        r"|(?:next|previous|prev|older|newer) (?:article|story|post|page)s?|back to (?:top|home|news|the top)|go to .{1,20}homepage|up next|what to read next|must reads?|don['’]t miss|in case you missed it|around the web|from the web|from our partners)",
        r"(?:main )?menu|(?:site )?search|home ?page|skip to (?:main )?(?:content|navigation)|sections?|navigation|close(?: menu| ad)?|toggle navigation|expand|collapse|top of page|show (?:more|less|all)|load more|see more|view all|hide|options|settings|accessibility(?: help| links)?",
        r"play(?: video| audio)?|pause|mute|unmute|now playing|video player|media player|replay|full ?screen|settings|listen to (?:this )?(?:article|story).{0,30}|watch (?:the )?(?:video|live|now)|(?:this )?video (?:file )?(?:can ?not|cannot|could not) be played.{0,40}|to play this video you need to .{0,60}|(?:sorry, )?your browser (?:does not|doesn['’]t) support.{0,60}|(?:please )?enable javascript.{0,60}|javascript (?:is|must be) .{0,60}",
        most_words=16,
        sentence=True,
    ),
    _rule(
        "consent",
        "cookies, terms and the site's own legal links",
        r"(?:we|this (?:web)?site|our (?:web)?site|our partners) (?:and our partners )?uses? cookies\b.*|by (?:continuing|using) (?:to use )?(?:this|our) (?:web)?site\b.*",
        r"(?:accept|reject|manage|allow)(?: all)? (?:cookies|preferences|choices|consent).{0,30}|(?:cookie|privacy|consent) (?:policy|settings|preferences|notice|statement|center|centre|choices)(?:\s*[|·•,]?.{0,100})",
        r"(?:terms|conditions) (?:of (?:use|service|sale)|and conditions|& conditions)(?:\s*[|·•,].{0,100})?|(?:about|contact)(?: us)?\s*[|·•]\s*.{1,100}|do not sell my (?:personal )?info.{0,30}|this site is protected by recaptcha.*",
        most_words=60,
        sentence=True,
    ),
    _rule(
        "end mark",
        "the end of a press release or of an agency's copy",
        r"(?:#\s?){2,}|-?\s*30\s*-|[-–—*\s]*(?:ends?|the end|end of (?:story|article|release|text))[-–—*\s]*|for immediate release:?|-{2,}\s*\d+\s*-{2,}|(?:~|=){3,}\s*(?:end)?",
        most_words=4,
    ),
    _rule(
        "source footer",
        "names the publisher under the text",
        r"(?:news )?sources?\s*[:：|]\s*(?P<source>\S.{0,100})|(?:fuente|fuentes|quelle|quellen|fonte|fontes|bron|källa|kaynak|источник|źródło|来源|來源|ソース|出典|출처)\s*[:：|]\s*(?P<foreign>\S.{0,100})",
        r"(?-i:SOURCE) (?P<release>(?-i:[A-Z0-9]).{1,80})",
        most_words=14,
    ),
)

# A line that heads a list of other pages: what follows it, as long as it is no sentence, goes too.
LIST_LABEL = re.compile(
    r"(?:related|recommended|more|trending|most|popular|latest|top|also|see also|read (?:also|more|next)|further reading|you (?:may|might)"
    r"|editor|don['’]t miss|in case|around the web|from|up next|what to read|must reads?)\b.{0,40}",
    re.IGNORECASE,
)
# The section a page belongs to, printed above its title.
SECTION = re.compile(
    r"(?:(?:world|local|national|international|breaking|latest|top|business|sports?|us|u\.s\.|uk|entertainment|tech) )?(?:news|headlines)"
    r"|world|politics|business|economy|markets|opinion|editorial|analysis|sports?|football|culture|arts|life(?:style)?|health|science"
    r"|tech(?:nology)?|environment|climate|travel|education|entertainment|crime|local|national|international|africa|americas|asia|europe"
    r"|middle east|latin america|u\.?s\.?|uk|exclusive|breaking|explainer|feature[sd]?|interview|live|home|news\s*[/>|»].*",
    re.IGNORECASE,
)
BREADCRUMB = re.compile(r"\w[\w&' -]{1,30}(?:\s*[>»›/]\s*\w[\w&' -]{1,30}){1,5}")

_DECORATION = " \t\u00a0\u200b\ufeff*•·–—-▶►▸→»›>|#_~="
_LABELLED = re.compile(r"^[\s\u00a0]*(?:[*•·▶►▸→»›>|_]+|[-–—]{1,3}(?=\s))[\s\u00a0]*")


def bare(line: str) -> str:
    """Drop what decorates a line: bullets, arrows, bars, emphasis."""
    return _LABELLED.sub("", line).strip(" \t\u00a0\u200b\ufeff*_|»›>→▶►")


def ends_as_sentence(line: str) -> bool:
    """Say whether a line ends as a sentence does."""
    return line.rstrip("\"'”’»)] ")[-1:] in {".", "!", "?", "…", "。", "！", "？", "।", "؟"}


def rule_for(line: str) -> tuple[Rule, re.Match[str]] | None:
    """Return the first rule that a whole line matches, and how."""
    core = bare(line)
    if not core:
        core = line.strip()
    words = core.count(" ") + 1
    if words > 70 or len(core) > 600:
        return None
    is_sentence: bool | None = None
    for rule in RULES:
        if words > rule.most_words:
            continue
        match = rule.pattern.fullmatch(core)
        if match is None:
            continue
        if not rule.sentence:
            if is_sentence is None:
                is_sentence = words > 3 and core.endswith(".") and not core.endswith("...")
            if is_sentence:
                continue
        return rule, match
    return None
