"""The shorthand people chat in, and the plain words each stands for; what those mean is elsewhere.

All is folded. What stands for two things in finance is listed nowhere: it stays as it is written.
"""

from typing import Final

from core.language.words.fold import word_set
from core.records.request import Language

ENGLISH: Final[dict[str, str]] = {
    "whos": "who is", "whats": "what is", "wats": "what is", "wuts": "what is", "hows": "how is",
    "wheres": "where is", "whens": "when is", "thats": "that is", "theres": "there is",
    "ive": "i ve", "im": "i m", "theyre": "they re", "youre": "you re", "dont": "don t",
    "doesnt": "doesn t", "didnt": "didn t", "shouldnt": "shouldn t", "mustnt": "mustn t",
    "wat": "what", "wut": "what", "wht": "what", "wot": "what", "wen": "when", "wich": "which",
    "shud": "should", "shld": "should", "cud": "could", "wud": "would", "hav": "have",
    "gimme": "give me", "lemme": "let me", "gonna": "going to", "wanna": "want to",
    "gotta": "have to", "tryna": "trying to", "outta": "out of", "kinda": "kind of",
    "sorta": "sort of", "dunno": "do not know", "idk": "i do not know", "lmk": "let me know",
    "pls": "please", "plz": "please", "plss": "please", "thx": "thanks", "thnx": "thanks",
    "tks": "thanks", "thks": "thanks", "tysm": "thanks", "atm": "now", "cuz": "because",
    "coz": "because", "btwn": "between", "abt": "about", "bout": "about", "tho": "though",
    "altho": "although", "thru": "through", "ppl": "people", "nvm": "never mind",
    "btw": "by the way", "asap": "now", "tmr": "tomorrow", "tmrw": "tomorrow", "tmw": "tomorrow",
    "2day": "today", "tdy": "today", "2morrow": "tomorrow", "2moro": "tomorrow", "nxt": "next",
    "lst": "last", "nite": "night", "mkt": "market", "mkts": "markets", "mrkt": "market",
    "fcst": "forecast", "fcsts": "forecasts", "alloc": "allocation", "allocs": "allocations",
    "recs": "recommendations", "recos": "recommendations", "ytd": "this year", "mtd": "this month",
    "qtd": "this quarter", "wtd": "this week", "eoy": "end of year", "eom": "end of month",
    "eoq": "end of quarter", "stonks": "stocks", "stox": "stocks", "fins": "financials",
    "utes": "utilities", "semis": "semiconductors", "telco": "telecom", "telcos": "telecoms",
    "comms": "communications", "nrg": "energy", "discr": "discretionary", "indus": "industrials",
    "fossil": "energy", "fossils": "energy",
}  # fmt: skip
"""Words of no other use, read in any sentence."""
ENGLISH_ALONE: Final[dict[str, str]] = {
    "ya": "you", "ty": "thanks", "ow": "overweight", "bc": "because", "wo": "without", "rn": "now",
    "uw": "underweight", "mats": "materials", "utils": "utilities", "r": "are", "u": "you",
    "ur": "your", "y": "why", "n": "&", "w": "with", "em": "them", "da": "the", "ok": "okay",
    "disc": "discretionary", "hv": "have", "hc": "health care",
}  # fmt: skip
"""Read in an English sentence alone."""
VIETNAMESE: Final[dict[str, str]] = {
    "ko": "khong", "hok": "khong", "khg": "khong", "dc": "duoc", "ntn": "ra sao",
    "hnay": "hom nay", "hqua": "hom qua", "bnhiu": "bao nhieu", "bnhieu": "bao nhieu",
    "bnh": "bao nhieu", "bhieu": "bao nhieu", "nhiu": "bao nhieu", "kngoai": "khoi ngoai",
    "nngoai": "nuoc ngoai", "cty": "cong ty", "ndt": "nha dau tu",
    "ttck": "thi truong chung khoan", "trc": "truoc", "mng": "moi nguoi", "zay": "vay",
    "zi": "vay", "dag": "dang", "mun": "muon", "thik": "thich", "nhug": "nhung",
    "ngta": "nguoi ta", "bgio": "bay gio", "bjo": "bay gio", "lun": "luon", "thui": "thoi",
    "roai": "roi", "rui": "roi", "nhma": "nhung ma", "nma": "nhung ma", "lsuat": "lai suat",
}  # fmt: skip
"""Read in any sentence that is not English."""
VIETNAMESE_ALONE: Final[dict[str, str]] = {
    "k": "khong", "z": "vay", "v": "vay", "vz": "vay", "j": "gi", "h": "gio", "r": "roi",
    "e": "em", "a": "anh", "m": "minh", "nn": "nuoc ngoai", "ck": "chung khoan", "bn": "bao nhieu",
    "tn": "the nao", "nh": "ngan hang", "cp": "co phieu", "dn": "doanh nghiep", "tk": "tai khoan",
    "mn": "moi nguoi", "bh": "bay gio", "ls": "lai suat", "xuc": "mua", "nx": "nua", "cx": "cung",
    "lm": "lam", "ms": "moi", "vo": "vao",
}  # fmt: skip
"""Read in a Vietnamese sentence alone."""
BESIDE: Final[dict[tuple[str, ...], str]] = {
    ("comm", "svcs"): "communications", ("comm", "svc"): "communications",
    ("fossil", "fuel"): "energy", ("fossil", "fuels"): "energy",
    ("comms", "svcs"): "communications", ("cons", "disc"): "discretionary",
    ("cons", "staples"): "staples", ("consumer", "disc"): "consumer discretionary",
    ("health", "svcs"): "health care", ("real", "est"): "real estate",
    ("my", "port"): "my portfolio", ("port", "em"): "danh muc em",
    ("port", "minh"): "danh muc minh", ("port", "toi"): "danh muc toi",
    ("port", "e"): "danh muc em", ("no", "clue"): "do not know", ("more", "then"): "more than",
    ("less", "then"): "less than", ("2", "buy"): "to buy", ("lower", "then"): "lower than",
    ("higher", "then"): "higher than", ("2", "sell"): "to sell", ("2", "hold"): "to hold",
    ("2", "own"): "to own", ("2", "avoid"): "to avoid", ("2", "late"): "too late",
    ("2", "risky"): "too risky", ("4", "me"): "for me", ("4", "us"): "for us",
    ("4", "the"): "for the", ("hong", "kong"): "hong kong",
    ("kn", "mua", "rong"): "khoi ngoai mua rong", ("kn", "ban", "rong"): "khoi ngoai ban rong",
    ("kn", "mua", "ban"): "khoi ngoai mua ban", ("kn", "ban", "manh"): "khoi ngoai ban manh",
    ("kn", "mua", "manh"): "khoi ngoai mua manh", ("kn", "gom"): "khoi ngoai gom",
    ("kn", "xa"): "khoi ngoai xa", ("kn", "rut"): "khoi ngoai rut",
    ("tt", "chung"): "thi truong chung", ("tt", "hnay"): "thi truong hom nay",
    ("tt", "vn"): "thi truong viet nam", ("tt", "my"): "thi truong my", ("cam", "xuc"): "cam xuc",
    ("tiep", "xuc"): "tiep xuc", ("vo", "em"): "vo em", ("vo", "toi"): "vo toi",
    ("vo", "minh"): "vo minh", ("vo", "chong"): "vo chong",
}  # fmt: skip
"""Words that are shorthand in this company, or that stay as they are."""
BEFORE_NUMBER: Final[dict[tuple[str, ...], str]] = {
    ("chung", "toi", "da"): "chung khoan toi da",
    ("chung", "toi", "thieu"): "chung khoan toi thieu",
}
"""Words that before a number are others than those they are folded together with."""
AFTER_PERCENT: Final[dict[str, str]] = {
    "tm": "tien mat", "re": "real estate", "disc": "discretionary", "hc": "health care",
    "ck": "chung khoan", "tien": "tien",
}  # fmt: skip
"""Parts of a portfolio right after a percentage."""
BOUNDS: Final = {"<=": "max", ">=": "min", "<": "under", ">": "over"}
"""Marks that bound by the number after them."""
OUT_WORDS: Final = word_set("no drop exclude excluding ex without avoid skip ban wo cap limit in")
"""Words after which "re" is real estate; elsewhere it is a regard or the end of "they're"."""
IN_LISTS: Final[dict[str, str]] = {"fin": "financials"}
"""Words that are sectors beside a bound, a number, a comma or a word that joins or leaves out."""
LIST_WORDS: Final = word_set(
    "& or plus voi hoac max min at under below over above capped cap tops toi khong tran san duoi "
    "<= >= < > % pct percent no drop exclude excluding ex without avoid skip ban limit loai bo tru "
    "tranh cam it nhieu maximum minimum floor"
)
MARKED: Final[dict[str, str]] = {
    "dược": "duoc pham", "múc": "mua", "xúc": "mua", "cấm": "cam mua", "đừng": "khong", "vợ": "vo",
}  # fmt: skip
"""Words that folding makes another of, as they are written with their marks."""
MARKED_BEFORE: Final[dict[str, frozenset[str]]] = {
    "dược": word_set("y"), "xúc": word_set("cam tiep"),
}  # fmt: skip
"""Words that make of the marked one the second half of another: "y dược", "cảm xúc"."""
MARKED_AFTER: Final[dict[str, frozenset[str]]] = {
    "dược": word_set("pham lieu si"), "xúc": word_set("tien"),
}  # fmt: skip
"""Words that make of the marked one the first half of another: "dược phẩm", "xúc tiến"."""
IN_CAPITALS: Final[dict[Language, frozenset[str]]] = {
    "en": word_set("ow uw ytd mtd qtd wtd eoy eom eoq rn idk lmk btw atm pls plz thx asap nvm"),
    "vi": word_set("ytd ko k hok dc ntn ck nn bn cty hnay"),
}
"""Shorthand that is no symbol where it is written in capitals, by the sentence's language."""
CHATTER: Final = word_set(
    "lol lmao haha hehe imo imho tbh ngl fyi bro dude mate guys yo hey yeah yep nah nope hmm umm "
    "thanks okay oke okie cool great nice sure though actually never mind way by know dum gium ho "
    "nhe nha nhen ad bro mn oi ne ha a da cam on luon thoi ae adm ok"
)
"""Words of a chat that say nothing of the question."""
