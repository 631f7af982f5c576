from django.db import migrations

# A person is seen by themselves, by the sign-in pages, and in the organisations they belong to.
# A membership is seen in its organisation and by its person, wherever they are.
SEE = """
alter table people_person enable row level security;
alter table people_person force row level security;
create policy seen on people_person using (
    id = (select nullif(current_setting('app.person', true), '')::uuid)
    or (select current_setting('app.signing_in', true)) = 'on'
    or exists (
        select 1 from people_membership m
        where m.organisation_id = (select nullif(current_setting('app.organisation', true), '')::uuid)
          and m.person_id = people_person.id
    )
) with check (true);
create policy own on people_membership for select
    using (person_id = (select nullif(current_setting('app.person', true), '')::uuid));
"""
HIDE = """
drop policy own on people_membership;
drop policy seen on people_person;
alter table people_person disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_keep_apart")]
    operations = [migrations.RunSQL(SEE, HIDE)]
