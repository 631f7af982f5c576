from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("webpush", "0001_initial"),
    ]

    operations = [
        TenantTable("pushsubscription"),
    ]
