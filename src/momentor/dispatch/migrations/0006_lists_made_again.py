from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0005_vectors_and_what_was_learned")]
    operations = [
        migrations.AddField("ledgerentry", "record", models.JSONField(null=True)),
        migrations.AddField("ledgerentry", "people", ArrayField(models.UUIDField(), default=list)),
        migrations.AddIndex("ledgerentry", models.Index(fields=["organisation", "-made_at"], name="ledger_by_time")),
    ]
