from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0001_initial"),
        ("asking", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("session"),
        TenantTable("attendance"),
        TenantTable("upload"),
        TenantTable("message"),
    ]
