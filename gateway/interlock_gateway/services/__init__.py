"""The contract as served: one servicer a service, and what all calls have in common around them.

A servicer knows messages and use cases, and nothing of gRPC: ``async def CreateReservation(self, request, call)``
returns the answer or raises a ``Refusal``. ``dispatch`` does the rest for every method alike, from what the contract
declares: who may call (``access``, ``auth``), what a request must look like (``validation``), what a refusal is on the
wire (``status``). A method that the contract has and a servicer has not is refused with ``NOT_SERVED_YET``.

``mapping`` turns messages into values of the domain and back; ``projection`` leaves of an answer what its reader may
see.
"""
