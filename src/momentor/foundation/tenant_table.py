"""Migration operations that make a table belong to organisations, in the database itself."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from momentor.foundation.models import TenantForeignKey

CURRENT = "(select nullif(current_setting('app.organisation', true), '')::uuid)"


class TenantTable(Operation):
    """Put the organisation into the table's key and references, and switch row-level security on.

    - the primary key becomes (organisation_id, id), so that tables can be distributed by organisation;
    - every TenantForeignKey becomes a composite reference, so that no row can point into another organisation;
    - a policy shows the rows of the organisation that `acting_in` names, and lets no other row in.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model_name], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the models do not know."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        schema_editor.execute(f"alter table {table} drop constraint {table}_pkey")
        schema_editor.execute(f"alter table {table} add constraint {table}_pkey primary key (organisation_id, id)")
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                _refer(schema_editor, model, field)
        schema_editor.execute(f"alter table {table} enable row level security")
        schema_editor.execute(f"alter table {table} force row level security")
        schema_editor.execute(
            f"create policy organisation on {table} using (organisation_id = {CURRENT})"
            f" with check (organisation_id = {CURRENT})"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"drop policy organisation on {table}")
        schema_editor.execute(f"alter table {table} disable row level security")

    def describe(self) -> str:
        return f"Keep the organisations of {self.model_name} apart"


class TenantReference(Operation):
    """Make a TenantForeignKey that was added later a composite reference."""

    reversible = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model_name, self.name], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the models do not know."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        _refer(schema_editor, model, model._meta.get_field(self.name))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Do nothing: the constraint goes with the column."""


def _refer(schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model], field: Any) -> None:
    table, target = model._meta.db_table, field.remote_field.model._meta.db_table
    schema_editor.execute(
        f"alter table {table} add constraint {table}_{field.column}_tenant_fk"
        f" foreign key (organisation_id, {field.column}) references {target} (organisation_id, id)"
        " deferrable initially deferred"
    )
