"""The `token` command: a token for a time, made from the operator's."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(token)


def token(
    lasting: Annotated[
        str,
        typer.Option("--for", metavar="TIME", help="how long it opens the doors: 30d, 12h, 45m"),
    ] = "1d",
) -> None:
    """Print a token for `serve` that ends by itself; a new SECTORWISE_TOKEN ends all of them."""
    from app.settings import load_settings
    from app.web.security.tokens import Tokens, parsed_time
    from core.errors import CallerError

    secret = load_settings().token
    if secret is None:
        raise CallerError("there is no token to make one from: set SECTORWISE_TOKEN")
    typer.echo(Tokens(secret.get_secret_value()).timed(parsed_time(lasting)))
