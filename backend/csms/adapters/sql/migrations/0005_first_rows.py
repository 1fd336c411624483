"""The organization that a single operator never has to think about."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("csms", "0004_ledger_and_guards")]

    operations = [
        ops.RunSQL(
            "INSERT INTO organization (name) SELECT 'Default organization' "
            "WHERE NOT EXISTS (SELECT 1 FROM organization);",
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
