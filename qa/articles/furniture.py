"""The lines of a news page that are not the article: one rule a kind, each with its reason.

Knows how English-language news sites word their furniture. Every line of a rule is a pattern
of a whole line. A false match loses an answer and a miss only adds noise, so a pattern opens
with words that running text does not open with, and gives way where a sentence could read so.
The order matters only for the name given to a line that several rules match.
"""

# ruff: noqa: E501  # one pattern a line reads best, however long

from __future__ import annotations

from qa.articles.rules import Rule

_BUTTON = (
    r"(?:share|tweet|e-?mail|print|save|copy(?: link)?|link|pin(?: it)?|post|bookmark|like|gift"
    r"|comments?|listen|subscribe|sms|rss|more|facebook|twitter|whats ?app|linkedin|reddit"
    r"|pinterest|telegram|flipboard|messenger|instagram|you ?tube|tik ?tok|bluesky|threads)"
)

FURNITURE: tuple[Rule, ...] = (
    Rule(
        "link",
        "the headline of another page, after a label and a colon or bar",
        r"""
        (?:also (?:read|see|watch|on .{2,20})|(?:read|see|watch|listen|hear|learn) (?:more|also|too|next|now|here|on)|read|watch|listen)(?: (?:on|about|from|in) .{2,40})?\s?[:|]\s?<headline>
        (?:related|recommended|further|similar|other|more|explore|discover)(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|topics?|reading|posts?|videos?|reads?|headlines|for you|on this(?: story)?|from .{2,40}))*\s?[:|]\s?<headline>
        (?:don't miss|in case you missed it|icymi|must[- ](?:read|see|watch)s?|you (?:may|might) also (?:like|be interested in)|(?:up|read) next|trending(?: now)?|editor'?s'? (?:pick|choice)s?|most (?:read|popular))\s?[:|]\s?<headline>
        (?:in pictures|in photos|photos|pictures|images|(?:photo )?gallery|slideshow|video|videos|podcast|interactive|full (?:story|coverage|report))\s?[:|]\s?<headline>
        via \S+\.\w{2,6}
        """,
    ),
    Rule(
        "read on",
        "an invitation to another page, without a colon",
        r"""
        (?:click|tap) (?:here|below|on (?:the|this) (?:link|image|photo|video|map|banner)|(?:the|this) (?:link|image|photo|video|map|button))\b…
        (?:to|for) (?:read|see|view|watch|find out|know|learn|hear|subscribe|more)\b…\b(?:click|tap) (?:here|on|below|the|this)\b…
        (?:read|see|view|watch|get|find) (?:the |our )?(?:full|original|entire|complete|whole|rest of the|rest of this|rest of our) (?:<page>|statement|transcript|interview|list|coverage|video|piece|document)\b.{0,60}
        \(?(?:read|learn|find out|see|know) more(?: here| now| below| online| about .{1,60}| on .{1,60}| at .{1,60}| from .{1,60})?\)?
        (?!.* comments)(?:view|see|show|load|browse|watch|read) (?:all|more|less|fewer|gallery|photos|pictures|in app|on map)(?: .{1,40})?
        (?:continue|keep) reading.{0,60}
        """,
        most_words=16,
        sentence=True,
    ),
    Rule(
        "advertisement",
        "the label of an advertisement, or of the gap it leaves in the text",
        r"""
        (?:advert(?:isement|ising|orial|s)?(?: banner)?|ads?(?: choices| feedback| ends)?|sponsored(?: by .{1,40}| content| posts?| links?| message)?|promoted(?: by .{1,40}| content| stories)?|paid (?:post|content|advertisement|partner content|for by .{1,40})|partner content|presented by .{1,40}|promotional banner|taboola.{0,30})
        (?:advertisement|ad)[ :-]+(?:scroll|<page> continues|continue|skip|remove|close|advertisement)\b.{0,60}
        (?:the |this )?<page> (?:continues|resumes)(?: (?:below|after|following|beneath|underneath))?(?: (?:the |this |our |these )?(?:advert(?:isement)?|ad|video|gallery|photo|promo|message|slideshow|newsletter(?: .{1,20})?)s?)?
        scroll (?:down )?(?:to|for) (?:continue|more|read|keep reading)(?: .{1,40})?
        (?:remove|close|hide) (?:this )?ads?\b.{0,30}
        skip (?:ads?|advertisement|this ad|past newsletter promotion|in \d+)
        after newsletter promotion|<page> content|loading(?:\.{2,3}|…)?
        """,
        most_words=14,
    ),
    Rule(
        "newsletter",
        "an invitation to subscribe; always an imperative that names what one gets by mail",
        r"""
        (?:(?:please |you can )?(?:sign[- ]?up|subscribe|register)|want more\?.{0,40}sign up)\b.{0,140}\b(?:newsletters?|inbox|briefings?|e-?mail (?:alerts?|updates?|newsletters?)|(?:daily|weekly|free|our|news) (?:digest|bulletin|alerts?|updates|e-?mails?)|push notifications|(?:our|the) (?:podcast|channel|magazine|app))\b.{0,140}
        (?:sign[- ]?up|subscribe|register)(?: (?:now|here|today|free|for free|to continue(?: reading)?|to read(?: more)?|for more|for updates|for alerts|to .{2,30} for (?:just|only) .{1,40}))*
        (?:get|receive|have|want) (?:the |our |your |all |more |today's |this |breaking |a )?.{0,80}\b(?:in|to|into) your (?:in-?box|e-?mail|mailbox|phone)\b.{0,100}
        (?:join|download|get|install|try) (?:our|the) (?:.{1,40} )?(?:newsletters?|app|whats ?app (?:channel|group|community)|telegram (?:channel|group)|mailing list)\b.{0,100}
        (?:enter your |your )?e-?mail(?: address)?(?: required| \(required\)|\*)?|(?:our |the |daily |weekly |free )?newsletters?|thank you for (?:subscribing|signing up)\b.{0,60}
        by (?:signing up|subscribing|clicking|submitting|entering your)\b.{0,80}\b(?:you|agree|terms|policy|consent)\b.{0,200}
        (?:want|looking for) more .{1,60}\? (?:sign up|subscribe|click|follow|read)\b.{0,100}
        (?:please )?enter a valid e-?mail.{0,40}|an error has occurred.{0,60}|you(?:'re| are) (?:all )?(?:signed up|subscribed).{0,60}
        """,
        most_words=50,
        sentence=True,
    ),
    Rule(
        "subscriber",
        "the pay wall, the account box and the appeal for money",
        r"""
        (?:already|not yet|not) (?:a |an )?(?:subscriber|member|registered|subscribed)(?: yet)?\?.{0,80}|already have an account\?.{0,60}|have an account\?.{0,60}
        (?:log|sign)[- ]?(?:in|out)(?: (?:or|\|) (?:register|sign up|subscribe).{0,40}| to (?:read|continue|comment|access|save|your account|view|bookmark)\b.{0,60})?
        create (?:a|an|your) (?:free )?account\b.{0,60}|my account
        (?:please )?(?:consider )?(?:become|becoming) an? (?:.{1,30} )?(?:member|subscriber|supporter|patron)(?: today| now)\b.{0,80}|become an? (?:member|subscriber|supporter|patron)
        (?:please )?(?:help us |help )?(?:support|fund|sustain|keep|power) (?:our|independent|quality|local|fearless|nonprofit|this|investigative) (?:.{1,30} )?(?:journalism|newsroom|reporting)\b(?!.{0,40}\b(?:said|says|was|were)\b).{0,140}
        donate(?: now| today| here)?|make a (?:donation|contribution)(?: today| now| here)?|contribute(?: now| today)
        this (?:article|story|content) is (?:only |exclusively )?(?:for|available to) (?:our )?(?:paying |premium )?(?:subscribers|members)\b.{0,60}|unlock this (?:article|story)\b.{0,60}|access \d+ free (?:stories|articles)\b.{0,40}|(?:for )?subscribers? only|premium content|exclusive to subscribers
        you have (?:\d+|one|two|three|no|reached your .{2,20}) (?:free )?(?:articles?|limit)\b.{0,60}|start your (?:free )?(?:trial|subscription)\b.{0,60}|(?:buy|get) (?:a )?(?:digital )?subscription\b.{0,40}
        """,
        sentence=True,
    ),
    Rule(
        "follow",
        "an invitation to a social network",
        r"""
        (?:please |you can )?follow (?:us|@\w+)\b(?: .{1,120})?
        (?:please |you can )?(?:follow|like|find|join|connect with|watch|visit|catch|tweet) (?:us|me|our (?:page|account|channel|site|website|group)s?|our .{2,30}(?= (?:on|at) ))(?: .{0,80}\b<network>\b.{0,80}| (?:on|at) \S+\.\w{2,4}\S*)?
        (?:you can )?follow <name>(?: <name>){0,5} (?:on|via) (?:his |her |their )?<network>\b.{0,80}
        follow (?:him|her|them|the (?:author|writer|reporter|latest .{2,40})) on <network>\b.{0,80}
        (?:write|e-?mail|send .{2,30}) to <name>(?: (?:<name>|de|la|van|von|and)){0,6} at \S+@\S+|(?:contact|e-?mail|reach) <name>(?: <name>){0,4}(?: at)? \S+@\S+
        <name>(?: <name>){0,4} can be (?:reached|contacted|followed|e-?mailed) (?:at|on|via|by) .{2,80}
        <network>\s?[:@] ?@?[\w./]+|@\w{2,20}|(?:on )?<network>(?: ?[|/,·•] ?<network>)+
        """,
        most_words=25,
        sentence=True,
    ),
    Rule(
        "share",
        "share buttons and their counters",
        r"(?:" + _BUTTON + r")(?:(?: ?[|,/·•+] ?| )(?:" + _BUTTON + r"))*"
        r"""
        (?:share|tweet|post|pin|send|e-?mail|print|save|like|recommend) (?:this|on|via|with|to|the) (?:this |on |via |by )?(?:<page>|link|video|<network>|e-?mail|(?:a |your )?friends?|(?:on )?social media|icon|the .{2,10})\b.{0,30}
        share (?:this|via|on|with)|share or comment\b.{0,30}|(?:read|save|watch) (?:for )?later|share this:?|link copied!?|copied!?|share (?:on|options|full article|tools)|(?:view|open) (?:image )?in (?:full ?screen|gallery)
        \d[\d,.]* ?[km]? ?(?:shares?|likes?|views?|retweets?|replies|reactions?|reads?|claps|followers)
        """,
        most_words=14,
    ),
    Rule(
        "comments",
        "the comment section",
        r"""
        (?:no|leave|post|add|write|view|show|see|read|hide|all|\d[\d,]*)(?: all| the| a| an| new| your| \d+)* (?:comments?|repl(?:y|ies))(?: yet| below| here| so far)?:?(?: ?\(\d+\))?
        comments?(?: ?\(\d+\)| are closed| have been (?:closed|disabled)| off| disabled| policy| section|: ?\d+| guidelines)?:?
        (?:one|\d+) (?:comments?|thoughts?|responses?) (?:on|to) .{1,160}
        (?:join|start) the (?:conversation|discussion|debate)\b.{0,40}|report (?:this )?(?:ad|comment|an? error|error|a typo|typo|a problem|abuse)\b.{0,40}
        (?:let us know|tell us|have your say|what do you think)\b.{0,80}\bcomments?\b.{0,40}
        your e-?mail address will not be published\b.{0,80}|required fields are marked\b.{0,20}|fill in your details below\b.{0,60}|you are commenting using\b.{0,80}|this site uses akismet\b.{0,80}|notify me of .{0,60}|save my name\b.{0,80}|(?:name|e-?mail|website) \((?:required|optional)\)|we welcome (?:your )?comments\b.{0,200}
        """,
        most_words=40,
        sentence=True,
    ),
    Rule(
        "copyright",
        "who owns the page, not what it says",
        r"""
        (?:™ ?(?:&|and) ?©|©|\(c\) ?(?:copyright|\d{4}|all)|copyright ?(?:©|\(c\)|\d{4}|(?:by|of) .{1,60}\d{4})).{0,500}
        this (?:material|article|story|content|report|website|site) (?:may|must|can)(?: ?not| only) be (?:published|reproduced|copied|republished|broadcast|redistributed|used)\b.{0,300}
        (?:no part of|reproduction (?:in whole|without)|unauthori[sz]ed (?:use|reproduction))\b.{0,200}
        our standards ?:.{0,80}|(?:re(?:publish|use))(?: this (?:article|story|content))?|reprints?(?: (?:&|and) permissions)?|(?:purchase|acquire|buy) licensing rights\b.{0,60}|request (?:reprint|licensing)\b.{0,60}
        \(?(?:except for the headline, |with the exception of the headline, )?(?:this|the above) (?:story|article|report) has not been edited by\b.{0,200}|\(?this (?:story|article|report) (?:is|was|has been) (?:auto-?generated|published|taken) (?:from|by) (?:an? )?(?:unedited )?(?:syndicated|agency|news agency|wire)\b.{0,120}
        a version of this (?:article|story|review) appears? in (?:print|the)\b.{0,300}|(?:npr )?transcripts? (?:is|are|was|were) (?:created|provided|produced)\b.{0,300}|transcript provided by\b.{0,100}
        \(?this transcript (?:has been|was|is) (?:automatically|auto-?)\s?generated\b.{0,160}
        """,
        most_words=75,
        sentence=True,
        phrases=("all rights reserved", "thomson reuters trust principles"),
    ),
    Rule(
        "agency credit",
        "an agency's or a photographer's bare name, as it stands under a picture",
        r"""
        (?:<name>(?: <name>){0,3}(?: ?/ ?| via | for | ?\| ?))?<agency>(?:(?: ?[/|,–-] ?| via | for | and | )(?:<agency>|(?-i:Images?|IMAGES|Photos?|PHOTO|Pictures?|Pool|POOL|File(?: Photo)?|FILE|Archives?|Handout|Video|TV|Newscom|Sports|Graphics|Files)|<name>(?: <name>){0,2}(?= ?/))){0,4}
        <name>(?: <name>){0,3} ?/ ?<name>(?: <name>){0,2} ?(?:via|/) ?<agency>(?: (?:Images?|Photos?|File))*
        <name>(?: <name>){1,3} ?/ ?(?-i:The |BBC|CNN|NBC|CBS|ABC|NPR|CBC|Al Jazeera|TRT)[\w. ]{0,40}
        (?-i:REUTERS|EPA|AFP|AP|Getty Images|Reuters|AP Photo|AFP Photo) ?/ ?<name>.{0,40}
        (?-i:[a-z]{2,4}(?:[/,] ?[a-z]{2,4})*) \(<agency>(?:, ?<agency>)*\)
        (?:file|stock|archive|undated|handout|courtesy|supplied|library|illustrative|representational|representative) (?:photo|image|picture|footage|pic|photograph)|handout|screen ?(?:grab|shot)
        """,
        most_words=10,
    ),
    Rule(
        "picture credit",
        "who made the picture, after a label; a caption is told from it by its small letters",
        r"""
        (?:photos?|photographs?|photographer|pictures?|pics?|(?:cover|featured|main|header|file|lead|top|stock) (?:image|photo|picture|illustration)|(?:photo|image|picture|video|media|graphic)s?[ -]?(?:credits?|source|courtesy|by))\s?(?::|©|/|\||credits?:?|courtesy(?: of)?)\s?<names>
        (?:images?|illustrations?|graphics?|footage|cartoon|map|chart|photography)\s?(?::|©|/|\||credits?:?|courtesy(?: of)?)\s?(?-i:(?=[^\W\d_a-z]|@))<names>
        (?:image|media|photo|picture|video) (?:source|credit),? .{1,60}|credits?\s?:\s?(?-i:(?=[^\W\d_a-z]|@))<names>|courtesy(?: of)?\s?:?(?: the)?\s<name>.{0,60}
        (?:(?:top|lead|cover|main|header|opening|all) )?(?:photo|photograph|image|picture|illustration|graphic|video|photography|portrait)s? (?:by|courtesy of|from|via)(?: <name>| @\w+)(?:(?: <name>| and| for| via| of| the)|[,/|]){0,9}
        """,
        most_words=12,
    ),
    Rule(
        "bracketed",
        "in brackets: a credit, or something that the page shows and the text does not",
        r"""
        \[ ?(?:image|photo|picture|video|audio|graphic|map|chart|embed(?:ded)?|tweet|advert\w*|ads?|gallery|caption|link|file|media|infographic|subscribe|related|read)\b[^\]]{0,200}\]
        \( ?(?:(?:ap |afp |epa |file |handout |courtesy )?(?:photo|image|picture|video|photograph)|credit|graphic|illustration|pic|pix)s? ?(?:(?:by|:|/|credit|courtesy|from|via|source)[^()]{0,140})?\)
        [(\[]<name>(?: <name>){0,3} ?/ ?<name>(?: <name>){0,3}[)\]]
        [(\[] ?<agency>(?: ?[/|,] ?[^()\[\]]{1,60}| (?:Photo|Images?|File|Archive)s?)* ?[)\]]
        \[(?:[^\[\].!?\s]+ ){3,14}[^\[\].!?\s]+\]|\((?:(?:more|related|read|watch|see)(?: (?:more|also))?:|(?:see|watch|read|view) (?:the |our |more |these |<name>'s )?(?:pictures|photos|video|images|top|full|more|stories)\b)[^()]{3,120}\)
        """,
        most_words=30,
        sentence=True,
    ),
    Rule(
        "tags",
        "key words for search engines",
        r"""
        (?:tags?|tagged(?: (?:as|with|in))?|(?:related )?topics?|key ?words|categories|filed (?:under|in|to)|posted in|labels|hashtags?|read more (?:on|about)|more (?:on|about))\s?[:|]\s?<headline>
        \[?topics: ?\S.{0,80}\]?
        #\w+(?:[\s,]+#\w+)*
        """,
        most_words=40,
    ),
    Rule(
        "reading time",
        "how long the page takes to read, or how old it was when it was saved",
        r"""
        (?:(?:est(?:imated|\.)? )?read(?:ing)?(?: time)?:? ?)\d{1,3}[- ]?min(?:ute)?s?\.?|\d{1,3}[- ]?min(?:ute)?s?\.?,? (?:read|listen|watch|to read|video)
        (?:(?:last )?(?:updated|published|posted|modified):? )?(?:\d{1,2}|an?|one) (?:second|sec|minute|min|hour|hr|day|week|month|year)s?\.? ago
        """,
        most_words=8,
    ),
    Rule(
        "label alone",
        "the heading of a list of other pages",
        r"""
        related(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|topics?|reading|posts?|videos?|tags?))?:?|recommended(?: (?:stories|reading|for you|articles|videos|by .{2,20}))?:?
        list of \d+ items?(?: ?list \d+ of \d+)?|list \d+ of \d+|end of list
        more (?:stories|news|headlines|(?:must[- ](?:read|see|watch)s? |stories |news |coverage )?from .{2,40}|on this(?: story| topic| subject)?|like this|articles|top stories|videos?|to explore|for you|coverage):?|further reading:?|(?:you|readers) (?:may|might) (?:also )?(?:like|enjoy|have missed|be interested in):?
        (?:also )?(?:read|see|watch)(?: also| more| next| this| here| now):?|also (?:read|see|in the news|on .{2,20}):?|explore(?: more)?:?
        trending(?: now| stories| topics| news)?:?|most (?:read|popular|viewed|shared|commented|recent|watched)(?: .{2,20})?:?|popular(?: now| stories| posts| news)?:?|latest (?:news|stories|headlines|updates|videos|articles):?|top (?:stories|news|headlines|videos|picks)(?: today| now)?:?|editor'?s'? (?:picks?|choice|recommendations?):?|today's top .{2,20}
        (?:next|previous|prev|older|newer)(?: (?:article|story|post|page|up)s?)?:?|back to (?:top|home|news|the top|article)|up next:?|what to read next:?|must[- ]reads?:?|don't miss:?|in case you missed it:?|around the web|from (?:the web|our partners)|sponsored stories
        """,
        most_words=10,
    ),
    Rule(
        "navigation",
        "buttons of the site and of its player",
        r"""
        (?:main )?menu|(?:site )?search|home ?page|skip to (?:main )?(?:content|navigation)|sections|navigation|close(?: menu| ad| modal| dialog)?|toggle (?:navigation|menu|caption)|expand|collapse|show (?:more|less|all|caption|details)|hide caption|load more|see more|view all|accessibility(?: help| links)?|advanced search|change language
        scroll down for (?:video|more|photos|pictures)\b.{0,30}|videos?|gallery|(?:image|slide|photo|picture) \d+ (?:of|/) \d+|(?:please )?use (?:the )?\w+ browser for .{1,60}
        play(?: video| audio)?|pause|mute|unmute|now playing|(?:video|media) player|replay|full ?screen|listen to (?:this )?<page>\b.{0,30}|watch (?:the )?(?:video|live|now)
        (?:sorry, )?(?:this )?video (?:file )?(?:can ?not|could not|is unable to|is not available)\b.{0,60}|to play this video you need to\b.{0,60}|media playback is (?:not supported|unsupported)\b.{0,40}|(?:sorry, )?your browser (?:does not|doesn't) support\b.{0,80}|(?:please )?(?:enable|turn on) javascript\b.{0,60}|javascript (?:is|must be)\b.{0,60}|begin typing your search\b.{0,60}
        """,
        most_words=16,
        sentence=True,
    ),
    Rule(
        "consent",
        "cookies, terms and the site's own legal links",
        r"""
        (?:we|this (?:web)?site|our (?:web)?site|our partners)(?: and our partners)? uses? cookies\b.{0,300}|by (?:continuing|using) (?:to (?:use|browse) )?(?:this|our|the) (?:web)?site\b.{0,200}
        (?:accept|reject|manage|allow)(?: all)? (?:cookies|preferences|choices|consent)\b.{0,30}|(?:cookie|privacy|consent) (?:policy|settings|preferences|notice|statement|cent(?:er|re)|choices)(?: ?[|·•,&] ?.{0,100})?
        (?:terms|conditions) (?:of (?:use|service|sale)|(?:and|&) conditions)(?: ?[|·•,&] ?.{0,100})?|(?:about|contact)(?: us)? ?[|·•] ?.{1,100}|do not sell my (?:personal )?info.{0,30}|this site is protected by recaptcha\b.{0,120}
        """,
        most_words=60,
        sentence=True,
    ),
    Rule(
        "end mark",
        "the end of a press release or of an agency's copy",
        r"""
        (?:# ?){2,}|[-–—]{1,2} ?30 ?[-–—]{1,2}|[(*-]{0,4} ?(?:ends?|the end|end of (?:story|release|text)) ?[)*-]{0,4}|for immediate release:?|(?-i:Enditem)|-{2,} ?\d+ ?-{2,}
        """,
        most_words=5,
        decorated=True,
    ),
    Rule(
        "source footer",
        "names the publisher under the text",
        r"""
        (?:news |article |original )?sources?\s?[:|]\s?(?P<source>\S.{0,100})
        (?-i:SOURCE) (?P<release>(?-i:(?=.*[a-z])[A-Z0-9]).{1,80})
        """,
        most_words=14,
    ),
)
