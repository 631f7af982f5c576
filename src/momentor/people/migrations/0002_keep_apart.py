from django.db import migrations

from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        TenantTable("membership"),
        TenantTable("pause"),
        TenantTable("skill"),
        TenantTable("sampleanswer"),
        TenantTable("block"),
        TenantTable("programme"),
        TenantTable("enrolment"),
        TenantTable("invitation"),
    ]
