"""Words of both languages that name no subject; which phrases mean something is elsewhere."""

from core.language.words.chat import CHATTER
from core.language.words.fold import word_set

ENGLISH_WORDS = word_set(
    "a about against all are as at be been by call changed do does exactly exclude for from get "
    "give has have how i if instead is it its last like me month months my next not now of on one "
    "or over past please quarter right should show since tell than that the these they this three "
    "altogether completely entirely outright totally though although because people thanks them "
    "out going tomorrow "
    "today two us want was week weeks were what when where which who why will with without would "
    "year years you your"
)
VIETNAMESE_WORDS = word_set(
    "anh ay bao bi cac cai can cao chi chinh cho chung co con cua cung da dang den di dieu dong "
    "duoc gan gi giua hai hay hien hom khi khoi khong la lai lam len manh moi mot nam nao nay nen "
    "neu nganh ngay ngoai nhat nhieu nhom nhung phien qua quy ra rat roi rong sao sap sau se so "
    "tang tai thang theo thi tien toi tot trong truoc tuan tung tu va vay ve vi voi vua xac yeu "
    "phan nhu giu dum giup nhe mua ngon khoe xau gom xa thoi "
    "kqkd bctc nhnn lnst cntt vlxd ctck bds"
)
FILLING_WORDS = word_set(
    "am any anything best better can could good great hello here hi just kind let money more need "
    "ok okay pick put really so some something sort still stuff thing things think too try up very "
    "we yes no or but if bay gio toi minh em ban tien a u di nhe ha nhi muon giup xin hoi dau ca "
    "viec luc ta dung tot nua chut thoi day them those there then also"
)
"""Words that say nothing of their own; beside them a vague question stays one of ours."""

PLAIN_WORDS = ENGLISH_WORDS | VIETNAMESE_WORDS | FILLING_WORDS | CHATTER

MARKET_LINKS = word_set(
    "the of in for s sector sectors stock stocks equity equities market markets cua o tai nganh "
    "nhom co phieu thi truong"
)
"""Words that may stand between a market and the sector it qualifies."""

VIETNAMESE_ONLY = frozenset({("my",)})
"""Folded phrases that are also English words: read only in a Vietnamese sentence."""
