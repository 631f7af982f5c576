from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0001_initial"),
        ("people", "0002_keep_apart"),
        ("asking", "0002_keep_apart"),
        ("rooms", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("weeklyhours"),
        TenantTable("booking"),
    ]
