from django.db import migrations

import npf.stores.secret


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0002_cursor_sweep'),
    ]

    operations = [
        migrations.AddField('store', 'client_secret', npf.stores.secret.SecretField(blank=True, default='')),
    ]
