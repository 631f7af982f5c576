"""Which keys open what is live: asked by the door, on the event loop."""

TOKENS = """
select t.token_hash, t.person_id from api_apitoken t
where t.token_hash = any(%(tokens)s) and t.revoked_at is null and (t.expires_at is null or t.expires_at > now());
"""
