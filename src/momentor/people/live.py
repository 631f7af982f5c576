"""Who may come in to what is live: asked by the door, on the event loop."""

ORGANISATION = "select id from people_organisation where slug = %(slug)s"
MEMBERS = """
select p.id, p.password from people_person p
join people_membership m on m.person_id = p.id and m.organisation_id = %(organisation)s::uuid
where p.id = any(%(people)s) and p.is_active and m.state = 'active';
"""
