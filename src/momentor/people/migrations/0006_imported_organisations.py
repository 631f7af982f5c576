from django.db import migrations, models

# What imports made before they signed it: this is how they described it.
SIGN = "update people_organisation set is_imported = true where description = 'Imported from ' || name || '.'"


class Migration(migrations.Migration):
    dependencies = [("people", "0005_suspended_members")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="is_imported",
            field=models.BooleanField(default=False, help_text="An import made it, and may go on in it."),
        ),
        migrations.RunSQL(SIGN, migrations.RunSQL.noop),
    ]
