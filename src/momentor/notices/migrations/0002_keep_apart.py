from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
    ]

    operations = [
        TenantTable("notice"),
        TenantTable("delivery"),
        TenantTable("preference"),
    ]
