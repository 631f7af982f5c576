from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0003_post")]
    operations = [
        migrations.AddField("session", "come_by", models.DateTimeField(blank=True, null=True)),
    ]
