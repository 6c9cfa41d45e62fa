# SPDX-License-Identifier: EUPL-1.2
"""The counts of sign-in attempts, in the database so that all processes share them."""

from django.db import migrations

ADD = """
CREATE TABLE organizations_attempts (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX organizations_attempts_expires ON organizations_attempts (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_natures")]
    operations = [migrations.RunSQL(ADD, "DROP TABLE organizations_attempts")]
