from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_keep_apart")]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="fitted_time",
            field=models.BooleanField(blank=True, null=True, verbose_name="Did it fit the time?"),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="moved",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Not at all: I am where I was"),
                    (2, "A little: I have something to think about"),
                    (3, "Further: I know what to try"),
                    (4, "A lot: I know what to do, and when"),
                    (5, "It changed what I am going to do"),
                ],
                help_text="Asked of mentees.",
                null=True,
                verbose_name="How far did this move you?",
            ),
        ),
    ]
