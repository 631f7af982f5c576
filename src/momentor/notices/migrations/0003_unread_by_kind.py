from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_keep_apart")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["organisation", "kind"], condition=models.Q(read_at=None), name="notice_unread"),
        )
    ]
