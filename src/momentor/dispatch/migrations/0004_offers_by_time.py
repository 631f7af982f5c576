from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_offers_due")]
    operations = [
        migrations.AddIndex("offer", models.Index(fields=["organisation", "made_at"], name="offer_by_time")),
    ]
