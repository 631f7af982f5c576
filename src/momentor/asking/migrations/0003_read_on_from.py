from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("asking", "0002_keep_apart")]
    operations = [
        migrations.RemoveIndex(model_name="answer", name="answer_in_order"),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["organisation", "stored_at"], name="answer_by_storing"),
        ),
    ]
