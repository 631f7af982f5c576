from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_keep_apart")]
    operations = [
        migrations.AddIndex(
            "offer",
            models.Index(
                fields=["organisation", "lapses_at"], condition=models.Q(state="waiting"), name="offer_due_to_lapse"
            ),
        ),
    ]
