from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0003_store_client_secret'),
    ]

    operations = [
        migrations.AddField('store', 'legacy_url', models.CharField(blank=True, default='', max_length=300), preserve_default=False),
        migrations.AddConstraint(
            'store',
            models.UniqueConstraint(
                models.F('legacy_url'),
                condition=Q(removed_at__isnull=True) & ~Q(legacy_url=''),
                name='one_store_per_legacy_address',
            ),
        ),
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('place', models.CharField(max_length=400, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=0)),
                ('quota', models.IntegerField(default=0)),
                ('lasts', models.FloatField(default=30.0)),
                ('ends', models.FloatField(default=0.0)),
                ('held_until', models.FloatField(default=0.0)),
                ('serial', models.BigIntegerField(default=0)),
                ('used', models.IntegerField(default=0)),
                ('ours', models.IntegerField(default=0)),
                ('others', models.IntegerField(default=0)),
                ('given', models.IntegerField(default=0)),
                ('given_before', models.IntegerField(default=0)),
                ('rolling', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='QuotaMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=400)),
                ('minute', models.DateTimeField()),
                ('ours', models.IntegerField(default=0)),
                ('others', models.IntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            'quotaminute',
            models.UniqueConstraint(fields=('place', 'minute'), name='one_row_per_minute'),
        ),
    ]
