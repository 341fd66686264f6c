from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0007_former_tables"),
    ]

    operations = [
        migrations.AddField("store", "buffers", models.JSONField(default=dict)),
    ]
