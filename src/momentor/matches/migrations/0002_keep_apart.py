from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("matches", "0001_initial"),
        ("people", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("wish"),
        TenantTable("preview"),
        TenantTable("proposal"),
        TenantTable("match"),
    ]
