import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_sent_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_address_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=80)),
                ('value', models.TextField()),
                ('replaces', models.TextField(blank=True)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='repairs', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'order_address_id', 'field'), name='one_repair_per_field')],
            },
        ),
    ]
