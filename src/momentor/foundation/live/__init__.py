"""The live part of the site, which runs on the event loop beside the pages.

    door        who may come in: session cookie or token, origin, membership; asked again every minute
    socket      one WebSocket from its handshake to its end
    events      the same pushes as server-sent events
    hub         streams, and the connections that listen to them
    connection  one listener with a queue that has an end
    presence    who listens to a stream, over all processes
    batches     many small writes of one organisation, written together and in order
    bus         from process to process: PostgreSQL, or Redis with a relay
    database    the event loop's own connections
    farewell    what listeners are told when the process is asked to stop
    health      /healthz and /readyz

It knows streams and frames, and no word of mentoring: domains bring their frames along (see `Part`).
"""
