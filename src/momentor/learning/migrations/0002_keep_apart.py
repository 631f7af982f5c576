from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
        ("rooms", "0002_keep_apart"),
    ]

    operations = [
        TenantTable("takeaway"),
        TenantTable("nudge"),
        TenantTable("outcome"),
        TenantTable("feedback"),
        TenantTable("thanks"),
    ]
