"""What each role may do at every address of the administration, to be read and argued about."""

# The letters under which the table names the roles; X stands for staff without any.
LETTERS = {
    "A": "Administrator",
    "P": "Publisher",
    "E": "Editor",
    "n": "Translator into English",
    "s": "Translator into Spanish",
    "R": "Reviewer",
    "L": "Link keeper",
    "X": "",
}

# Rows of one kind. “look” is the page of a row and its history; “-” is nobody.
ROWS = """
kind                             list      look      change  add    delete
auth_group                       A         A         -       -      -
auth_user                        A         A         A       A      -
editorial_act                    A         A         -       -      -
editorial_problemreport          APE       APE       APE     -      A
interchange_importrun            APE       APE       -       -      -
interchange_upstreamrecord       APE       APE       -       -      -
resources_informationcategory    APE       APE       AP      AP     -
resources_linkcheck              APEL      APEL      APEL    -      -
resources_organization           APEnsL    APEnsL    APL     APEL   -
resources_resource               APEnsL    APEnsL    APL     APEL   -
topics_healthtopic               APEnsRL   APEnsRL   APE     APE    -
topics_installation              A         A         A       -      -
topics_page                      APE       APE       APE     AP     -
topics_refreshjob                APEL      APEL      -       -      -
topics_schedulededition          APE       APE       -       -      -
topics_topicgroup                APEns     APEns     AP      AP     -
topics_topictag                  APE       APE       APE     APE    AP
"""

# The pages of one language: who may open them and who may post to them, in English, in Spanish,
# and where the (English) topic is limited to an owner who has none of the roles.
LANGUAGES = """
page                 English           Spanish           limited
change               APEnsRL  APEn     APEnsRL  APEs     APEnsRL  A
links                APEn     APEn     APEs     APEs     A        A
find_links           APEn     -        APEs     -        A        -
find_topics          APEn     -        APEs     -        A        -
saves                APEn     -        APEs     -        A        -
restore_save         APEn     APEn     APEs     APEs     A        A
find_organizations   APEn     -        APEs     -        A        -
keep                 -        APEn     -        APEs     -        A
attend               APEn     APEn     APEs     APEs     A        A
discard              -        APEn     -        APEs     -        A
preview              APEnsRL  -        APEnsRL  -        APEnsRL  -
preview_page         APEnsRL  -        APEnsRL  -        APEnsRL  -
share                -        APEn     -        APEs     -        A
revoke               -        APEn     -        APEs     -        A
publish              AP       AP       AP       AP       A        A
waiting              APEnsRL  -        APEnsRL  -        APEnsRL  -
call_off             -        AP       -        AP       -        A
before               APEn     -        APEs     -        A        -
withdraw             AP       AP       AP       AP       A        A
correct              -        AP       -        AP       -        A
review               APEnsRL  AR       APEnsRL  AR       APEnsRL  AR
editions             APEnsRL  -        APEnsRL  -        APEnsRL  -
edition              APEnsRL  -        APEnsRL  -        APEnsRL  -
restore              APEn     APEn     APEs     APEs     A        A
compare              APEnsRL  -        APEnsRL  -        APEnsRL  -
on_date              APEnsRL  -        APEnsRL  -        APEnsRL  -
"""

# Everything else, and what differs from the above: who may open it and who may post to it.
OTHERS = """
address                               open       post
set_language                          APEnsRLX   APEnsRLX
index                                 APEnsRLX   APEnsRLX
login                                 APEnsRLX   APEnsRLX
logout                                -          APEnsRLX
password_change                       APEnsRLX   APEnsRLX
password_change_done                  APEnsRLX   -
autocomplete                          -          -
jsi18n                                APEnsRLX   -
view_on_site                          APEnsRLX   APEnsRLX
topics_healthtopic_start (en)         -          APEn
topics_healthtopic_start (es)         -          APEs
topics_healthtopic_start (limited)    -          A
topics_healthtopic_change (limited)   APEnsRL    A
topics_healthtopic_merge              AP         AP
topics_healthtopic_export             APEnsRL    APEnsRL
topics_healthtopic_work (publish)     AP         AP
topics_healthtopic_work (withdraw)    AP         AP
topics_healthtopic_work (owner)       APE        APE
topics_healthtopic_work (tag)         APE        APE
topics_topiclanguage_changelist       APEnsRLX   APEnsRLX
topics_reviews_due                    APEnsRL    -
resources_linkcheck_change            APEnsL     APEL
auth_user_password_change             A          A
app_list                              APEnsRLX   APEnsRLX
(?P<url>.*)$                          APEnsRLX   APEnsRLX
"""

COLUMNS = {
    "list": (("changelist", "GET"), ("changelist", "POST")),
    "look": (("change", "GET"), ("history", "GET")),
    "change": (("change", "POST"),),
    "add": (("add", "GET"), ("add", "POST")),
    "delete": (("delete", "GET"), ("delete", "POST")),
}


def expected() -> dict[tuple[str, str], str]:
    """Address and method -> the letters of those who are let in."""
    table = {}
    _heading, *rows = ROWS.strip().splitlines()
    for row in rows:
        kind, *cells = row.split()
        for cell, places in zip(cells, COLUMNS.values(), strict=True):
            for end, method in places:
                table[f"{kind}_{end}", method] = cell
        table[f"{kind}_history", "POST"] = "-"
    _heading, *rows = LANGUAGES.strip().splitlines()
    for row in rows:
        page, *cells = row.split()
        for number, cell in enumerate(cells):
            language = ("en", "es", "limited")[number // 2]
            name = f"topics_topiclanguage_{page} ({language})"
            table[name, ("GET", "POST")[number % 2]] = cell
    _heading, *rows = OTHERS.strip().splitlines()
    for row in rows:
        name, *cells = row.rsplit(maxsplit=2)
        table |= {
            (name.strip(), method): cell
            for method, cell in zip(("GET", "POST"), cells, strict=True)
        }
    return {key: letters.replace("-", "") for key, letters in table.items()}
