import django.db.models.deletion
from django.db import migrations, models

import npf.hooks.models
import npf.stores.secret


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('stores', '0003_store_client_secret'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hook',
            fields=[
                ('store', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hook', serialize=False, to='stores.store')),
                ('secret', npf.stores.secret.SecretField(default=npf.hooks.models.new_secret)),
                ('bc_hook_id', models.BigIntegerField(null=True)),
                ('destination', models.CharField(blank=True, max_length=500)),
                ('is_active', models.BooleanField(default=False)),
                ('registered_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('problem', models.TextField(blank=True)),
                ('cure', models.TextField(blank=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('received', models.CharField(blank=True, max_length=120)),
                ('signature_refused_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['next_check_at'], name='hooks_to_check')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='a_hook_has_a_secret'),
                    models.CheckConstraint(condition=models.Q(models.Q(('bc_hook_id__isnull', True), ('registered_at__isnull', True)), models.Q(('bc_hook_id__isnull', False), ('registered_at__isnull', False)), _connector='OR'), name='a_registered_hook_has_its_id'),
                ],
            },
        ),
    ]
