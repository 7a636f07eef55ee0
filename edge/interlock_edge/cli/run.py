"""``interlock edge run``."""

from interlock.cli.session import Session
from interlock_edge.cli.noun import Directory, Kiosk, Locale, app, journal_in_words


@app.verb("run", example="--directory /var/lib/interlock", calls=False)
def run(session: Session, directory: Directory, kiosk: Kiosk = "127.0.0.1:7480", locale: Locale = "en") -> None:
    """Run the agent of an enrolled bank at its lock boards.

    The driver of the boards is a package of its own, found by its entry point in interlock_edge.drivers.
    """
    from interlock_edge import main  # noqa: PLC0415  the list of commands needs no grpc

    with journal_in_words():
        main.run(main.Wanted(directory, kiosk, locale), session.note)
