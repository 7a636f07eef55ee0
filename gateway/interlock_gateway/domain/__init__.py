"""What the network decides, as plain functions over plain values.

Nothing in here knows a clock, a socket, a database or a protobuf message: instants (aware, UTC), random bytes and what
is stored come in as arguments, and what follows goes out as return values. The standard library and nothing else.

=================  ==================================================================================================
``names``          Resource names, one spelling each; ``names.owner`` decides ownership on the text alone.
``errors``         Every refusal by its public reason; ``errors.refusals()`` is the contract's ``ErrorReason``.
``words``          ``Word``: an enum whose values are the contract's value names.
``facts``          What a bank reports, as far as a reservation's record must know; ``Act``, ``Evidence``.
``evidence``       The grace in which a door opens again.
``terms``          ``Window``, ``CollectFor``.
``calendar``       A bank's opening hours, closed days and working days, in its own zone.
``windows``        The times of a reservation: defaults, limits, ends reckoned, capacity kept.
``parcel``         One physical unit and its restrictions.
``reservation``    The record of one promise, without the people; ``Right``.
``life``           ``promise``, ``decide`` (may refuse), ``record`` (never does); the two tables.
``rights``         Which rights can be given when, until when, how they end.
``claims``         What the planner must count of a reservation, and when it may stop.
``capacity``       The planner.
``discrepancy``    Contradictions for people to settle.
``viewers``        Who may see what, in which view; audience rows.
``events``         What the world is told of reservations.
``bank``           A bank as its operator describes it.
``bank_life``      ``move`` a bank along its life; ``changed``, ``noted`` count its revisions.
``bank_events``    What the world is told of banks, custody facts and discrepancies.
``eligibility``    ``eligible``: why a bank could not take this, room aside; for booking and searching alike.
``party``          Parties, roles, keys, registration codes, suspension.
``ids``            Identifiers from random bytes.
``pins``           PINs derived, never stored; ``first_free`` at a bank.
``parcel_ids``     Check digits of SSCC and S10.
``request_memory``  What a repeated request gets.
=================  ==================================================================================================
"""
