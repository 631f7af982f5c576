import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import momentor.foundation.ids
import momentor.foundation.models
import momentor.foundation.tenancy
from momentor.foundation.tenant_table import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_email_in_one_word"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grouping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=momentor.foundation.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="what you ask")),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=8),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        default=momentor.foundation.tenancy.current_organisation_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupChoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=momentor.foundation.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("group", models.CharField(max_length=60)),
                ("chosen_at", models.DateTimeField()),
                (
                    "membership",
                    momentor.foundation.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        default=momentor.foundation.tenancy.current_organisation_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "grouping",
                    momentor.foundation.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.grouping",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="grouping",
            constraint=models.UniqueConstraint(fields=("organisation", "name"), name="one_grouping_a_name"),
        ),
        migrations.AddConstraint(
            model_name="groupchoice",
            constraint=models.UniqueConstraint(
                fields=("organisation", "membership", "grouping"), name="one_group_a_grouping"
            ),
        ),
        TenantTable("grouping"),
        TenantTable("groupchoice"),
    ]
