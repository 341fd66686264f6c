from django.db import migrations, models

# What FM was asked about before counts as shown: nothing of it is sent again without a person.
SHOWN = """
update orders_salesorder set shown_at = seen_at where seen_at is not null and sent_at is not null
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='salesorder',
            name='sent_again_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='salesorder',
            name='shown_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
    ]
