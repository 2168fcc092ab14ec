"""Recognises stock symbols in a question; whether the data know them is the tools' business."""

import re

from core.language.words.fold import Token, word_set

VIETNAMESE_SYMBOLS = word_set(
    "acb bcm bvh ctg fpt gvr hdb hpg lpb mbb msn mwg plx shb ssb ssi stb tcb tpb vcb vhm vib vjc "
    "vnm vpb vre dgc dpm dcm gex kbc kdh nlg pdr vci vix ree pnj pvd pvs bsr nvl eib ocb msb dgw "
    "frt cmg vgi hsg nkg vhc anv idc szc hvn gmd vos hah pvt bwe nt2 dxg vnd hcm ctd"
)
"""Widely traded Vietnamese symbols that are no word of either language, read in any case."""

AMERICAN_SYMBOLS = word_set(
    "aapl msft nvda amd googl goog amzn tsla nflx intc avgo jpm bac wfc xom cvx pfe unh jnj lly "
    "mrk abbv pep wmt mcd sbux orcl csco adbe qcom txn pypl pltr gme amc tsm asml baba brk"
)
"""Widely traded symbols elsewhere that are no word of either language, read in any case."""

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]{1,4}")
_ACRONYMS = word_set(
    "AI AM API ATC ATO BCTC BPS CASA CEO CFO CNTT CTCP CTCK DSR ECB EPS ESG EU EUR FAQ FTSE GICS "
    "HCM HNX HOSE HSX IB ICB ID IMF IT JPY JSON KBNN KCN KQKD LLM LNST MCP MSCI MTD NAV NDTNN NIM "
    "NHNN NN NPL OK PBO PDF PM PSR QE QOQ ROA ROE SQL SPA SSGA SYSTEM TMCP TP TPHCM TTCK TV UBCK "
    "UK UPCOM URL USD VAT VLXD VND VNN WTI XLSX YOY YTD NO NOT ALL AND THE SET NOW RUN "
    "DROP TABLE FROM WHERE INTO "
    "SBV USA"
)
_LOWER_CASE_REFUSED = frozenset({"vnd", "hcm", "vos", "ree"})
_IN_ANY_CASE = (VIETNAMESE_SYMBOLS | AMERICAN_SYMBOLS) - _LOWER_CASE_REFUSED


def symbols_in(
    source: str, tokens: tuple[Token, ...], taken: frozenset[int]
) -> tuple[tuple[str, ...], bool]:
    """Return the stock symbols, in order, and whether a widely known Vietnamese one is among them.

    A symbol is a word in capitals in a text that is not all capitals, or a known one in any case.
    `taken` are the tokens that already mean something else.
    """
    shouting = not any(character.islower() for character in source)
    found: dict[str, None] = {}
    vietnamese = False
    for at, token in enumerate(tokens):
        written = source[token.start : token.end]
        if at in taken:
            continue
        known = token.word in _IN_ANY_CASE
        capitals = bool(_CAPITALS.fullmatch(written)) and written not in _ACRONYMS
        if known or (capitals and not shouting):
            found[token.word.upper()] = None
            vietnamese = vietnamese or token.word in VIETNAMESE_SYMBOLS
    return tuple(found), vietnamese
