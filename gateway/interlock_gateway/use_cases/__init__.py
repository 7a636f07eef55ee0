"""What the gateway does, one module a verb; each decides over values and leaves what follows on a desk.

How to change anything
======================

Everything that changes shared state is a *proposal* (``proposal.Proposal``) handed to the one ``committer.Committer``::

    answer = await committer.submit(proposal)                  # decided, durable, then answered; or a Refusal is raised
    answers = await committer.submit_all(proposals, groups=…)  # each its own answer or Refusal, in order
    answer = await committer.consider(proposal)                # decided and dropped: would it fit?

A proposal has a ``request`` (``ports.Request(party, method, request_id, digest)`` or ``None``), ``needs(wanted)`` (a
hint for loading), ``decide(desk)`` and ``replay(desk, answer)``. On its desk (``desk.Desk``)::

    desk.now, desk.entropy                      # the instant and the randomness of this decision
    desk.get(PARTIES, "acme")                   # a value or None; aggregates.py names all kinds of value
    desk.get_all(RESERVATIONS, ids)
    desk.put(PARTIES, party)                    # keep it; desk.end(AGGREGATE, key) keeps it no longer
    desk.book("parties/oko/banks/hbf-1")        # the bank's book: plan, PINs, numbers; changed in place
    desk.tell(event)                            # committed with the change
    desk.remember({"name": …})                  # what replay needs to give the same answer again

Nothing is awaited inside ``decide``: what is not at hand is loaded and the proposal decided again. Read a value before
you put it, unless it is new under a key that nobody else can have chosen. A ``Refusal`` drops all that was left on the
desk. A reservation, whatever changed it, is kept by ``keeping.keep(desk, outcome)``.

How to read for an answer: ``store.sqlite.reading``, in a reader thread, with the viewer in the WHERE.

How to add a kind of value: a line in ``aggregates.py``, a ``Table`` in ``store/rows/``, a migration.
"""
