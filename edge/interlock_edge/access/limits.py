"""No one can open everything: how many doors may open, whoever asks (ACC-57).

In 2018 an app opened 2,732 compartments of one network at a stroke. Here the bank itself counts, over restarts too.
"""

from collections.abc import Sequence

from interlock_edge.custody.change import OpeningMade
from interlock_edge.custody.manifest import OpeningLimits

MINUTE_S, HOUR_S = 60, 3_600
DOORS_AN_HOUR = 4
"""By default every door may open this often an hour, taken together."""


def too_many(openings: Sequence[OpeningMade], limits: OpeningLimits, *, now: int, remote: bool, doors: int) -> bool:
    """Say whether one more opening would be too many.

    Args:
        openings: At least those of the last hour. One that seems to lie ahead counts: the clock was set back since.
        limits: The limits.
        now: Unix seconds.
        remote: The opening asked for is at a distance and without presence.
        doors: How many doors the bank has.
    """
    minute = [opening for opening in openings if opening.time > now - MINUTE_S]
    hour = [opening for opening in openings if opening.time > now - HOUR_S]
    if len(minute) >= limits.a_minute or len(hour) >= (limits.an_hour or DOORS_AN_HOUR * doors):
        return True
    return remote and (
        sum(opening.remote for opening in minute) >= limits.remote_a_minute
        or sum(opening.remote for opening in hour) >= limits.remote_an_hour
    )
