"""The same kinds of lines as in `furniture`, in the other languages of large news sites.

Knows words alone; how a rule works and why it is there stands in `furniture`. A label that is
also an ordinary word counts only with a colon.
"""

# ruff: noqa: E501  # one pattern a line reads best, however long

from __future__ import annotations

ABROAD: dict[str, str] = {
    "link": r"""
        (?:le[ae]|leer|ver|mire|vea|le[ií]a|veja|confira|ouça)(?: también| tambien| também| tambem| más| mais)\b ?[:|]? ?.{0,160}
        (?:te|le) puede interesar ?[:|]? ?.{0,160}|te recomendamos ?[:|]? ?.{0,160}|saiba mais ?[:|]? ?.{0,160}|notas? relacionadas? ?[:|]? ?.{0,160}
        (?:[àa] )?(?:lire|voir|écouter)(?: aussi| également) ?[:|]? ?.{0,160}|sur le même sujet ?[:|]? ?.{0,160}
        (?:lesen sie auch|mehr zum thema|lesetipp|auch interessant|das könnte sie auch interessieren) ?[:|]? ?.{0,160}
        (?:leggi|guarda) anche ?[:|]? ?.{0,160}|approfondiment[io] ?[:|] ?.{0,160}
        (?:lees ook|bekijk ook|läs (?:också|även|mer)|les (?:også|mer)|læs (?:også|mere)|lue myös) ?[:|]? ?.{0,160}
        (?:czytaj (?:też|także|więcej)|zobacz (?:też|także)|čtěte (?:také|též)|přečtěte si|olvassa el|citește și|прочетете още) ?[:|]? ?.{0,160}
        (?:читайте (?:также|ще|також)|читать (?:также|далее)|по теме|διαβάστε (?:επίσης|ακόμη|ακόμα)) ?[:|]? ?.{0,160}
        (?:ayrıca oku(?:yun)?|ilgili haber(?:ler)?|bunu da oku(?:yun)?|bunlar da ilginizi çekebilir) ?[:|]? ?.{0,160}
        (?:[اإ]قرأ (?:أيض(?:اً|ا|ًا)|المزيد|كذلك)|مواضيع ذات صلة|شاهد أيض(?:اً|ا|ًا)|קראו (?:עוד|גם)|עוד בנושא|همچنین بخوانید|بیشتر بخوانید) ?[:|]? ?.{0,160}
        (?:(?:यह|ये) भी पढ़ें|延伸阅读|延伸閱讀|相关阅读|相關閱讀|相關新聞|相关新闻|関連記事|あわせて読みたい|関連ニュース|관련 ?기사|baca juga|xem thêm|đọc thêm|soma pia) ?[:：|]? ?.{0,160}
    """,
    "read on": r"""
        seguir leyendo|continuar leyendo|sigue leyendo|continue lendo|weiterlesen|lire la suite(?: .{0,60})?|leggi (?:tutto|di più)|devamını oku|читать полностью|إقرأ المزيد|haga clic aquí.{0,100}|cliquez ici.{0,100}|klicken sie hier.{0,100}|clique aqui.{0,100}
    """,
    "advertisement": r"""
        publicidad|publicité|anzeige|werbung|publicidade|pubblicità|advertentie|annons|reklam|reklama|mainos|annonce|hirdetés|publicitate
        реклама|διαφήμιση|إعلان|פרסומת|广告|廣告|広告|광고|विज्ञापन|quảng cáo|iklan|la suite après (?:la|cette) publicité|continua después de la publicidad|continua após a publicidade|artikel (?:wird )?.{0,20}fortgesetzt
    """,
    "newsletter": r"""
        (?:suscr[ií]b[ae](?:te|se)|abonnez-vous|inscrivez-vous|(?:jetzt )?abonnieren(?: sie)?|newsletter abonnieren|assine|inscreva-se|iscriviti|abonneer|abone ol(?:un)?|подпи(?:шись|шитесь|сывайтесь)|zapisz się|اشترك)\b.{0,140}
    """,
    "follow": r"""
        (?:s[ií]gu?enos|siga-nos|suivez-nous|folgen sie uns|seguici|volg ons|bizi takip edin|следите за|присоединяйтесь|تابعونا|تابعنا)\b.{0,140}
    """,
    "share": r"""
        (?:compartir|comparte|partager|teilen|condividi|compartilhar?|paylaş|delen|dela|поделиться|udostępnij|مشاركة|شارك|分享)(?: .{1,40})?
    """,
    "comments": r"""
        (?:\d+ )?(?:comentarios|commentaires|kommentare|commenti|comentários|reacties|yorumlar?|комментари[ийев]+|komentarze|تعليقات|评论)(?: \(?\d+\)?)?
    """,
    "picture credit": r"""
        (?:foto|fotos|fotograf[íi]a|imagen|imágenes|imagem|bild|bilder|abbildung|symbolbild|crédit(?: photo)?s?|crédito|immagine|фото|fotoğraf|görsel|zdjęcie|fot\.|kuva|zdj\.|图片来源|圖片來源|图|圖|写真|사진|चित्र|صورة) ?[:：©/|] ?\S.{0,80}
        (?:foto|bild|photo|fot\.) (?:de|von|di|par|av|door) <name>.{0,60}
    """,
    "tags": r"""
        (?:etiquetas|temas|schlagw[oö]rter|themen|mots[- ]clés|parole chiave|etiketler|теги|тэги|tagi|标签|標籤|タグ|태그|وسوم) ?[:：|] ?\S.{0,200}
    """,
    "reading time": r"""
        (?:temps de )?lecture ?:? ?\d+ ?min(?:utes)?\.?|lesezeit:? \d+ min(?:uten)?\.?|(?:tiempo de lectura:? )?\d+ min(?:utos)?(?: de lectura)?|(?:hace|há) \d+ (?:horas?|minutos?|días?)|vor \d+ (?:stunden?|minuten|tagen)|il y a \d+ (?:heures?|minutes?|jours?)
    """,
    "source footer": r"""
        (?:fuentes?|quellen?|fontes?|fonte|bron|källa|kaynak|źródło|источник|πηγή|المصدر|来源|來源|ソース|出典|출처) ?[:：|] ?(?P<foreign>\S.{0,100})
    """,
}

# Phrases that make a line anywhere in it what the rule says.
PHRASES_ABROAD: dict[str, tuple[str, ...]] = {
    "copyright": (
        "todos los derechos reservados",
        "tous droits réservés",
        "alle rechte vorbehalten",
        "todos os direitos reservados",
        "tutti i diritti riservati",
        "tüm hakları saklıdır",
        "alle rechten voorbehouden",
        "wszelkie prawa zastrzeżone",
        "все права защищены",
        "جميع الحقوق محفوظة",
        "版权所有",
    ),
}
