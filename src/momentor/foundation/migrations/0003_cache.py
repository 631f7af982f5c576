from django.db import migrations

# What DatabaseCache expects; unlogged, since a cache need not survive a crash.
CACHE = """
create unlogged table web_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamptz not null
);
create index web_cache_expires on web_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_keep_apart")]
    operations = [migrations.RunSQL(CACHE, "drop table web_cache")]
