"""Links to banks: one stream a bank, dialled by the bank (docs/protocol/08-link.md).

=================  ==================================================================================================
``servicer``       ``EdgeLink``, the contract's ``EdgeLinkService``: enrolment and the stream.
``conversation``   One stream: challenges, Hellos, and the sessions of the banks that speak on it.
``session``        One bank on one stream, from its Hello on.
``flow``           Which manifest change goes down next; pure.
``facts``          From a sealed fact to plain values.
``manifests``      What a bank must know, read from the store and written as the contract has it.
``deadlines``      Deadlines by the bank's own clock; pure.
``dispatch``       ``Links``: which banks are connected, what they have acknowledged, commands to them.
``enrolling``      ``Enroll``: the contract's messages around ``use_cases.enrolment``.
=================  ==================================================================================================
"""
