from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("asking", "0001_initial"),
        ("people", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("question"),
        TenantTable("answer"),
        TenantTable("gap"),
    ]
