import django.db.models.deletion
from django.db import migrations, models

# The foreign key's checks wait for the end of the transaction; the table cannot be changed before they are done.
FILL_STORE = """
update stock_item set store_id = stock_run.store_id from stock_run where stock_run.id = stock_item.run_id;
set constraints all immediate
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0004_quota_and_legacy"),
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.AddField("level", "known_at", models.DateTimeField(null=True)),
        migrations.AddField("level", "published", models.IntegerField(null=True)),
        migrations.AddField(
            "run",
            "kind",
            models.CharField(
                choices=[("daily", "daily"), ("now", "now"), ("change", "change"), ("undo", "undo")],
                default="now",
                max_length=10,
            ),
        ),
        migrations.AddField("run", "counted_at", models.DateTimeField(null=True)),
        migrations.AddField("run", "differs", models.IntegerField(default=0)),
        migrations.AddField("run", "belt", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "run", "anyway_by", models.CharField(blank=True, default="", max_length=80), preserve_default=False
        ),
        migrations.AddField(
            "run",
            "undoes",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="undone_by", to="stock.run"
            ),
        ),
        migrations.AddConstraint(
            "run",
            models.CheckConstraint(
                condition=models.Q(kind__in=("daily", "now", "change", "undo")), name="stock_run_kind_is_known"
            ),
        ),
        migrations.AddField(
            "item", "part", models.CharField(blank=True, default="", max_length=30), preserve_default=False
        ),
        migrations.AddField("item", "per_unit", models.IntegerField(default=1)),
        migrations.AddField("item", "causes", models.JSONField(default=dict)),
        migrations.AddField("item", "delta", models.IntegerField(null=True)),
        migrations.AddField("item", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("item", "stands", models.IntegerField(null=True)),
        migrations.AddField(
            "item",
            "store",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stores.store",
            ),
        ),
        migrations.RunSQL(FILL_STORE, migrations.RunSQL.noop),
        migrations.AlterField(
            "item",
            "store",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="stores.store"
            ),
        ),
        migrations.AddIndex("item", models.Index(fields=["store", "sku", "-run"], name="stock_history")),
    ]
