import django.db.models.deletion
from django.db import migrations, models

# What orders wanted when FM was asked for them, as far as their rows still say it.
ASKED = """
update orders_line as line
set wanted = greatest(0, line.quantity - line.quantity_refunded),
    asked = coalesce(
        (select max(one.quantity / one.per_unit) from orders_salesline one where one.line_id = line.id),
        case when line.rides_with is null then 0 else greatest(0, line.quantity - line.quantity_refunded) end
    )
from orders_salesorder sale
where sale.order_id = line.order_id and sale.order_address_id = line.order_address_id and sale.asked_at is not null
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.AddField('order', 'resent', models.IntegerField(default=0, db_default=0)),
        migrations.AddField('line', 'wanted', models.IntegerField(null=True)),
        migrations.AddField('line', 'asked', models.IntegerField(default=0, db_default=0)),
        migrations.AddField('line', 'left_before', models.IntegerField(default=0, db_default=0)),
        migrations.AddField('salesorder', 'voided_at', models.DateTimeField(null=True)),
        migrations.AlterField(
            'salesorder',
            'order',
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales_orders', to='orders.order'),
        ),
        migrations.RemoveConstraint('salesorder', 'one_sales_order_per_address'),
        migrations.AddConstraint(
            'salesorder',
            models.UniqueConstraint(
                condition=models.Q(('voided_at__isnull', True)),
                fields=('order', 'order_address_id'),
                name='one_live_sales_order_per_address',
            ),
        ),
        migrations.AddIndex(
            'order',
            models.Index(condition=models.Q(('resent__gt', 0)), fields=['store', 'stage'], name='orders_sent_again'),
        ),
        migrations.AddIndex(
            'salesorder',
            models.Index(
                condition=models.Q(('finished_at__isnull', True), ('voided_at__isnull', False)),
                fields=['order', 'follow_at'],
                name='sales_orders_to_watch',
            ),
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='orders.order')),
                ('changes', models.JSONField(default=list)),
                ('accepted', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('status_accepted', models.IntegerField(null=True)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(ASKED, migrations.RunSQL.noop),
    ]
