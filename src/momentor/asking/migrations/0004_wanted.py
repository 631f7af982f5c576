import django.db.models.deletion
from django.db import migrations

import momentor.foundation.models
from momentor.foundation.tenant_table import TenantReference


class Migration(migrations.Migration):
    dependencies = [
        ("asking", "0003_read_on_from"),
        ("people", "0006_imported_organisations"),
    ]
    operations = [
        migrations.AddField(
            model_name="question",
            name="wanted",
            field=momentor.foundation.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="people.membership",
            ),
        ),
        TenantReference("question", "wanted"),
    ]
