"""Requests in the shapes chat clients send them, in our own words where the words do not matter."""

from typing import Final

from app.web.openai.wire import ChatRequest

QUESTION: Final = "Which Vietnamese sectors are rotating into leadership?"
CHAT: Final = f'USER: {QUESTION}\nASSISTANT: **Answer**\n\n- Banks lead. {{ "tags": ["x"] }}'


def outlined(wanted: str, chat: str = CHAT, *, after: str = "") -> str:
    """Return a chore as Open WebUI outlines it: task, guidelines, output form, quoted chat."""
    return (
        f"### Task:\nDo what is wanted.\n### Guidelines:\n- Be brief.\n### Output:\n{wanted}\n"
        f"### Chat History:\n<chat_history>\n{chat}\n</chat_history>{after}"
    )


OPEN_WEBUI: Final[dict[str, str]] = {
    "title": outlined('JSON format: { "title": "short" }'),
    "tags": outlined('JSON format: { "tags": ["one", "two"] }'),
    "follow_ups": outlined('JSON format: { "follow_ups": ["One?", "Two?"] }'),
    "queries": outlined('{\n  "queries": ["one"]\n}'),
    "image_prompt": outlined('{\n    "prompt": "Something."\n}'),
    "completion": outlined(
        '{ "text": "more" }', after="\n<type>General</type>\n<text>Which sect</text>\n"
    ),
    "emoji": "Find a fitting emoji for what is said.\n\nMessage: ```Well done```",
    "merge": (
        'Here is a set of responses from various models to the latest user query: "sectors"\n\n'
        'Merge them.\n\nResponses from models: """one"""\n\n"""two"""'
    ),
    "other": '### Task:\nSuggest something else.\n### Output:\n{ "ideas": ["one"] }',
}
"""What Open WebUI sends as the one message of a request, by chore."""

LIBRECHAT_TITLE: Final = (
    "Provide a title of at most five words for the conversation. Only return the title.\n\n"
    f"Conversation:\nUser: {QUESTION}\nAI: Banks lead."
)
LIBRECHAT_ANALYSIS: Final = (
    "Analyze this conversation and provide its language and a title.\n\n"
    f"User: {QUESTION}\nAI: Banks lead."
)
TITLE_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "properties": {"language": {"type": "string"}, "title": {"type": "string"}},
    "required": ["language", "title"],
}


def sent(text: str, **more: object) -> ChatRequest:
    """Return a request of one message."""
    messages = [{"role": "user", "content": text}]
    return ChatRequest.model_validate({"model": "sectorwise", "messages": messages, **more})
