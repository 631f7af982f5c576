from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("asking", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("search"),
        TenantTable("offer"),
        TenantTable("ledgerentry"),
    ]
